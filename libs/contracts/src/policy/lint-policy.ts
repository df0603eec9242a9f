/** What to change in a policy file before it decides about people: what refuses it, and what it would do that nobody meant. */
import { toTenths, tierRank, type FamilyName, type Json, type Policy } from '#domain';
import { parsePositioned, pointerTo } from './positioned-json.ts';
import { policyWords } from './policy-words.ts';
import { dotted, readPolicy } from './read-policy.ts';

export interface PolicyFinding {
  /** `error`: the file is refused. `warning`: it is taken and may not do what its author meant. */
  readonly level: 'error' | 'warning';
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  /** Dotted; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
  /** What the place is about; empty where nothing says so. */
  readonly about: string;
}

/** Every finding in the order of the file; none where there is nothing to say. */
export function lintPolicy(text: string): PolicyFinding[] {
  const read = readPolicy(text);
  if (!read.ok) {
    return read.problems.map((problem) => {
      const about = policyWords(pointerOf(problem.path));
      return { level: 'error', ...problem, about };
    });
  }
  const parsed = parsePositioned(text);
  if (!parsed.ok) return [];
  const findings = warningsOf(read.policy, parsed.value).map(({ pointer, message }) => ({
    level: 'warning' as const,
    ...parsed.positionOf(pointer),
    path: dotted(pointer),
    message,
    about: policyWords(pointer),
  }));
  return findings.sort((a, b) => a.line - b.line || a.column - b.column);
}

/** `signals.CR1.steps[0]` → `/signals/CR1/steps/0`. */
function pointerOf(path: string): string {
  if (path === '') return '';
  return `/${path
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.')
    .join('/')}`;
}

interface Warning {
  readonly pointer: string;
  readonly message: string;
}

function warningsOf(policy: Policy, file: Json): Warning[] {
  return [
    ...modeWarnings(policy),
    ...weightWarnings(policy),
    ...stepWarnings(policy.signals),
    ...ruleWarnings(policy),
    ...wordWarnings(policy),
    ...amountWarnings(policy.codes),
    ...exemptionWarnings(policy),
    ...durationWarnings(file, ''),
  ];
}

function modeWarnings({ mode }: Policy): Warning[] {
  return mode === 'live' ? [] : [{ pointer: '/mode', message: 'is shadow: nothing is held' }];
}

const FAMILIES: readonly FamilyName[] = ['CR', 'CD', 'PY', 'CO', 'DR'];

/** A weight above its family's cap never counts in full; one of 0 switches its signal off. */
function weightWarnings({ signals, caps }: Policy): Warning[] {
  return Object.entries(signals).flatMap(([code, settings]: [string, unknown]) => {
    const family = FAMILIES.find((one) => code.startsWith(one) && code !== 'CDr');
    const weights = weightsUnder(settings, `/signals/${code}`);
    const over = family === undefined ? [] : weights.filter(({ value }) => value > caps[family]);
    const warnings = over.map(({ pointer, value }) => ({
      pointer,
      message: `is above the cap of its family (${value} dB over ${caps[family as FamilyName]}): it never counts in full`,
    }));
    const off = weights.length > 0 && weights.every(({ value }) => toTenths(value) === 0);
    if (off) warnings.push({ pointer: `/signals/${code}`, message: 'weighs nothing: it is off' });
    return warnings;
  });
}

interface Placed {
  readonly pointer: string;
  readonly value: number;
}

function weightsUnder(value: unknown, pointer: string): Placed[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    const at = pointerTo(pointer, name);
    if (typeof inner !== 'number') return weightsUnder(inner, at);
    return /decibans$/i.test(name) ? [{ pointer: at, value: inner }] : [];
  });
}

/** Older loans weigh less, longer codes and greater sums more; the other way round is a slip. */
function stepWarnings({ CR1, CD1, CD2, CD4, DR1, DR5 }: Policy['signals']): Warning[] {
  return [
    ...falling(
      CR1.steps.map(({ decibans }, i) => ({
        pointer: `/signals/CR1/steps/${i}/decibans`,
        value: -decibans,
      })),
      'weighs more than that of a younger loan',
    ),
    ...[['CD1', CD1] as const, ['CD2', CD2] as const].flatMap(([code, { byDigits }]) =>
      falling(
        byDigits.map(({ decibans }, i) => ({
          pointer: `/signals/${code}/byDigits/${i}/decibans`,
          value: decibans,
        })),
        'weighs less than that of a shorter code',
      ),
    ),
    ...lower('/signals/CD4/secondDecibans', CD4.secondDecibans, CD4.decibans, 'decibans'),
    ...lower('/signals/DR1/highDecibans', DR1.highDecibans, DR1.decibans, 'decibans'),
    ...lower('/signals/DR5/highDecibans', DR5.highDecibans, DR5.decibans, 'decibans'),
  ];
}

