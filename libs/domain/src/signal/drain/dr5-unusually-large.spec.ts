/** DR5 by SCORING §3: 24 h sum to the payee > `p99Amount` and ≥ ¥2,000, 4 dB; ≥ ¥20,000, 7 dB. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/instant.ts';
import {
  OWN,
  SHOP,
  ago,
  cancelled,
  drawRequested,
  failed,
  transfer,
  type TransferGiven,
} from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);

const of = (yuan: number, p99 = 1000, given: TransferGiven = {}) =>
  transfer({ yuan, p99, ...given });
const earlier = (yuan: number, given: TransferGiven = {}) =>
  transfer({ yuan, time: ago(HOUR_MS), ...given });

describe('DR5: more than ever', () => {
  it.each<Row>([
    { when: 'p99 not told', subject: transfer({ yuan: 50_000 }), db: 0 },
    { when: '¥2,000', subject: of(2000), db: 4 },
    { when: '¥1,999.99', subject: of(1999.99), db: 0 },
    { when: 'exactly p99', subject: of(5000, 5000), db: 0 },
    { when: 'a fen above p99', subject: of(5000.01, 5000), db: 4 },
    { when: '¥19,999.99', subject: of(19_999.99), db: 4 },
    { when: '¥20,000', subject: of(20_000), db: 7 },
    { when: '¥20,000, exactly p99', subject: of(20_000, 20_000), db: 0 },
    { when: 'p99 of 0', subject: of(2000, 0), db: 4 },
    { when: 'split', before: [earlier(1000)], subject: of(1000), db: 4 },
    { when: 'split above ¥20,000', before: [earlier(15_000)], subject: of(5000), db: 7 },
    {
      when: 'split over 24 h',
      before: [earlier(1000, { time: ago(DAY_MS) })],
      subject: of(1000),
      db: 4,
    },
    {
      when: 'split over more than 24 h',
      before: [earlier(1000, { time: ago(DAY_MS + 1) })],
      subject: of(1000),
      db: 0,
    },
    {
      when: 'split to two payees',
      before: [earlier(1000, { to: { accountId: 'b' } })],
      subject: of(1000),
      db: 0,
    },
    { when: 'to a shop', subject: of(2000, 1000, { to: SHOP }), db: 4 },
    { when: 'to an own account', subject: of(2000, 1000, { to: OWN }), db: 0 },
    { when: 'of a draw', subject: drawRequested({ yuan: 50_000 }), db: 0 },
  ])('$when: $db dB', (row) => {
    expect(decibansOf('DR5', row)).toBe(row.db);
  });

  it.each([failed, cancelled])('does not count what did not go (%p)', (end) => {
    const first = earlier(1000);
    const before = [first, end(first, { time: ago(MINUTE_MS) })];
    expect(decibansOf('DR5', { before, subject: of(1000) })).toBe(0);
  });
});
