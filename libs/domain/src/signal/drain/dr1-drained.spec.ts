/**
 * DR1 by SCORING §3: attempts of 24 h to others ≥ 50 % (≥ 90 %: 9 dB) of `liquidBefore` + draws of 24 h + own money sent in
 * those 24 h, and those attempts ≥ ¥1,000; 5 dB.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/instant.ts';
import {
  NOON,
  OWN,
  SHOP,
  ago,
  cancelled,
  drawCancelled,
  drawRequested,
  drawn,
  failed,
  transfer,
  type TransferGiven,
} from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const check = (row: Row): void => expect(decibansOf('DR1', row)).toBe(row.db);

const of = (yuan: number, liquid: number, given: TransferGiven = {}) =>
  transfer({ yuan, liquid, ...given });
/** To another payee, an hour before. */
const earlier = (yuan: number, given: TransferGiven = {}) =>
  transfer({ yuan, time: ago(HOUR_MS), to: { accountId: 'payee-2' }, ...given });

describe('DR1, this transfer alone', () => {
  it.each<Row>([
    { when: 'own money not told', subject: transfer({ yuan: 50_000 }), db: 0 },
    { when: '50 %', subject: of(1000, 2000), db: 5 },
    { when: 'a fen less than 50 %', subject: of(1000, 2000.02), db: 0 },
    { when: 'a fen less than 90 %', subject: of(899.99 * 2, 2000), db: 5 },
    { when: '90 %', subject: of(1800, 2000), db: 9 },
    { when: 'all of it', subject: of(2000, 2000), db: 9 },
    { when: 'all of ¥999.99', subject: of(999.99, 999.99), db: 0 },
    { when: 'all of ¥1,000', subject: of(1000, 1000), db: 9 },
    { when: 'more than there is told to be', subject: of(2000, 0), db: 9 },
    { when: 'to a shop', subject: of(2000, 2000, { to: SHOP }), db: 9 },
    { when: 'to an own account', subject: of(2000, 2000, { to: OWN }), db: 0 },
    {
      when: 'to an own account of another name',
      subject: of(2000, 2000, { to: { ...OWN, nameMatch: 'mismatch' } }),
      db: 9,
    },
    { when: 'of a draw', subject: drawRequested({ yuan: 2000 }), db: 0 },
  ])('$when: $db dB', check);
});

describe('DR1, with attempts before', () => {
  it.each<Row>([
    // 1,500 of 1,000 + 2,000 left: own money of ¥3,000 at first.
    { when: '1,000 then 500 of 3,000', before: [earlier(1000)], subject: of(500, 2000), db: 5 },
    {
      when: '1,000 then 499 of 2,999 + 1',
      before: [earlier(1000)],
      subject: of(499.99, 2000),
      db: 0,
    },
    { when: 'split to pass below ¥1,000', before: [earlier(600)], subject: of(400, 400), db: 9 },
    {
      when: '24 h before',
      before: [earlier(600, { time: ago(DAY_MS) })],
      subject: of(400, 400),
      db: 9,
    },
    {
      when: 'more than 24 h before',
      before: [earlier(600, { time: ago(DAY_MS + 1) })],
      subject: of(400, 400),
      db: 0,
    },
    {
      when: 'to an own account',
      before: [earlier(600, { to: OWN })],
      subject: of(400, 400),
      db: 0,
    },
    {
      when: 'later',
      before: [earlier(600, { time: NOON + 1 })],
      subject: of(400, 400),
      db: 0,
    },
    {
      when: 'held: attempted, yet the money is still his',
      before: [earlier(1000, { to: { accountId: 'mule' } })],
      beside: { listed: ['mule'] },
      subject: of(500, 3000),
      db: 5,
    },
    {
      when: 'held, and a fen too little',
      before: [earlier(1000, { to: { accountId: 'mule' } })],
      beside: { listed: ['mule'] },
      subject: of(499.99, 3000),
      db: 0,
    },
  ])('$when: $db dB', check);

  it.each([failed, cancelled])('does not count what did not go (%p)', (end) => {
    const first = earlier(600);
    const before = [first, end(first, { time: ago(MINUTE_MS) })];
    expect(decibansOf('DR1', { before, subject: of(400, 400) })).toBe(0);
  });
});

describe('DR1, with draws', () => {
  const draw = (yuan: number, ms = MINUTE_MS) => drawn({ yuan, time: ago(ms), drawId: 'd' });
  it.each<Row>([
    { when: 'half of own and drawn money', before: [draw(2000)], subject: of(2000, 2000), db: 5 },
    { when: 'a fen less', before: [draw(2000)], subject: of(1999.99, 2000), db: 0 },
    { when: '90 % of it', before: [draw(2000)], subject: of(3600, 2000), db: 9 },
    { when: 'drawn 24 h before', before: [draw(2000, DAY_MS)], subject: of(1999, 2000), db: 0 },
    {
      when: 'drawn more than 24 h before',
      before: [draw(2000, DAY_MS + 1)],
      subject: of(1999, 2000),
      db: 9,
    },
    {
      when: 'drawn 5 s after',
      before: [draw(2000, -5 * SECOND_MS)],
      subject: of(1999, 2000),
      db: 0,
    },
    {
      when: 'only requested: not paid out yet',
      before: [drawRequested({ yuan: 2000, time: ago(MINUTE_MS) })],
      subject: of(1999, 2000),
      db: 9,
    },
    {
      when: 'in another currency',
      before: [drawn({ yuan: 2000, currency: 'HKD', time: ago(MINUTE_MS) })],
      subject: of(1999, 2000),
      db: 9,
    },
    {
      when: 'cancelled',
      before: [
        draw(2000, 2 * MINUTE_MS),
        drawCancelled({ yuan: 2000, drawId: 'd', time: ago(MINUTE_MS) }),
      ],
      subject: of(1999, 2000),
      db: 9,
    },
    // Sent before was borrowed, so it is no own money: 1,000 + 1,000 of 1,000 + 2,000.
    {
      when: 'borrowed money sent before is not counted twice',
      before: [draw(2000, 2 * HOUR_MS), earlier(1000)],
      subject: of(1000, 1000),
      db: 5,
    },
  ])('$when: $db dB', check);
});
