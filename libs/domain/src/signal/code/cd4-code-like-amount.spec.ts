/** CD4 by SCORING §3: a code-like amount to a new person, 4 dB; a second, different one to a new person within 60 min, 8. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/instant.ts';
import {
  INSTITUTION,
  LENDER,
  NEW,
  NOON,
  OWN,
  SHOP,
  ago,
  failed,
  transfer,
  type TransferGiven,
} from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const check = (row: Row): void => expect(decibansOf('CD4', row)).toBe(row.db);

const toNew = (yuan: number, given: TransferGiven = {}) => transfer({ yuan, to: NEW, ...given });

describe('CD4, amounts', () => {
  it.each<[number, number]>([
    [6919, 4],
    [69_191, 4],
    [1001, 4],
    [999, 0],
    [691, 0],
    [6910, 0],
    [6900, 0],
    [6919.02, 0],
    [6919.5, 0],
    [1314, 0],
    [1888, 0],
    [6999, 0],
    [6998, 0],
    [6988, 0],
    [6968, 0],
    [6966, 0],
    [6999.5, 0],
    [6977, 4],
    [6996, 4],
    [9901, 4],
    [98_765, 4],
  ])('¥%d: %d dB', (yuan, db) => {
    expect(decibansOf('CD4', { subject: toNew(yuan) })).toBe(db);
  });
});

describe('CD4, payees and ways', () => {
  it.each<Row>([
    { when: 'a person of whom nothing is known', subject: transfer({ yuan: 6919 }), db: 0 },
    { when: 'a person paid before', subject: toNew(6919, { to: { paidCount: 1 } }), db: 0 },
    {
      when: 'a person first paid less than 24 h before',
      subject: toNew(6919, { to: { paidCount: 1, firstPaidAt: ago(DAY_MS - 1) } }),
      db: 4,
    },
    {
      when: 'a person first paid 24 h before',
      subject: toNew(6919, { to: { paidCount: 1, firstPaidAt: ago(DAY_MS) } }),
      db: 0,
    },
    { when: 'a new shop', subject: toNew(6919, { to: { ...SHOP, ...NEW } }), db: 0 },
    { when: 'a new institution', subject: toNew(6919, { to: { ...INSTITUTION, ...NEW } }), db: 0 },
    { when: 'a new lender', subject: toNew(6919, { to: { ...LENDER, ...NEW } }), db: 0 },
    { when: 'a new own account', subject: toNew(6919, { to: { ...OWN, ...NEW } }), db: 0 },
    {
      when: 'a new own account of another name',
      subject: toNew(6919, { to: { ...OWN, ...NEW, nameMatch: 'mismatch' } }),
      db: 4,
    },
    { when: 'an order', subject: toNew(6919, { order: { ref: 'o' } }), db: 0 },
    { when: 'scanned', subject: toNew(6919, { input: { mode: 'scanned' } }), db: 0 },
    { when: 'the order’s amount', subject: toNew(6919, { input: { mode: 'order' } }), db: 0 },
    { when: 'typed', subject: toNew(6919, { input: { mode: 'typed' } }), db: 4 },
  ])('$when: $db dB', check);
});

describe('CD4, a second one', () => {
  const subject = toNew(6919);
  const earlier = (yuan: number, given: TransferGiven = {}) => [
    toNew(yuan, { time: ago(MINUTE_MS), ...given }),
  ];
  it.each<Row>([
    { when: 'a different one', before: earlier(4821), subject, db: 8 },
    {
      when: 'a different one to another new person',
      before: earlier(4821, { to: { ...NEW, accountId: 'payee-2' } }),
      subject,
      db: 8,
    },
    { when: 'the same one again', before: earlier(6919), subject, db: 4 },
    { when: '60 min before', before: earlier(4821, { time: ago(HOUR_MS) }), subject, db: 8 },
    {
      when: '60 min and 1 ms before',
      before: earlier(4821, { time: ago(HOUR_MS + 1) }),
      subject,
      db: 4,
    },
    { when: 'later', before: earlier(4821, { time: NOON + 1 }), subject, db: 4 },
    {
      when: 'to a person who was not new',
      before: earlier(4821, { to: { paidCount: 1 } }),
      subject,
      db: 4,
    },
    { when: 'to a new shop', before: earlier(4821, { to: { ...SHOP, ...NEW } }), subject, db: 4 },
    { when: 'one that is not code-like', before: earlier(4820), subject, db: 4 },
    { when: 'one with an order', before: earlier(4821, { order: { ref: 'o' } }), subject, db: 4 },
    {
      when: 'one that was scanned',
      before: earlier(4821, { input: { mode: 'scanned' } }),
      subject,
      db: 4,
    },
    { when: 'this one is not code-like', before: earlier(4821), subject: toNew(6910), db: 0 },
  ])('$when: $db dB', check);

  it('counts one that failed', () => {
    const first = toNew(4821, { time: ago(MINUTE_MS) });
    expect(decibansOf('CD4', { before: [first, failed(first, { time: ago(1) })], subject })).toBe(
      8,
    );
  });
});