function falling(steps: readonly Placed[], message: string): Warning[] {
  return steps.flatMap(({ pointer, value }, i) => {
    const before = steps[i - 1];
    return before !== undefined && value < before.value ? [{ pointer, message }] : [];
  });
}

function lower(pointer: string, value: number, least: number, than: string): Warning[] {
  return value >= least ? [] : [{ pointer, message: `is less than ${than} (${least})` }];
}

function ruleWarnings({ rules, tiers, fallbacks }: Policy): Warning[] {
  const { drawPressure, smallAmounts } = rules;
  const warnings: Warning[] = [];
  if (drawPressure.tier !== 'T0' && drawPressure.tier !== 'T1') {
    const begins = tiers[drawPressure.tier];
    if (drawPressure.minDecibans >= begins) {
      warnings.push({
        pointer: '/rules/drawPressure/minDecibans',
        message: `is where ${drawPressure.tier} begins anyway (${begins} dB): the rule does nothing`,
      });
    }
  }
  if (smallAmounts.below > 0 && tierRank(smallAmounts.maxTier) >= tierRank('T4')) {
    warnings.push({
      pointer: '/rules/smallAmounts/maxTier',
      message: 'is T4: small amounts are not spared anything',
    });
  }
  if (fallbacks.signalFailed === 'T0') {
    warnings.push({
      pointer: '/fallbacks/signalFailed',
      message: 'is T0: a broken signal reads as no risk',
    });
  }
  return warnings;
}

/** Words are compared without case and width, so two that differ in these alone are one. */
function wordWarnings({ pretexts }: Policy): Warning[] {
  return (['words', 'brands'] as const).flatMap((list) => {
    const seen = new Map<string, number>();
    return pretexts[list].flatMap((word, i): Warning[] => {
      const pointer = `/pretexts/${list}/${i}`;
      const plain = word.normalize('NFKC').toLowerCase().trim();
      const first = seen.get(plain);
      seen.set(plain, first ?? i);
      if (first !== undefined) {
        return [{ pointer, message: `is there twice: “${word}” is “${pretexts[list][first]}”` }];
      }
      if (word !== word.trim()) return [{ pointer, message: 'begins or ends with a space' }];
      if (Array.from(plain).length < 2) {
        return [{ pointer, message: `“${word}” is one character: it is found in honest remarks` }];
      }
      return [];
    });
  });
}

function amountWarnings({ luckyAmounts, minAmount }: Policy['codes']): Warning[] {
  return luckyAmounts.flatMap((amount, i) =>
    amount >= minAmount
      ? []
      : [
          {
            pointer: `/codes/luckyAmounts/${i}`,
            message: `is below codes.minAmount (${minAmount}): it is never looked at`,
          },
        ],
  );
}

function exemptionWarnings({ exemptions, listedPayees }: Policy): Warning[] {
  const listed = new Set(listedPayees);
  return exemptions.payees.flatMap((payee, i) =>
    listed.has(payee)
      ? [{ pointer: `/exemptions/payees/${i}`, message: 'is listed too: it is held all the same' }]
      : [],
  );
}

/** Wherever durations of tiers stand: a stricter tier that waits less is a slip. */
function durationWarnings(value: Json, pointer: string): Warning[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([name, inner]: [string, Json]) => {
    const at = pointerTo(pointer, name);
    if (name !== 'durations') return durationWarnings(inner, at);
    const minutes = (tier: string): number | undefined => minutesOf(inner, tier);
    return (['T3', 'T4'] as const).flatMap((tier, i): Warning[] => {
      const milder = i === 0 ? 'T2' : 'T3';
      const [own, before] = [minutes(tier), minutes(milder)];
      if (own === undefined || before === undefined || own >= before) return [];
      const message = `is shorter than ${milder}'s (${before} min)`;
      return [{ pointer: `${at}/${tier}/minutes`, message }];
    });
  });
}

function minutesOf(durations: unknown, tier: string): number | undefined {
  if (typeof durations !== 'object' || durations === null) return undefined;
  const duration: unknown = Reflect.get(durations, tier);
  if (typeof duration !== 'object' || duration === null) return undefined;
  const minutes: unknown = Reflect.get(duration, 'minutes');
  return typeof minutes === 'number' ? minutes : undefined;
}
