/** SCORING §5: T2 and T3 are due after the end of a call that runs while they wait; four hours without an end are an end. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PlatformEvent } from '../event/event.ts';
import { HOUR_MS, MINUTE_MS, type Instant } from '../kernel/instant.ts';
import type { HeldTier } from '../policy/policy.ts';
import { NOON } from '../testing/events.ts';
import { makeScorer } from '../testing/scorer.ts';
import { dueWithCalls } from './hold-calls.ts';

const { policy } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const DURATION = { T2: 15 * MINUTE_MS, T3: 2 * HOUR_MS, T4: 24 * HOUR_MS } as const;
const CEILING = NOON + 72 * HOUR_MS;

function call(signal: 'call_started' | 'call_ended', minutes: number): PlatformEvent {
  const time = NOON + minutes * MINUTE_MS;
  const payer = { accountId: 'payer' };
  return {
    kind: 'session.observed',
    signal,
    source: 'spec',
    id: `${signal} ${minutes}`,
    time,
    payer,
  };
}

function holdOf(tier: HeldTier) {
  const dueAt = NOON + DURATION[tier];
  return { tier, profile: 'CN', placedAt: NOON, dueAt, ceilingAt: CEILING } as const;
}

type Row = readonly [
  what: string,
  tier: HeldTier,
  calls: readonly (readonly ['started' | 'ended', number])[],
  /** Minutes after placing. */
  now: number,
  due: number,
];

const ROWS: readonly Row[] = [
  ['no call', 'T2', [], 15, 15],
  [
    'a call that ended before',
    'T2',
    [
      ['started', -20],
      ['ended', -1],
    ],
    15,
    15,
  ],
  [
    'a call that ended as it was placed',
    'T2',
    [
      ['started', -20],
      ['ended', 0],
    ],
    15,
    15,
  ],
  [
    'a call that ended while it waited',
    'T2',
    [
      ['started', -20],
      ['ended', 4],
    ],
    15,
    19,
  ],
  ['a call that still runs', 'T2', [['started', -20]], 15, 30],
  ['a call that began while it waited', 'T2', [['started', 10]], 15, 30],
  [
    'a second call',
    'T2',
    [
      ['started', -9],
      ['ended', 1],
      ['started', 3],
      ['ended', 9],
    ],
    15,
    24,
  ],
  [
    'a call that ends later, unknown yet',
    'T2',
    [
      ['started', -20],
      ['ended', 40],
    ],
    15,
    30,
  ],
  ['a call without an end, four hours ago', 'T2', [['started', -230]], 15, 25],
  ['a call without an end, long ago', 'T2', [['started', -300]], 15, 15],
  ['an end without a start', 'T2', [['ended', 5]], 15, 15],
  [
    'a long hold',
    'T3',
    [
      ['started', -20],
      ['ended', 30],
    ],
    120,
    150,
  ],
  [
    'a call over before it matters',
    'T3',
    [
      ['started', -20],
      ['ended', -1],
    ],
    120,
    120,
  ],
  ['a day is not moved', 'T4', [['started', -20]], 1440, 1440],
];

describe('a hold with', () => {
  it.each(ROWS)('%s, %s', (_what, tier, calls, now, due) => {
    const events = calls.map(([what, minutes]) =>
      call(what === 'started' ? 'call_started' : 'call_ended', minutes),
    );
    const at = (minutes: number): Instant => NOON + minutes * MINUTE_MS;
    const found = dueWithCalls(holdOf(tier), events.toReversed(), at(now), policy);
    expect((found - NOON) / MINUTE_MS).toBe(due);
  });
});

it('calls never make a hold shorter, nor longer than its ceiling, in whatever order they are told', () => {
  const calls = fc.array(
    fc.tuple(
      fc.constantFrom('call_started' as const, 'call_ended' as const),
      fc.integer({ min: -300, max: 5_000 }),
    ),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(
      fc.constantFrom<HeldTier[]>('T2', 'T3', 'T4'),
      calls,
      fc.integer({ min: 0, max: 4_400 }),
      (tier, told, minutes) => {
        const hold = holdOf(tier);
        const events = told.map(([signal, at]) => call(signal, at));
        const now = NOON + minutes * MINUTE_MS;
        const due = dueWithCalls(hold, events, now, policy);
        expect(due).toBeGreaterThanOrEqual(hold.dueAt);
        expect(due).toBeLessThanOrEqual(CEILING);
        expect(due).toBeLessThanOrEqual(Math.max(hold.dueAt, now + DURATION[tier]));
        expect(dueWithCalls(hold, events.toReversed(), now, policy)).toBe(due);
      },
    ),
    { seed: 20_261_124, numRuns: 500 },
  );
});
