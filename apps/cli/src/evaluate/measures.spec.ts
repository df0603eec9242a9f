/** Counting by hand what the report counts by machine. */
import { describe, expect, it } from '@jest/globals';
import type { Tier } from '#domain';
import { EVASIONS, type Evasion } from '../simulate/scams/evasions.ts';
import { byEvasion, honestMeasures, isHonest, isScam, scamMeasures } from './measures.ts';
import type { TriedTransfer } from './trial.ts';

const AT = Date.UTC(2026, 2, 2);
const MINUTES: Readonly<Partial<Record<Tier, number>>> = { T2: 15, T3: 120, T4: 1440 };
let number = 0;

interface Given {
  readonly tier: Tier;
  readonly yuan?: number;
  readonly settles?: boolean;
  readonly expiryAction?: string;
  readonly payer?: string;
  readonly script?: string;
}

function tried(
  {
    tier,
    yuan = 1_000,
    settles = true,
    expiryAction = 'reconfirm',
    payer = 'p',
    script = 's',
  }: Given,
  label: { episode?: string; evasions?: readonly Evasion[] } & { label: 'scam' | 'legit' },
): TriedTransfer {
  number += 1;
  const transferId = `t${number}`;
  const minutes = MINUTES[tier];
  const held = minutes !== undefined;
  return {
    label: { transferId, script, payerId: payer, ...label },
    fen: yuan * 100,
    settles,
    verdict: {
      kind: 'transfer',
      id: transferId,
      firstTier: tier,
      tier,
      outcome: held ? 'hold' : tier === 'T1' ? 'warn' : 'allow',
      reasons: [],
      ...(held
        ? { hold: { holdId: transferId, heldAt: AT, dueAt: AT + minutes * 60_000, expiryAction } }
        : {}),
    },
  };
}

const scam = (episode: string, given: Given, evasions: readonly Evasion[] = []): TriedTransfer =>
  tried(given, { label: 'scam', episode, evasions });
const honest = (given: Given): TriedTransfer => tried(given, { label: 'legit' });

describe('scams', () => {
  it('are counted by transfer, by episode and by money', () => {
    const found = scamMeasures([
      scam('a', { tier: 'T1', yuan: 50 }),
      scam('a', { tier: 'T4', yuan: 5_000 }),
      scam('b', { tier: 'T0', yuan: 2_000 }),
      scam('b', { tier: 'T2', yuan: 3_000, expiryAction: 'release' }),
      scam('c', { tier: 'T1', yuan: 9_000 }),
      scam('d', { tier: 'T3', yuan: 7_000, settles: false }),
      honest({ tier: 'T4' }),
    ]);
    expect([found.transfers.T2.hits, found.transfers.T2.trials]).toEqual([3, 6]);
    expect([found.transfers.T3.hits, found.transfers.T4.hits]).toEqual([2, 1]);
    expect([found.episodes.T2.hits, found.episodes.T2.trials]).toEqual([3, 4]);
    // What fails by itself would not have reached anybody.
    expect(found.money).toEqual({ total: 19_050_00, held: 8_000_00, heldUntilAsked: 5_000_00 });
    // In b 2,000 yuan are gone before the first hold; a test of 50 does not count.
    expect([found.caughtFirst.hits, found.caughtFirst.trials]).toEqual([2, 4]);
  });

  it('with several evasions stand in each of their rows', () => {
    const rows = new Map(
      byEvasion([scam('a', { tier: 'T0' }), scam('b', { tier: 'T2' }, EVASIONS.slice(0, 2))]).map(
        ([name, transfers]) => [name, transfers.length],
      ),
    );
    expect(rows.get('none')).toBe(1);
    expect(EVASIONS.slice(0, 3).map((name) => rows.get(name))).toEqual([1, 1, 0]);
  });
});

describe('honest people', () => {
  it('wait as long as their holds say, and no longer', () => {
    const found = honestMeasures([
      honest({ tier: 'T2', payer: 'a' }),
      honest({ tier: 'T3', payer: 'a' }),
      ...Array.from({ length: 8 }, () => honest({ tier: 'T0', payer: 'b' })),
    ]);
    expect(found.transfers.T2.share).toBeCloseTo(0.2);
    expect(found.minutes).toEqual({ median: 120, mean: 67.5, p90: 120 });
    expect(found.minutesPer1000).toBeCloseTo(13_500);
    expect([found.payers.hits, found.payers.trials]).toEqual([1, 2]);
  });

  it('are not those who move stolen money on, and nobody is both', () => {
    const mule = honest({ tier: 'T0', script: 'mule:pass-on' });
    expect([isHonest(mule), isScam(mule)]).toEqual([false, false]);
  });

  it('of whom there is none wait nothing', () => {
    const found = honestMeasures([]);
    expect(found.minutes).toEqual({ median: 0, mean: 0, p90: 0 });
    expect(found.minutesPer1000).toBe(0);
  });
});
