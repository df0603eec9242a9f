import { describe, expect, it } from '@jest/globals';
import type { DecisionBody, EntryDraft, Outcome, Tier } from '#domain';
import { formatInstant } from '#domain';
import { Outcomes, percent, shareText } from './outcomes.ts';
import { clopperPearson } from './statistics.ts';
import { compareText, labelsText, summaryText } from './summary.ts';
import { isHeldFrom, Verdicts, waitMs } from './verdicts.ts';

const OUTCOME: Readonly<Record<Tier, Outcome>> = {
  T0: 'allow',
  T1: 'warn',
  T2: 'hold',
  T3: 'hold',
  T4: 'hold',
};
const WAIT_MINUTES: Readonly<Record<Tier, number>> = { T0: 0, T1: 0, T2: 15, T3: 120, T4: 1_440 };

interface Given {
  readonly kind?: 'transfer' | 'draw';
  readonly sequence?: number;
  readonly at?: number;
  readonly codes?: readonly string[];
}

function decision(id: string, tier: Tier, given: Given = {}): EntryDraft {
  const { kind = 'transfer', sequence = 1, at = 0, codes = [] } = given;
  const body: DecisionBody = {
    decisionId: `${id}-${sequence}`,
    sequence,
    subjectKind: kind,
    mode: 'live',
    outcome: OUTCOME[tier],
    tier,
    ownTier: tier,
    lowered: false,
    score: 0,
    reasons: codes.map((code) => ({ code, tenths: 50, refs: [], text: { 'zh-CN': '', en: '' } })),
    facts: null,
    ...(OUTCOME[tier] === 'hold'
      ? {
          hold: {
            holdId: `h-${id}`,
            dueAt: formatInstant(at + WAIT_MINUTES[tier] * 60_000),
            ceilingAt: formatInstant(at + 86_400_000),
            expiryAction: tier === 'T2' ? 'release' : 'reconfirm',
          },
        }
      : {}),
    context: { missingFeeds: [], lagMs: 0, windowTruncated: false },
    policy: { id: 'p', version: '1', digest: 'd' },
    scorer: '1',
    decidedAt: formatInstant(at),
  };
  const personal = { payer: 'a', subject: { source: 's', id }, refs: [] };
  return { type: 'decision.made', at, body, personal };
}

function verdictsOf(...entries: readonly EntryDraft[]): Verdicts {
  const verdicts = new Verdicts();
  for (const entry of entries) verdicts.take(entry);
  return verdicts;
}

describe('verdicts', () => {
  it.each<[string, readonly EntryDraft[], Tier, Tier, number]>([
    ['one decision', [decision('t', 'T3')], 'T3', 'T3', 120],
    [
      'a stricter one supersedes',
      [decision('t', 'T0'), decision('t', 'T2', { sequence: 2, at: 60_000 })],
      'T0',
      'T2',
      15,
    ],
    [
      'a milder one does not',
      [decision('t', 'T3'), decision('t', 'T1', { sequence: 2 })],
      'T3',
      'T3',
      120,
    ],
    [
      'waiting counts from the first hold',
      [decision('t', 'T2'), decision('t', 'T3', { sequence: 2, at: 600_000 })],
      'T2',
      'T3',
      130,
    ],
  ])('%s', (_name, entries, first, tier, minutes) => {
    const verdicts = verdictsOf(...entries);
    const verdict = verdicts.of('transfer', 't');
    expect([verdict?.firstTier, verdict?.tier, waitMs(verdict) / 60_000]).toEqual([
      first,
      tier,
      minutes,
    ]);
    expect(verdicts.decisions).toBe(entries.length);
    expect(verdicts.madeBy).toEqual({
      scorer: '1',
      policy: { id: 'p', version: '1', digest: 'd' },
    });
  });

  it('passes over entries that are no decisions, and keeps transfers and draws of one id apart', () => {
    const verdicts = verdictsOf(decision('x', 'T0'), decision('x', 'T4', { kind: 'draw' }));
    expect(verdicts.take({ ...decision('x', 'T4'), type: 'hold.placed' })).toBeUndefined();
    expect(verdicts.of('transfer', 'x')?.tier).toBe('T0');
    expect(verdicts.of('draw', 'x')?.tier).toBe('T4');
    expect(verdicts.of('transfer', 'y')).toBeUndefined();
  });

  it.each<[Tier, readonly boolean[]]>([
    ['T0', [false, false, false]],
    ['T1', [false, false, false]],
    ['T2', [true, false, false]],
    ['T3', [true, true, false]],
    ['T4', [true, true, true]],
  ])('%s is held from T2, T3, T4: %j', (tier, wanted) => {
    const verdict = verdictsOf(decision('t', tier)).of('transfer', 't');
    expect((['T2', 'T3', 'T4'] as const).map((from) => isHeldFrom(verdict, from))).toEqual(wanted);
    expect(isHeldFrom(undefined, 'T2')).toBe(false);
  });
});

