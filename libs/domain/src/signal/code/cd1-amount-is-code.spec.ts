/** CD1 by SCORING §3: amount in yuan, fen zero, equals a whole code; and what holds for CD1 to CD3: age, count, the best match. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/instant.ts';
import {
  LENDER,
  NOON,
  OWN,
  SHOP,
  ago,
  cancelled,
  code,
  codeMatched,
  drawRequested,
  failed,
  settled,
  transfer,
} from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf, assessRow } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const check = (row: Row): void => expect(decibansOf('CD1', row)).toBe(row.db);

/** The code of so many digits, seen so long before noon. */
const seen = (digits: string, ms = MINUTE_MS, codeId = 'c') => [
  code(digits, { time: ago(ms), codeId }),
];
const amount = (yuan: number) => transfer({ yuan });

describe('CD1, digits', () => {
  it.each<Row>([
    { when: 'no code was seen', subject: amount(6919), db: 0 },
    { when: 'another amount', before: seen('6919'), subject: amount(6918), db: 0 },
    { when: 'three digits', before: seen('691'), subject: amount(691), db: 0 },
    { when: 'four digits', before: seen('6919'), subject: amount(6919), db: 23 },
    { when: 'four digits, one a leading zero', before: seen('0691'), subject: amount(691), db: 0 },
    { when: 'five digits', before: seen('69192'), subject: amount(69_192), db: 33 },
    {
      when: 'five digits, one a leading zero',
      before: seen('06919'),
      subject: amount(6919),
      db: 33,
    },
    { when: 'six digits', before: seen('691902'), subject: amount(691_902), db: 35 },
    {
      when: 'six digits, two leading zeros',
      before: seen('006919'),
      subject: amount(6919),
      db: 35,
    },
    { when: 'eight digits', before: seen('00006919'), subject: amount(6919), db: 35 },
    { when: 'fen that are not zero', before: seen('6919'), subject: amount(6919.5), db: 0 },
    { when: 'only a prefix of the code', before: seen('691902'), subject: amount(6919), db: 0 },
    { when: 'a suffix of the code', before: seen('026919'), subject: amount(6919), db: 0 },
    {
      when: 'a key that is not known',
      before: [code('6919', { time: ago(MINUTE_MS), keyId: 'rotated-away' })],
      subject: amount(6919),
      db: 0,
    },
    {
      when: 'the code of an expired message: it still dictates',
      before: [code('6919', { time: ago(8 * MINUTE_MS), expiresAt: ago(3 * MINUTE_MS) })],
      subject: amount(6919),
      db: 23,
    },
  ])('$when: $db dB', check);
});

describe('CD1, age', () => {
  const aged = (when: string, ms: number, db: number): Row => ({
    when,
    before: seen('6919', ms),
    subject: amount(6919),
    db,
  });
  it.each<Row>([
    aged('5.001 s after the request', -5 * SECOND_MS - 1, 0),
    aged('5 s after the request', -5 * SECOND_MS, 23),
    aged('10 min', 10 * MINUTE_MS, 23),
    aged('15 min: 23 − 3·log2(1.5)', 15 * MINUTE_MS, 21.2),
    aged('20 min, one doubling', 20 * MINUTE_MS, 20),
    aged('40 min, two doublings', 40 * MINUTE_MS, 17),
    aged('160 min, four doublings', 160 * MINUTE_MS, 11),
    aged('24 h: 23 − 3·log2(144)', DAY_MS, 1.5),
    aged('24 h and 1 ms', DAY_MS + 1, 0),
    {
      when: 'five digits, 24 h',
      before: seen('06919', DAY_MS),
      subject: amount(6919),
      db: 11.5,
    },
    {
      when: 'six digits, 24 h',
      before: seen('006919', DAY_MS),
      subject: amount(6919),
      db: 13.5,
    },
  ])('$when: $db dB', check);
});

describe('CD1, number of codes', () => {
  const many = (n: number) =>
    Array.from({ length: n }, (_, i) => seen(`88${40 + i}`, 2 * MINUTE_MS, `other-${i}`)).flat();
  it.each<Row>([
    { when: 'one other', before: [...seen('6919'), ...many(1)], subject: amount(6919), db: 20 },
    { when: 'two others', before: [...seen('6919'), ...many(2)], subject: amount(6919), db: 18.2 },
    { when: 'nine others', before: [...seen('6919'), ...many(9)], subject: amount(6919), db: 13 },
    {
      when: 'ten in all, half an hour old: 23 − 10 − 3·log2(3)',
      before: [...seen('6919', 30 * MINUTE_MS), ...many(9)],
      subject: amount(6919),
      db: 8.2,
    },
    {
      when: 'one other of more than 24 h before',
      before: [...seen('6919'), ...seen('8840', DAY_MS + 1, 'old')],
      subject: amount(6919),
      db: 23,
    },
    {
      when: 'the same code seen twice, on the page and in a message',
      before: [...seen('6919', 3 * MINUTE_MS), ...seen('6919', 2 * MINUTE_MS)],
      subject: amount(6919),
      db: 23,
    },
    {
      when: 'never below 0',
      before: [...seen('6919', 160 * MINUTE_MS), ...many(20)],
      subject: amount(6919),
      db: 0,
    },
  ])('$when: $db dB', check);
});

