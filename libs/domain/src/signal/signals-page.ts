/** `docs/signals.md` from the signals themselves, so that the page cannot say what the code does not do. */
import type { FamilyName, Policy } from '../policy/policy.ts';
import type { Signal, SignalGroup } from './signal.ts';
import { SIGNALS } from './signals.ts';

const GROUPS: Readonly<Record<SignalGroup, string>> = {
  CR: 'CR — borrowed money',
  CD: 'CD — codes as amounts',
  PY: 'PY — the payee',
  CO: 'CO — coercion',
  DR: 'DR — drain',
  uncapped: 'Uncapped',
  mitigation: 'Mitigations',
};

/** Markdown: every signal with what it sees, its default weight, the feeds it needs and what speaks against it. */
export function signalsPage(policy: Policy): string {
  const lines = [
    '# Signals',
    '',
    `Generated from the code and policy ${policy.id} ${policy.version}; do not edit (\`npm run docs\`). Weights are decibans over a prior of −40 dB`,
    'and are added up family by family, each family up to its cap; 13 dB warn, 20 hold for 15 minutes, 30 for 2 hours, 40 for 24',
    'hours. Rationale and source of each stand in its file under `libs/domain/src/signal/`. A feed that is missing is silent, never a',
    'guess.',
  ];
  for (const [group, title] of Object.entries(GROUPS)) {
    const signals = SIGNALS.filter((signal) => signal.group === group);
    lines.push('', `## ${title}${capOf(group as SignalGroup, policy)}`, '');
    lines.push(
      '| Code | Sees | 看到什么 | dB | Feeds | Speaks against it |',
      '|---|---|---|---|---|---|',
    );
    for (const signal of signals) lines.push(row(signal, policy));
  }
  return `${lines.join('\n')}\n`;
}

function capOf(group: SignalGroup, policy: Policy): string {
  return group in policy.caps ? ` (cap ${policy.caps[group as FamilyName]} dB)` : '';
}

function row(signal: Signal, policy: Policy): string {
  const { code, sees, feeds, against } = signal;
  const cells = [code, sees.en, sees['zh-CN'], weightsOf(code, policy), feeds.join(', '), against];
  return `| ${cells.join(' | ')} |`;
}

/** Every weight the policy has for a code, smallest magnitude first. */
function weightsOf(code: string, policy: Policy): string {
  const settings: unknown = Reflect.get(policy.signals, code);
  const weights = [...new Set(numbersUnder(settings))].sort((a, b) => Math.abs(a) - Math.abs(b));
  return weights.map((weight) => String(weight).replace('-', '−')).join(' / ');
}

function numbersUnder(value: unknown): number[] {
  if (Array.isArray(value)) return value.flatMap(numbersUnder);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    if (typeof inner === 'number') return /decibans$/i.test(name) ? [inner] : [];
    return numbersUnder(inner);
  });
}