describe('outcomes', () => {
  it('counts recall, precision and honest holds per tier', () => {
    const outcomes = new Outcomes();
    const verdicts = verdictsOf(decision('a', 'T2'), decision('b', 'T4'), decision('c', 'T2'));
    const of = (id: string) => verdicts.of('transfer', id);
    for (const id of ['a', 'b']) outcomes.add('scam', of(id));
    for (const id of ['c', 'd', 'e', 'f']) outcomes.add('legit', of(id));
    outcomes.add('scam', undefined);
    expect(
      outcomes
        .perTier()
        .map(({ tier, recall, precision, honest }) => [
          tier,
          `${recall.hits}/${recall.trials}`,
          `${precision.hits}/${precision.trials}`,
          `${honest.hits}/${honest.trials}`,
        ]),
    ).toEqual([
      ['T2', '2/3', '2/3', '1/4'],
      ['T3', '1/3', '1/1', '0/4'],
      ['T4', '1/3', '1/1', '0/4'],
    ]);
  });

  it('writes shares with their intervals', () => {
    expect(shareText(clopperPearson(5, 10))).toBe('50.0 % (18.7–81.3), 5 of 10');
    expect(shareText(clopperPearson(0, 0))).toBe('none');
    expect([percent(0), percent(0.00002), percent(0.5)]).toEqual(['0.0', '0.0020', '50.0']);
  });
});

describe('the summary of a replay', () => {
  const one = verdictsOf(
    decision('a', 'T3', { codes: ['PY1', 'CR1'] }),
    decision('b', 'T1', { codes: ['PY1'] }),
    decision('c', 'T0'),
    decision('d', 'T2', { kind: 'draw', codes: ['CR2'] }),
  );

  it('counts subjects, tiers, holds and reasons', () => {
    const text = summaryText(one, 9);
    expect(text).toContain('9 events, 4 subjects decided, 4 decisions');
    expect(text).toContain('transfers: 3, warned 1, held 33.3 % (0.8–90.6), 1 of 3');
    expect(text).toContain('draws: 1, warned 0, held 100.0 % (2.5–100.0), 1 of 1');
    expect(text).toMatch(/^PY1 +2 +1 +5\.0$/m);
    expect(text).toMatch(/^CR2 +1 +1 +5\.0$/m);
  });

  it('measures against labels and says which are missing on either side', () => {
    const text = labelsText(
      one,
      new Map([
        ['a', 'scam'],
        ['b', 'legit'],
        ['zz', 'scam'],
      ] as const),
    );
    expect(text).toContain('recall     100.0 % (2.5–100.0), 1 of 1');
    expect(text).toContain('honest     0.0 % (0.0–97.5), 0 of 1');
    expect(text).toContain('1 labels name transfers that are not in the events');
    expect(text).toContain('1 transfers have no label');
  });

  it('says what another policy would have done, in words and numbers', () => {
    const other = verdictsOf(
      decision('a', 'T4'),
      decision('b', 'T2'),
      decision('c', 'T0'),
      decision('d', 'T0', { kind: 'draw' }),
    );
    const labels = new Map([
      ['a', 'scam'],
      ['b', 'legit'],
    ] as const);
    const text = compareText(one, other, labels);
    expect(text).toContain('decides 1 of 4 subjects the same');
    expect(text).toContain(
      'it holds as well, at a higher tier (T3 → T4): 1 (1 scam, 0 honest)\n    transfer a',
    );
    expect(text).toContain('it holds what this one warns about (T1 → T2): 1 (0 scam, 1 honest)');
    expect(text).toContain(
      'it lets through what this one holds (T2 → T0): 1 (0 scam, 0 honest)\n    draw d',
    );
    expect(compareText(one, one, undefined)).toBe(
      'the other policy decides 4 of 4 subjects the same\n',
    );
  });
});
