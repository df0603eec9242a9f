/** The monthly figures, counted from entries whose answers can be worked out by hand. */
import { describe, expect, it } from '@jest/globals';
import type { EntryType, SealedEntry } from '#domain';
import {
  MonthlyCount,
  monthBounds,
  monthlyCsv,
  monthlyHtml,
  monthlyLines,
} from './monthly-report.ts';

const { from: START } = monthBounds('2026-11') ?? { from: 0 };
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

function entry(type: EntryType, at: number, body: object): SealedEntry {
  const canonical = JSON.stringify({ body });
  return { chain: 0, sequence: 1, type, at: START + at, canonical, leafHash: '', disclosures: [] };
}

const placed = (holdId: string, at: number, tier = 'T3') =>
  entry('hold.placed', at, {
    holdId,
    tier,
    dueAt: new Date(START + at + 120 * MINUTE).toISOString(),
  });
const end = (type: EntryType, holdId: string, at: number, actor: string, reason = 'x') =>
  entry(type, at, { holdId, actor, reason });
const decision = (tier: string, outcome: string, more: object = {}) =>
  entry('decision.made', 0, {
    tier,
    outcome,
    sequence: 1,
    policy: { id: 'cn', version: '1' },
    ...more,
  });

function reportOf(entries: readonly SealedEntry[]) {
  const count = new MonthlyCount('2026-11');
  for (const one of entries) count.take(one);
  return count.result();
}

const REPORT = reportOf([
  decision('T0', 'allow', { ageBand: '60+' }),
  decision('T4', 'hold', { ageBand: '60+' }),
  decision('T1', 'warn'),
  decision('T4', 'hold', { sequence: 2 }),
  placed('a', 0),
  entry('alert.requested', 400, { holdId: 'a' }),
  end('hold.cancelled', 'a', 10 * MINUTE, 'analyst', 'scam_confirmed'),
  placed('b', DAY, 'T4'),
  end('hold.released', 'b', DAY + 30 * MINUTE, 'analyst'),
  placed('c', DAY),
  placed('c', DAY + MINUTE, 'T4'),
  end('hold.released', 'c', DAY + 240 * MINUTE, 'clock'),
  placed('d', 2 * DAY),
  placed('e', 2 * DAY),
  end('hold.released', 'e', 2 * DAY + MINUTE, 'processor'),
  end('hold.expired', 'd', 3 * DAY, 'clock'),
  // Orders that nobody acknowledged, given again.
  entry('hold.placed', 2 * DAY + MINUTE, {
    holdId: 'd',
    tier: 'T3',
    dueAt: '2026-11-04',
    attempt: 2,
  }),
  entry('hold.expired', 3 * DAY + MINUTE, {
    holdId: 'd',
    actor: 'clock',
    reason: 'ceiling',
    attempt: 2,
  }),
]);

describe('a month', () => {
  it('is one in Beijing', () => {
    expect(new Date(START).toISOString()).toBe('2026-10-31T16:00:00.000Z');
    expect(REPORT.days).toHaveLength(30);
    expect(monthBounds('2026-13')).toBeUndefined();
    expect(() => new MonthlyCount('November')).toThrow(RangeError);
  });

  it('is counted', () => {
    expect(REPORT).toMatchObject({
      decisions: { T0: 1, T1: 1, T2: 0, T3: 0, T4: 1 },
      placed: { T2: 0, T3: 4, T4: 2 },
      cancelled: 1,
      released: 3,
      releasedEarly: 1,
      expired: 1,
      scamsConfirmed: 1,
      honestHolds: 1,
      medianHoldMs: 30 * MINUTE,
      medianAlertDelayMs: 400,
      ageBands: { '60+': { decided: 2, held: 1 } },
    });
    expect(REPORT.days.slice(0, 4).map(({ placed: p, ended }) => [p, ended])).toEqual([
      [1, 1],
      [3, 2],
      [2, 1],
      [0, 1],
    ]);
  });

  it('of nothing has no medians and divides by nothing', () => {
    const lines = monthlyLines(reportOf([])).map(([, en, value]) => `${en}: ${value}`);
    expect(lines).toContain('share held: –');
    expect(lines).toContain('median hold time: –');
  });

  it('is told as a page without scripts and as a table', () => {
    const page = monthlyHtml(REPORT, START);
    expect(page).not.toMatch(/<script|https?:/);
    expect(page.match(/<svg/g)).toHaveLength(3);
    expect(monthlyCsv(REPORT)).toContain('2026-11,确认诈骗,confirmed scams,1\r\n');
    expect(monthlyCsv(REPORT)).toContain('age band 60+: held of decided,1/2\r\n');
  });
});
