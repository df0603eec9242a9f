/** SCORING §5: T2 15 min, T3 2 h, T4 24 h from the decision, ceiling 72 h, `reconfirm` everywhere in profile CN. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS, formatInstant, type Instant } from '../kernel/instant.ts';
import { NOON } from '../testing/events.ts';
import { makeScorer } from '../testing/scorer.ts';
import { CEILING_HOURS_MAX, type HoldProfile } from './hold-profile.ts';
import { groundsInTime, holdTimes } from './hold-times.ts';
import type { Policy } from './policy.ts';

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
    expect(holdTimes(tier, { placedAt: NOON }, policy)).toEqual({
      dueAt: NOON + duration,
      ceilingAt: NOON + 72 * HOUR_MS,
      expiryAction: 'reconfirm',
    });
  });

  it('never pass the ceiling, whatever the policy says', () => {
    const T4 = { minutes: 73 * 60, fromCallEnd: false };
    const long = withDurations({ T4 });
    const { dueAt, ceilingAt } = holdTimes('T4', { placedAt: NOON }, long);
    expect(dueAt).toBe(ceilingAt);
    const lawless = withProfile({ ceiling: { hours: 1_000 } });
    expect(holdTimes('T4', { placedAt: NOON }, lawless).ceilingAt).toBe(NOON + 72 * HOUR_MS);
  });

  it('move with the end of a call for T2 and T3 only', () => {
    const { T2, T3, T4 } = policy.holds.CN.durations;
    expect([T2, T3, T4].map((one) => one.fromCallEnd)).toEqual([true, true, false]);
  });
});

function withProfile(changes: Partial<HoldProfile>): Policy {
  return { ...policy, holds: { ...policy.holds, CN: { ...policy.holds.CN, ...changes } } };
}

function withDurations(changes: Partial<HoldProfile['durations']>): Policy {
  return withProfile({ durations: { ...policy.holds.CN.durations, ...changes } });
}

const at = (text: string): Instant => Date.parse(text);
const told = (instant: Instant): string => formatInstant(instant);

describe('次日 is not 24 hours', () => {
  it('an order at 20:00 in Shanghai goes at midnight, or at 20:00 the day after', () => {
    const placedAt = at('2026-03-02T20:00:00+08:00');
    const nextDay = withDurations({ T4: { nextDayAt: '00:00', fromCallEnd: false } });
    expect(told(holdTimes('T4', { placedAt }, nextDay).dueAt)).toBe('2026-03-02T16:00:00.000Z');
    expect(told(holdTimes('T4', { placedAt }, policy).dueAt)).toBe('2026-03-03T12:00:00.000Z');
  });

  it('an order one minute before midnight waits a minute, one at midnight a day', () => {
    const nextDay = withDurations({ T4: { nextDayAt: '00:00', fromCallEnd: false } });
    const due = (text: string): number =>
      holdTimes('T4', { placedAt: at(text) }, nextDay).dueAt - at(text);
    expect(due('2026-03-02T23:59:00+08:00')).toBe(MINUTE_MS);
    expect(due('2026-03-03T00:00:00+08:00')).toBe(24 * HOUR_MS);
  });
});

describe('profile UK', () => {
  const uk: Policy = { ...policy, profile: 'UK' };

  it.each([
    ['a Monday', '2026-03-02T10:00:00Z', '2026-03-07T00:00:00.000Z'],
    ['a Thursday, over a weekend', '2026-03-05T10:00:00Z', '2026-03-12T00:00:00.000Z'],
    ['a Saturday', '2026-03-07T10:00:00Z', '2026-03-13T00:00:00.000Z'],
    ['before Easter, Friday and Monday off', '2026-04-01T10:00:00Z', '2026-04-09T23:00:00.000Z'],
    ['before Christmas', '2026-12-23T10:00:00Z', '2027-01-01T00:00:00.000Z'],
    ['over the change to summer time', '2026-03-26T10:00:00Z', '2026-04-01T23:00:00.000Z'],
    [
      'in summer, late on the day before in London',
      '2026-07-05T22:30:00Z',
      '2026-07-09T23:00:00.000Z',
    ],
    ['in summer, after midnight in London', '2026-07-05T23:30:00Z', '2026-07-10T23:00:00.000Z'],
  ])('holds an order of %s to the end of the 4th business day', (_what, received, end) => {
    const placedAt = at(received);
    expect(told(holdTimes('T4', { placedAt }, uk).ceilingAt)).toBe(end);
  });

  it('counts from when the order came, not from when it was held', () => {
    const receivedAt = at('2026-03-02T10:00:00Z');
    const placedAt = at('2026-03-03T10:00:00Z');
    const { ceilingAt } = holdTimes('T4', { placedAt, receivedAt }, uk);
    expect(told(ceilingAt)).toBe('2026-03-07T00:00:00.000Z');
  });

  it.each([
    ['the last moment of the next business day', '2026-03-03T23:59:59.999Z', true],
    ['a moment later', '2026-03-04T00:00:00Z', false],
  ])('takes grounds until %s', (_what, now, allowed) => {
    expect(groundsInTime(at('2026-03-02T10:00:00Z'), at(now), uk)).toBe(allowed);
    expect(groundsInTime(at('2026-03-02T10:00:00Z'), at(now), policy)).toBe(true);
  });

  it('never exceeds what the database allows, on any day of three years', () => {
    for (let day = 0; day < 3 * 365; day += 1) {
      const placedAt = at('2026-01-01T11:30:00Z') + day * 24 * HOUR_MS;
      const { ceilingAt, dueAt } = holdTimes('T4', { placedAt }, uk);
      expect(ceilingAt - placedAt).toBeLessThanOrEqual(CEILING_HOURS_MAX.UK * HOUR_MS);
      expect(ceilingAt - placedAt).toBeGreaterThan(4 * 24 * HOUR_MS - 13 * HOUR_MS);
      expect(dueAt).toBeLessThanOrEqual(ceilingAt);
    }
  });
});

describe('profile SG', () => {
  it('releases by itself after 24 hours, which is its ceiling', () => {
    expect(holdTimes('T4', { placedAt: NOON }, { ...policy, profile: 'SG' })).toEqual({
      dueAt: NOON + 24 * HOUR_MS,
      ceilingAt: NOON + 24 * HOUR_MS,
      expiryAction: 'release',
    });
  });
});
