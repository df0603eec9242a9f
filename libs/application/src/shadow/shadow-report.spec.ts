import { describe, expect, it } from '@jest/globals';
import type { DecisionBody, Facts, Tier } from '#domain';
import { ShadowTally, type ShadowDecision } from './shadow-report.ts';

const NOON = Date.UTC(2026, 8, 1, 12);

interface Given {
  readonly subject?: string;
  readonly payerId?: string;
  readonly sequence?: number;
  readonly tier?: Tier;
  readonly yuan?: number;
  readonly minutes?: number;
  readonly caseId?: string;
  readonly mode?: 'live' | 'shadow';
  readonly kind?: 'transfer' | 'draw';
}

function decision(given: Given): ShadowDecision {
  const { tier = 'T3', minutes = 120, sequence = 1, yuan = 100, kind = 'transfer' } = given;
  const held = tier !== 'T0' && tier !== 'T1';
  const facts: Facts = {
    v: 1,
    kind,
    at: NOON,
    self: 0,
    currency: 'CNY',
    unit: 100,
    amount: yuan * 100,
    windowTruncated: false,
  };
  const due = new Date(NOON + minutes * 60_000).toISOString();
  const body: DecisionBody = {
    decisionId: 'd',
    sequence,
    subjectKind: kind,
    mode: given.mode ?? 'shadow',
    outcome: held ? 'hold' : tier === 'T1' ? 'warn' : 'allow',
    tier,
    ownTier: tier,
    lowered: false,
    score: 0,
    reasons: [{ code: 'CR1', tenths: 140, refs: [], text: { 'zh-CN': '', en: '' } }],
    facts,
    ...(given.caseId === undefined ? {} : { caseId: given.caseId }),
    ...(held ? { wouldHold: { dueAt: due, ceilingAt: due } } : {}),
    context: { missingFeeds: [], lagMs: 0, windowTruncated: false },
    policy: { id: 'p', version: '1', digest: '' },
    scorer: '1',
    decidedAt: new Date(NOON).toISOString(),
  };
  return { body, payerId: given.payerId ?? 'payer', subject: given.subject ?? 'transfer-1' };
}

function reportOf(...given: readonly Given[]) {
  const tally = new ShadowTally();
  for (const one of given) tally.take(decision(one));
  return tally.report();
}

describe('the shadow report', () => {
  it('of nothing says so', () => {
    expect(reportOf()).toMatchObject({ transfers: 0, from: undefined, held: { payers: 0 } });
  });

  it('passes over what was decided live', () => {
    expect(reportOf({ mode: 'live' })).toMatchObject({ transfers: 0, held: { cases: 0 } });
  });

  it('counts what would wait, its money and its minutes, by tier and kind', () => {
    const { held, transfers, draws, warned } = reportOf(
      { subject: 'a', tier: 'T2', minutes: 15, yuan: 6919 },
      { subject: 'b', tier: 'T4', minutes: 1440, yuan: 34_000 },
      { subject: 'c', tier: 'T4', minutes: 1440, yuan: 1, kind: 'draw' },
      { subject: 'd', tier: 'T1' },
      { subject: 'e', tier: 'T0' },
    );
    expect([transfers, draws, warned]).toEqual([4, 1, 1]);
    expect(held.transfers).toEqual({
      count: 2,
      money: { CNY: 40_919 },
      minutes: { median: 15, most: 1440, total: 1455 },
    });
    expect(held.draws).toMatchObject({ count: 1, money: { CNY: 1 } });
    expect(held.byTier.T2.count).toBe(1);
    expect(held.byTier.T3.count).toBe(0);
    expect(held.byTier.T4.money).toEqual({ CNY: 34_001 });
    expect(held.reasons).toEqual([{ code: 'CR1', count: 3 }]);
  });

  it('counts a subject once, as its last decision has it, in whatever order they are told', () => {
    const first = { subject: 'a', tier: 'T2', minutes: 15 } as const;
    const second = { subject: 'a', tier: 'T4', minutes: 1440, sequence: 2 } as const;
    expect(reportOf(first, second)).toEqual(reportOf(second, first));
    expect(reportOf(first, second).held.transfers).toMatchObject({ count: 1 });
    expect(reportOf(first, second).held.byTier.T4.count).toBe(1);
  });

  it('tells payers who would meet it again and again', () => {
    const { held } = reportOf(
      { subject: 'a', payerId: 'li', caseId: '1' },
      { subject: 'b', payerId: 'li', caseId: '1' },
      { subject: 'c', payerId: 'xu', caseId: '2' },
      { subject: 'd', payerId: 'xu', caseId: '3' },
    );
    expect(held).toMatchObject({ payers: 2, cases: 3, payersOfSeveralCases: 1 });
  });
});
