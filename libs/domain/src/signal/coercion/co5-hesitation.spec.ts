/** CO5 by SCORING §3: 2 confirms cancelled, or balance viewed ≤ 60 s after an earlier request, or 3 screenshots in 5 min; 4 dB. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/instant.ts';
import { NOON, ago, drawRequested, session, transfer } from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const check = (row: Row): void => expect(decibansOf('CO5', row)).toBe(row.db);

const unconfirmed = (ms: number) => session('confirm_cancelled', { time: ago(ms) });
const viewed = (ms: number) => session('balance_viewed', { time: ago(ms) });
const shot = (ms: number) => session('screenshot', { time: ago(ms) });

describe('CO5, confirms cancelled', () => {
  it.each<Row>([
    { when: 'none', db: 0 },
    { when: 'one', before: [unconfirmed(1)], db: 0 },
    { when: 'two', before: [unconfirmed(2), unconfirmed(1)], db: 4 },
    { when: 'two, one 60 min before', before: [unconfirmed(HOUR_MS), unconfirmed(1)], db: 4 },
    {
      when: 'two, one before the session',
      before: [unconfirmed(HOUR_MS + 1), unconfirmed(1)],
      db: 0,
    },
    { when: 'two, one 5 s after', before: [unconfirmed(1), unconfirmed(-5 * SECOND_MS)], db: 4 },
    { when: 'two, one later', before: [unconfirmed(1), unconfirmed(-5 * SECOND_MS - 1)], db: 0 },
    {
      when: 'two, of a draw',
      before: [unconfirmed(2), unconfirmed(1)],
      subject: drawRequested(),
      db: 4,
    },
  ])('$when: $db dB', check);
});

describe('CO5, balance', () => {
  const request = (ms: number) => transfer({ time: ago(ms), to: { accountId: 'payee-2' } });
  it.each<Row>([
    { when: 'viewed without a request', before: [viewed(MINUTE_MS)], db: 0 },
    { when: 'viewed before a request', before: [viewed(MINUTE_MS), request(1)], db: 0 },
    {
      when: 'viewed 60 s after a request',
      before: [request(10 * MINUTE_MS), viewed(9 * MINUTE_MS)],
      db: 4,
    },
    {
      when: 'viewed 60.001 s after a request',
      before: [request(10 * MINUTE_MS), viewed(9 * MINUTE_MS - 1)],
      db: 0,
    },
    {
      when: 'viewed after a request, before the session',
      before: [request(3 * HOUR_MS), viewed(3 * HOUR_MS - 1)],
      db: 0,
    },
    {
      when: 'viewed after this request',
      before: [session('balance_viewed', { time: NOON + 1 })],
      db: 0,
    },
    {
      when: 'viewed within 5 s after this request and 60 s after an earlier one',
      before: [request(30 * SECOND_MS), session('balance_viewed', { time: NOON + 2 })],
      db: 4,
    },
    {
      when: 'viewed after a request, of a draw',
      before: [request(10 * MINUTE_MS), viewed(9 * MINUTE_MS)],
      subject: drawRequested(),
      db: 4,
    },
  ])('$when: $db dB', check);
});

describe('CO5, screenshots', () => {
  it.each<Row>([
    { when: 'two', before: [shot(2), shot(1)], db: 0 },
    { when: 'three', before: [shot(3), shot(2), shot(1)], db: 4 },
    {
      when: 'three in 5 min',
      before: [shot(6 * MINUTE_MS), shot(3 * MINUTE_MS), shot(MINUTE_MS)],
      db: 4,
    },
    {
      when: 'three in 5 min and 1 ms',
      before: [shot(6 * MINUTE_MS + 1), shot(3 * MINUTE_MS), shot(MINUTE_MS)],
      db: 0,
    },
    {
      when: 'three in 5 min, half an hour ago',
      before: [shot(36 * MINUTE_MS), shot(33 * MINUTE_MS), shot(31 * MINUTE_MS)],
      db: 4,
    },
    {
      when: 'three in 5 min, before the session',
      before: [shot(96 * MINUTE_MS), shot(93 * MINUTE_MS), shot(92 * MINUTE_MS)],
      db: 0,
    },
    {
      when: 'six at 4 min from each other',
      before: [20, 16, 12, 8, 4, 0].map((min) => shot(min * MINUTE_MS)),
      db: 0,
    },
  ])('$when: $db dB', check);

  it('is one reason, whatever comes together', () => {
    const before = [unconfirmed(2), unconfirmed(1), shot(3), shot(2), shot(1)];
    expect(decibansOf('CO5', { before })).toBe(4);
  });
});
