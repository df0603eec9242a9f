/** CO3 by SCORING §3: a payer who is no merchant writes a pretext to a person, 9 dB; with a brand, or far above what was ordered, 12. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/instant.ts';
import {
  NOON,
  OWN,
  SHOP,
  ago,
  cancelled,
  drawRequested,
  ordered,
  transfer,
  type TransferGiven,
} from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf, policy } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const check = (row: Row): void => expect(decibansOf('CO3', row)).toBe(row.db);

const refund = (given: TransferGiven = {}) => transfer({ remark: '退款', ...given });

describe('CO3, words', () => {
  it.each(policy.pretexts.words)('%s: 9 dB', (word) => {
    expect(decibansOf('CO3', { subject: transfer({ remark: `这是${word}的钱` }) })).toBe(9);
  });

  it.each(['退款', '解冻', '验证', '保证金', '流水', '双向', '代码', '安全账户'])(
    'the list has SCORING’s %s',
    (word) => expect(policy.pretexts.words).toContain(word),
  );

  it.each<Row>([
    { when: 'no remark', db: 0 },
    { when: 'an empty remark', subject: transfer({ remark: '' }), db: 0 },
    { when: 'rent', subject: transfer({ remark: '房租三月' }), db: 0 },
    { when: 'a brand alone', subject: transfer({ remark: '淘宝' }), db: 0 },
    { when: 'a pretext and a brand', subject: transfer({ remark: '亚马逊退款' }), db: 12 },
    { when: 'a brand in Latin letters', subject: transfer({ remark: 'amazon退款' }), db: 12 },
  ])('$when: $db dB', check);
});

describe('CO3, payers and payees', () => {
  it.each<Row>([
    { when: 'a consumer', subject: refund({ role: 'consumer' }), db: 9 },
    { when: 'a merchant who refunds', subject: refund({ role: 'merchant' }), db: 0 },
    { when: 'to a wallet', subject: refund({ to: { kind: 'wallet' } }), db: 9 },
    { when: 'to a shop', subject: refund({ to: SHOP }), db: 0 },
    { when: 'to an own account', subject: refund({ to: OWN }), db: 0 },
    {
      when: 'to an own account of another name',
      subject: refund({ to: { ...OWN, nameMatch: 'mismatch' } }),
      db: 9,
    },
    { when: 'to an old friend', subject: refund({ to: { paidCount: 20 } }), db: 9 },
    { when: 'a pretext before, none now', before: [refund({ time: ago(MINUTE_MS) })], db: 0 },
  ])('$when: $db dB', check);
});

describe('CO3, more than was ever ordered', () => {
  const order = (yuan: number, ms = DAY_MS) => ordered({ time: ago(ms), yuan });
  it.each<Row>([
    { when: 'no order told', subject: refund({ yuan: 90_000 }), db: 9 },
    {
      when: 'exactly 10 × the orders',
      before: [order(100)],
      subject: refund({ yuan: 1000 }),
      db: 9,
    },
    { when: 'a fen more', before: [order(100)], subject: refund({ yuan: 1000.01 }), db: 12 },
    {
      when: 'two orders',
      before: [order(60), order(40)],
      subject: refund({ yuan: 1000 }),
      db: 9,
    },
    {
      when: 'ordered 7 days before',
      before: [order(100, 7 * DAY_MS)],
      subject: refund({ yuan: 1001 }),
      db: 12,
    },
    {
      when: 'ordered 7 days before, besides a small one',
      before: [order(1000, 7 * DAY_MS), order(1)],
      subject: refund({ yuan: 1001 }),
      db: 9,
    },
    {
      when: 'ordered 7 days and 1 ms before, besides a small one',
      before: [order(1000, 7 * DAY_MS + 1), order(1)],
      subject: refund({ yuan: 1001 }),
      db: 12,
    },
    {
      when: 'together with an attempt to another person',
      before: [order(100), transfer({ time: ago(HOUR_MS), yuan: 900, to: { accountId: 'p-2' } })],
      subject: refund({ yuan: 101 }),
      db: 12,
    },
    {
      when: 'together with an attempt of more than 24 h before',
      before: [order(100), transfer({ time: ago(DAY_MS + 1), yuan: 900 })],
      subject: refund({ yuan: 101 }),
      db: 9,
    },
    {
      when: 'together with what went to a shop',
      before: [order(100), transfer({ time: ago(HOUR_MS), yuan: 900, to: SHOP })],
      subject: refund({ yuan: 101 }),
      db: 9,
    },
    {
      when: 'together with what went to an own account',
      before: [order(100), transfer({ time: ago(HOUR_MS), yuan: 900, to: OWN })],
      subject: refund({ yuan: 101 }),
      db: 9,
    },
    {
      when: 'a brand besides: +3 once',
      before: [order(1)],
      subject: refund({ yuan: 900, remark: '京东退款' }),
      db: 12,
    },
  ])('$when: $db dB', check);

  it('counts no attempt that was cancelled', () => {
    const first = transfer({ time: ago(HOUR_MS), yuan: 900 });
    const before = [order(100), first, cancelled(first, { time: ago(MINUTE_MS) })];
    expect(decibansOf('CO3', { before, subject: refund({ yuan: 101 }) })).toBe(9);
  });
});

describe('CO3 of a draw: of a transfer ≤ 60 min ago', () => {
  const subject = drawRequested();
  it.each<Row>([
    { when: 'none', before: [transfer({ time: ago(MINUTE_MS) })], subject, db: 0 },
    { when: 'a minute ago', before: [refund({ time: ago(MINUTE_MS) })], subject, db: 9 },
    {
      when: 'with a brand',
      before: [refund({ time: ago(1), remark: '京东退款' })],
      subject,
      db: 12,
    },
    { when: '60 min ago', before: [refund({ time: ago(HOUR_MS) })], subject, db: 9 },
    { when: '60 min and 1 ms ago', before: [refund({ time: ago(HOUR_MS + 1) })], subject, db: 0 },
    { when: 'later', before: [refund({ time: NOON + SECOND_MS })], subject, db: 0 },
    { when: 'to a shop', before: [refund({ time: ago(1), to: SHOP })], subject, db: 0 },
    { when: 'by a merchant', before: [refund({ time: ago(1), role: 'merchant' })], subject, db: 0 },
  ])('$when: $db dB', check);
});
