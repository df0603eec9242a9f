/** What a trial's transfers say: recall by transfer, episode and money, what honest people wait, by script and by evasion. */
import type { Evasion } from '../simulate/scams/evasions.ts';
import { EVASIONS } from '../simulate/scams/evasions.ts';
import { clopperPearson, type Share } from './statistics.ts';
import type { TrialResult, TriedDraw, TriedTransfer } from './trial.ts';
import { HELD_TIERS, isHeldFrom, waitMs, type HeldFrom } from './verdicts.ts';

export interface Money {
  /** Fen of scam transfers that would have reached the payee. */
  readonly total: number;
  readonly held: number;
  /** Of what is held, in holds that ask again before anything moves. */
  readonly heldUntilAsked: number;
}

export type PerTier = Readonly<Record<HeldFrom, Share>>;

export interface ScamMeasures {
  readonly transfers: PerTier;
  /** Episodes of which at least one transfer is held. */
  readonly episodes: PerTier;
  /** Episodes in which nothing above 100 yuan went through before the first hold. */
  readonly caughtFirst: Share;
  readonly money: Money;
}

/** Below this a payment is a test. */
const TEST_FEN = 10_000;

export const isScam = ({ label }: TriedTransfer): boolean => label.label === 'scam';
/** Stolen money that moves on is neither a scam's transfer nor an honest one. */
export const isHonest = ({ label }: TriedTransfer): boolean =>
  label.label === 'legit' && !label.script.startsWith('mule:');

export function scamMeasures(transfers: readonly TriedTransfer[]): ScamMeasures {
  const scams = transfers.filter(isScam);
  const episodes = [...groupBy(scams, ({ label }) => label.episode ?? label.transferId).values()];
  const moving = scams.filter(({ settles }) => settles);
  const held = moving.filter(({ verdict }) => isHeldFrom(verdict, 'T2'));
  const asked = held.filter(({ verdict }) => verdict?.hold?.expiryAction !== 'release');
  return {
    transfers: perTier((tier) => share(scams, ({ verdict }) => isHeldFrom(verdict, tier))),
    episodes: perTier((tier) =>
      share(episodes, (all) => all.some(({ verdict }) => isHeldFrom(verdict, tier))),
    ),
    caughtFirst: share(episodes, isCaughtFirst),
    money: { total: sum(moving), held: sum(held), heldUntilAsked: sum(asked) },
  };
}

/** Transfers of an episode are in the order in which they were requested. */
function isCaughtFirst(episode: readonly TriedTransfer[]): boolean {
  for (const { verdict, settles, fen } of episode) {
    if (isHeldFrom(verdict, 'T2')) return true;
    if (settles && fen > TEST_FEN) return false;
  }
  return false;
}

export interface HonestMeasures {
  readonly transfers: PerTier;
  /** Minutes until a hold is due, of those that are held: median, mean and the slowest tenth. */
  readonly minutes: { readonly median: number; readonly mean: number; readonly p90: number };
  /** Minutes waited per 1,000 transfers. */
  readonly minutesPer1000: number;
  /** Payers with at least one hold. */
  readonly payers: Share;
}

export function honestMeasures(transfers: readonly TriedTransfer[]): HonestMeasures {
  const honest = transfers.filter(isHonest);
  const waits = honest
    .flatMap(({ verdict }) => (isHeldFrom(verdict, 'T2') ? [waitMs(verdict) / 60_000] : []))
    .sort((a, b) => a - b);
  const total = waits.reduce((all, one) => all + one, 0);
  const at = (part: number): number => waits[Math.floor(waits.length * part)] ?? 0;
  const payers = [...groupBy(honest, ({ label }) => label.payerId).values()];
  return {
    transfers: perTier((tier) => share(honest, ({ verdict }) => isHeldFrom(verdict, tier))),
    minutes: { median: at(0.5), mean: waits.length === 0 ? 0 : total / waits.length, p90: at(0.9) },
    minutesPer1000: honest.length === 0 ? 0 : (1_000 * total) / honest.length,
    payers: share(payers, (all) => all.some(({ verdict }) => isHeldFrom(verdict, 'T2'))),
  };
}

/** Draws that are asked for: held among the scams' and among the honest. */
export function drawMeasures(draws: readonly TriedDraw[]): { scam: Share; honest: Share } {
  const of = (label: string): readonly TriedDraw[] =>
    draws.filter((draw) => draw.label.label === label);
  const held = ({ verdict }: TriedDraw): boolean => isHeldFrom(verdict, 'T2');
  return { scam: share(of('scam'), held), honest: share(of('legit'), held) };
}

/** Every script's transfers, by the script's name. */
export function byScript(
  transfers: readonly TriedTransfer[],
): ReadonlyMap<string, readonly TriedTransfer[]> {
  return groupBy(transfers, ({ label }) => label.script);
}

/** Scam transfers with an evasion, and those with none at all under `none`. */
export function byEvasion(
  transfers: readonly TriedTransfer[],
): readonly (readonly [Evasion | 'none', readonly TriedTransfer[]])[] {
  const scams = transfers.filter(isScam);
  const none = scams.filter(({ label }) => (label.evasions ?? []).length === 0);
  return [
    ['none', none],
    ...EVASIONS.map(
      (evasion) =>
        [evasion, scams.filter(({ label }) => label.evasions?.includes(evasion))] as const,
    ),
  ];
}

/** How many honest holds each reason stands among, strongest reasons of a hold only. */
export function holdReasons(
  transfers: readonly TriedTransfer[],
): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { verdict } of transfers) {
    if (!isHeldFrom(verdict, 'T2')) continue;
    const strongest = verdict?.reasons.slice(0, 3).filter(({ tenths }) => tenths > 0) ?? [];
    for (const { code } of strongest) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a);
}

/** Trials one after the other as if they were one. */
export function together(trials: readonly TrialResult[]): TrialResult {
  return {
    events: trials.reduce((all, { events }) => all + events, 0),
    transfers: trials.flatMap(({ transfers }) => transfers),
    draws: trials.flatMap(({ draws }) => draws),
    madeBy: trials[0]?.madeBy,
  };
}

function perTier(of: (tier: HeldFrom) => Share): PerTier {
  const [T2, T3, T4] = HELD_TIERS.map(of) as [Share, Share, Share];
  return { T2, T3, T4 };
}

function share<T>(items: readonly T[], is: (item: T) => boolean): Share {
  return clopperPearson(items.filter(is).length, items.length);
}

function sum(transfers: readonly TriedTransfer[]): number {
  return transfers.reduce((all, { fen }) => all + fen, 0);
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
