/** SCORING §5: T2 15 min, T3 2 h, T4 24 h from the decision, ceiling 72 h, `reconfirm` everywhere in profile CN. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS } from '../kernel/instant.ts';
import { NOON } from '../testing/events.ts';
import { makeScorer } from '../testing/scorer.ts';
import { holdTimes } from './hold-times.ts';

const { policy } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);

describe('the times of a hold', () => {
  it.each([
    ['T2', 15 * MINUTE_MS],
    ['T3', 2 * HOUR_MS],
    ['T4', 24 * HOUR_MS],
  ] as const)('%s', (tier, duration) => {
    expect(policy.profile).toBe('CN');
    expect(holdTimes(tier, NOON, policy)).toEqual({
      dueAt: NOON + duration,
      ceilingAt: NOON + 72 * HOUR_MS,
      expiryAction: 'reconfirm',
    });
  });

  it('never pass the ceiling, whatever the policy says', () => {
    const long = { ...policy.holds.durations, T4: { minutes: 73 * 60, fromCallEnd: false } };
    const { dueAt, ceilingAt } = holdTimes('T4', NOON, {
      ...policy,
      holds: { ...policy.holds, durations: long },
    });
    expect(dueAt).toBe(ceilingAt);
  });

  it('move with the end of a call for T2 and T3 only', () => {
    const { T2, T3, T4 } = policy.holds.durations;
    expect([T2, T3, T4].map((one) => one.fromCallEnd)).toEqual([true, true, false]);
  });
});
