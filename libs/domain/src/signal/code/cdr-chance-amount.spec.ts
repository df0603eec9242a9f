/** CDr by SCORING §3: with CD1–CD3, the amount is ×100 or on the lucky list; −17 dB, at most the match's own weight. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DAY_MS, MINUTE_MS } from '../../kernel/instant.ts';
import { NEW, ago, code, codeMatched, transfer } from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const check = (row: Row): void => expect(decibansOf('CDr', row)).toBe(row.db);

const seen = (digits: string, ms = MINUTE_MS) => [code(digits, { time: ago(ms), codeId: 'c' })];
const amount = (yuan: number) => transfer({ yuan });

describe('CDr: an amount that matches by chance', () => {
  it.each<Row>([
    { when: 'a round amount without a match', subject: amount(5000), db: 0 },
    { when: 'a match that is not round', before: seen('6919'), subject: amount(6919), db: 0 },
    { when: '×100', before: seen('5000'), subject: amount(5000), db: -17 },
    { when: '×10 only', before: seen('5010'), subject: amount(5010), db: 0 },
    { when: 'lucky', before: seen('1888'), subject: amount(1888), db: -17 },
    { when: 'lucky, five digits', before: seen('13140'), subject: amount(13_140), db: -17 },
    { when: 'not on the list', before: seen('1889'), subject: amount(1889), db: 0 },
    { when: 'a round amount in fen', before: seen('500000'), subject: amount(5000), db: -17 },
    { when: 'a round prefix', before: seen('500012'), subject: amount(5000), db: -15 },
    {
      when: 'a round prefix, 20 min old',
      before: seen('500012', 20 * MINUTE_MS),
      subject: amount(5000),
      db: -12,
    },
    {
      when: 'a round code of yesterday',
      before: seen('5000', DAY_MS),
      subject: amount(5000),
      db: -1.5,
    },
    {
      when: 'a match that rounds to nothing',
      before: seen('500012', 319.5 * MINUTE_MS),
      subject: amount(5000),
      db: 0,
    },
    {
      when: 'a match that has faded to nothing',
      before: seen('500012', 320 * MINUTE_MS),
      subject: amount(5000),
      db: 0,
    },
    {
      when: 'a lucky yuan part with fen is not lucky',
      before: seen('1888'),
      subject: amount(1888.5),
      db: 0,
    },
    {
      when: 'a zero typed in front, no match',
      subject: transfer({ yuan: 5000, input: { leadingZero: true, digits: 5 } }),
      db: 0,
    },
    {
      when: 'a round amount to a new person, no match',
      subject: transfer({ yuan: 5000, to: NEW }),
      db: 0,
    },
  ])('$when: $db dB', check);

  it('holds for what the issuer matched', () => {
    const before = [codeMatched('t', { time: ago(1), digits: 4 })];
    const subject = transfer({ yuan: 5000, transferId: 't' });
    expect(decibansOf('CDr', { before, subject })).toBe(-17);
  });
});
