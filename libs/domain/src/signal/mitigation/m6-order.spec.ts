/** M6 by SCORING §3: an `order` whose amount, if given, equals the transfer's, −15 dB; void with CO2, and without an amount with CO4 or a payee new today. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/instant.ts';
import {
  SHOP,
  ago,
  drawRequested,
  session,
  transfer,
  yuan,
  type TransferGiven,
} from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);

const priced = (of: number, given: TransferGiven = {}) =>
  transfer({ yuan: 1000, order: { ref: 'o', amount: yuan(of) }, ...given });
const plain = (given: TransferGiven = {}) => transfer({ order: { ref: 'o' }, ...given });
const elsewhere = [session('login_elsewhere', { time: ago(MINUTE_MS) })];
const watched = [session('screen_share_started', { time: ago(MINUTE_MS) })];

describe('M6: an order', () => {
  it.each<Row>([
    { when: 'none', db: 0 },
    { when: 'of this amount', subject: priced(1000), db: -15 },
    { when: 'of a fen less', subject: priced(999.99), db: 0 },
    {
      when: 'of this number in another currency',
      subject: transfer({ yuan: 1000, order: { ref: 'o', amount: yuan(1000, 'HKD') } }),
      db: 0,
    },
    { when: 'without an amount', subject: plain(), db: -15 },
    { when: 'for a shop', subject: plain({ to: SHOP }), db: -15 },
    { when: 'of a draw', subject: drawRequested(), db: 0 },
    { when: 'of this amount, screen watched', before: watched, subject: priced(1000), db: 0 },
    { when: 'without an amount, screen watched', before: watched, subject: plain(), db: 0 },
    {
      when: 'of this amount, logged in elsewhere',
      before: elsewhere,
      subject: priced(1000),
      db: -15,
    },
    { when: 'without an amount, logged in elsewhere', before: elsewhere, subject: plain(), db: 0 },
    {
      when: 'without an amount, logged in elsewhere before the session',
      before: [session('login_elsewhere', { time: ago(HOUR_MS + 1) })],
      subject: plain(),
      db: -15,
    },
    {
      when: 'of this amount, payee new today',
      subject: priced(1000, { to: { paidCount: 1, firstPaidAt: ago(HOUR_MS) } }),
      db: -15,
    },
    {
      when: 'without an amount, payee new today',
      subject: plain({ to: { paidCount: 1, firstPaidAt: ago(HOUR_MS) } }),
      db: 0,
    },
    {
      when: 'without an amount, payee first paid 24 h before',
      subject: plain({ to: { paidCount: 1, firstPaidAt: ago(DAY_MS) } }),
      db: -15,
    },
  ])('$when: $db dB', (row) => {
    expect(decibansOf('M6', row)).toBe(row.db);
  });
});