describe('CD1, head row of the family', () => {
  const before = seen('6919');
  it.each<Row>([
    { when: 'to a shop', before, subject: transfer({ yuan: 6919, to: SHOP }), db: 23 },
    { when: 'to a lender', before, subject: transfer({ yuan: 6919, to: LENDER }), db: 0 },
    { when: 'to an own account', before, subject: transfer({ yuan: 6919, to: OWN }), db: 0 },
    {
      when: 'scanned',
      before,
      subject: transfer({ yuan: 6919, input: { mode: 'scanned' } }),
      db: 0,
    },
    {
      when: 'the order’s amount',
      before,
      subject: transfer({ yuan: 6919, input: { mode: 'order' } }),
      db: 0,
    },
    {
      when: 'with an order, typed',
      before,
      subject: transfer({ yuan: 6919, input: {}, order: { ref: 'o' } }),
      db: 23,
    },
    { when: 'of a draw', before, subject: drawRequested({ yuan: 6919 }), db: 0 },
  ])('$when: $db dB', check);
});

describe('CD1 to CD3, the best match only', () => {
  it.each([
    ['whole code in fen over its prefix in yuan', [code('691900', { time: ago(1) })], 6919, 'CD2'],
    [
      'a whole code over the prefix of another',
      [code('6919', { time: ago(1) }), code('691902', { time: ago(1) })],
      6919,
      'CD1',
    ],
    [
      'a fresh prefix over a whole code of yesterday',
      [code('6919', { time: ago(DAY_MS) }), code('691902', { time: ago(1) })],
      6919,
      'CD3',
    ],
    [
      'the longer of two whole codes',
      [code('6919', { time: ago(1) }), code('006919', { time: ago(2) })],
      6919,
      'CD1',
    ],
  ] as const)('%s', (_title, before, yuan, best) => {
    const { reasons } = assessRow({ before, subject: amount(yuan) });
    const matches = reasons.filter(({ code: of }) => /^CD[123]$/.test(of));
    expect(matches.map(({ code: of }) => of)).toEqual([best]);
  });
});

describe('CD1, matched by the issuer', () => {
  const subject = transfer({ yuan: 6919, transferId: 't' });
  const match = (given: Parameters<typeof codeMatched>[1]) => codeMatched('t', given);
  it.each<Row>([
    { when: 'six digits', before: [match({ time: ago(MINUTE_MS) })], subject, db: 35 },
    { when: 'five digits', before: [match({ time: ago(1), digits: 5 })], subject, db: 33 },
    { when: 'four digits', before: [match({ time: ago(1), digits: 4 })], subject, db: 23 },
    {
      when: 'hours before: as at age 0',
      before: [match({ time: ago(6 * HOUR_MS), digits: 4 })],
      subject,
      db: 23,
    },
    {
      when: 'hours later, while it can be stopped',
      before: [match({ time: NOON + 20 * HOUR_MS })],
      subject,
      db: 35,
    },
    {
      when: 'of another transfer',
      before: [codeMatched('other', { time: ago(1) })],
      subject,
      db: 0,
    },
    {
      when: 'after it settled',
      before: [settled(subject, { time: NOON + MINUTE_MS }), match({ time: NOON + MINUTE_MS + 1 })],
      subject,
      db: 0,
    },
    {
      when: 'after it failed',
      before: [failed(subject, { time: NOON + MINUTE_MS }), match({ time: NOON + HOUR_MS })],
      subject,
      db: 0,
    },
    {
      when: 'after it was cancelled',
      before: [cancelled(subject, { time: NOON + MINUTE_MS }), match({ time: NOON + HOUR_MS })],
      subject,
      db: 0,
    },
    {
      when: 'within the 5 s, though it settled at once',
      before: [settled(subject, { time: NOON + 1 }), match({ time: NOON + 5 * SECOND_MS })],
      subject,
      db: 35,
    },
    {
      when: 'one of two codes that were observed',
      before: [
        ...seen('1234', MINUTE_MS, 'c-matched'),
        ...seen('5678', MINUTE_MS, 'c-2'),
        match({ time: ago(1) }),
      ],
      subject,
      db: 32,
    },
  ])('$when: $db dB', check);

  it.each<Row>([
    { when: 'below ¥100', subject: transfer({ yuan: 99, transferId: 't' }), db: 0 },
    { when: 'to a lender', subject: transfer({ to: LENDER, transferId: 't' }), db: 0 },
    { when: 'to an own account', subject: transfer({ to: OWN, transferId: 't' }), db: 0 },
    { when: 'scanned', subject: transfer({ input: { mode: 'scanned' }, transferId: 't' }), db: 0 },
  ])('has the exclusions of its family, $when', (row) => {
    check({ ...row, before: [match({ time: ago(1) })] });
  });
});
