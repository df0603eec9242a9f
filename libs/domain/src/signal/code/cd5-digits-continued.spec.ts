/** CD5 by SCORING §3: same new payee, 60 min, the digits extend or shorten those of an earlier attempt; 10 dB. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS } from '../../kernel/instant.ts';
import {
  LENDER,
  NEW,
  NOON,
  OWN,
  SHOP,
  ago,
  cancelled,
  failed,
  transfer,
  type TransferGiven,
} from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const check = (row: Row): void => expect(decibansOf('CD5', row)).toBe(row.db);

const toNew = (yuan: number, given: TransferGiven = {}) => transfer({ yuan, to: NEW, ...given });
const earlier = (yuan: number, given: TransferGiven = {}) => [
  toNew(yuan, { time: ago(MINUTE_MS), ...given }),
];

describe('CD5, digits', () => {
  it.each<[string, number, number, number]>([
    ['extended by two digits', 6919, 691_902, 10],
    ['extended by one digit', 6919, 69_191, 10],
    ['extended by one zero', 6919, 69_190, 0],
    ['extended by two zeros', 6919, 691_900, 0],
    ['shortened by two digits', 691_902, 6919, 10],
    ['shortened to four digits', 69_191, 6919, 10],
    ['the shorter has three digits', 691, 6919, 0],
    ['shortened to three digits', 6919, 691, 0],
    ['the same again', 6919, 6919, 0],
    ['a digit in front', 6919, 16_919, 0],
    ['another amount', 6919, 5555, 0],
    ['the fen of the whole-yuan amount', 6919, 6919.02, 0],
    ['the ten fen of the whole-yuan amount', 6919, 6919.5, 0],
    ['digits and fen', 6919, 69_191.5, 10],
  ])('%s, ¥%d then ¥%d: %d dB', (_title, first, then, db) => {
    expect(decibansOf('CD5', { before: earlier(first), subject: toNew(then) })).toBe(db);
  });
});

describe('CD5, attempts and payees', () => {
  const subject = toNew(691_902);
  const other = { to: { ...NEW, accountId: 'payee-2' } };
  const both = (to: TransferGiven['to']): Pick<Row, 'before' | 'subject'> => ({
    before: earlier(6919, { to: { ...to } }),
    subject: toNew(691_902, { to: { ...to } }),
  });
  it.each<Row>([
    { when: 'no earlier attempt', subject, db: 0 },
    { when: '60 min before', before: earlier(6919, { time: ago(HOUR_MS) }), subject, db: 10 },
    {
      when: '60 min and 1 ms before',
      before: earlier(6919, { time: ago(HOUR_MS + 1) }),
      subject,
      db: 0,
    },
    { when: 'later', before: earlier(6919, { time: NOON + 1 }), subject, db: 0 },
    { when: 'to another payee', before: earlier(6919, other), subject, db: 0 },
    { when: 'a new shop', ...both({ ...SHOP, ...NEW }), db: 10 },
    { when: 'a person paid before', ...both({ paidCount: 4 }), db: 0 },
    { when: 'a person of whom nothing is known', ...both({}), db: 0 },
    { when: 'a new lender', ...both({ ...LENDER, ...NEW }), db: 0 },
    { when: 'a new own account', ...both({ ...OWN, ...NEW }), db: 0 },
    {
      when: 'now scanned',
      before: earlier(6919),
      subject: toNew(691_902, { input: { mode: 'scanned' } }),
      db: 0,
    },
    {
      when: 'many small attempts in between',
      before: [
        ...earlier(6919, { time: ago(30 * MINUTE_MS) }),
        ...Array.from({ length: 80 }, (_, i) => toNew(5, { time: ago((i + 1) * 1_000) })),
      ],
      subject,
      db: 10,
    },
    {
      when: 'one of several earlier attempts',
      before: [...earlier(6919, { time: ago(2 * MINUTE_MS) }), ...earlier(50)],
      subject,
      db: 10,
    },
  ])('$when: $db dB', check);

  it('counts an attempt that failed or was cancelled', () => {
    const [first] = earlier(6919);
    for (const end of [failed, cancelled]) {
      if (first === undefined) throw new Error('no first attempt');
      const before = [first, end(first, { time: ago(1) })];
      expect(decibansOf('CD5', { before, subject })).toBe(10);
    }
  });
});
