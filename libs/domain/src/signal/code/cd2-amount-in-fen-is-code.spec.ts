/** CD2 by SCORING §3: amount in fen equals a whole code; 5 digits 27 dB, 6 and more 35. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DAY_MS, MINUTE_MS } from '../../kernel/instant.ts';
import { LENDER, OWN, SHOP, ago, code, codeMatched, transfer } from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const check = (row: Row): void => expect(decibansOf('CD2', row)).toBe(row.db);

const seen = (digits: string, ms = MINUTE_MS) => [code(digits, { time: ago(ms), codeId: 'c' })];
const amount = (yuan: number) => transfer({ yuan });

describe('CD2: the amount in fen is a code', () => {
  it.each<Row>([
    { when: 'no code', subject: amount(6919.02), db: 0 },
    { when: 'six digits', before: seen('691902'), subject: amount(6919.02), db: 35 },
    { when: 'six digits, fen zero', before: seen('691900'), subject: amount(6919), db: 35 },
    { when: 'five digits', before: seen('69192'), subject: amount(691.92), db: 27 },
    { when: 'five digits from ¥100', before: seen('10001'), subject: amount(100.01), db: 27 },
    { when: 'five digits below ¥100', before: seen('09999'), subject: amount(99.99), db: 0 },
    {
      when: 'six digits, one a leading zero',
      before: seen('069192'),
      subject: amount(691.92),
      db: 35,
    },
    { when: 'eight digits', before: seen('69190212'), subject: amount(691_902.12), db: 35 },
    { when: 'only a prefix in fen', before: seen('69190234'), subject: amount(6919.02), db: 0 },
    { when: 'one fen off', before: seen('691902'), subject: amount(6919.03), db: 0 },
    {
      when: '40 min old, six digits',
      before: seen('691902', 40 * MINUTE_MS),
      subject: amount(6919.02),
      db: 29,
    },
    {
      when: '24 h old, five digits',
      before: seen('69192', DAY_MS),
      subject: amount(691.92),
      db: 5.5,
    },
    {
      when: '24 h and 1 ms old',
      before: seen('691902', DAY_MS + 1),
      subject: amount(6919.02),
      db: 0,
    },
    {
      when: 'to a shop',
      before: seen('691902'),
      subject: transfer({ yuan: 6919.02, to: SHOP }),
      db: 35,
    },
    {
      when: 'to a lender',
      before: seen('691902'),
      subject: transfer({ yuan: 6919.02, to: LENDER }),
      db: 0,
    },
    {
      when: 'to an own account',
      before: seen('691902'),
      subject: transfer({ yuan: 6919.02, to: OWN }),
      db: 0,
    },
  ])('$when: $db dB', check);

  const subject = transfer({ yuan: 6919.02, transferId: 't' });
  it.each<Row>([
    {
      when: 'six digits',
      before: [codeMatched('t', { time: ago(1), as: 'fen' })],
      subject,
      db: 35,
    },
    {
      when: 'five digits',
      before: [codeMatched('t', { time: ago(1), as: 'fen', digits: 5 })],
      subject,
      db: 27,
    },
    { when: 'in yuan', before: [codeMatched('t', { time: ago(1), as: 'yuan' })], subject, db: 0 },
  ])('matched by the issuer, $when: $db dB', check);
});
