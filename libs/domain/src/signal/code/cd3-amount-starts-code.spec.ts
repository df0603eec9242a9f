/** CD3 by SCORING §3: the yuan part equals a prefix of a code, or a whole code while fen are not zero; 15 dB. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { MINUTE_MS } from '../../kernel/instant.ts';
import { LENDER, OWN, SHOP, ago, code, codeMatched, transfer } from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const check = (row: Row): void => expect(decibansOf('CD3', row)).toBe(row.db);

const seen = (digits: string, ms = MINUTE_MS) => [code(digits, { time: ago(ms), codeId: 'c' })];
const amount = (yuan: number) => transfer({ yuan });

describe('CD3: the amount begins like a code', () => {
  it.each<Row>([
    { when: 'no code', subject: amount(6919), db: 0 },
    { when: 'four of six digits', before: seen('691902'), subject: amount(6919), db: 15 },
    { when: 'five of six digits', before: seen('691902'), subject: amount(69_190), db: 15 },
    { when: 'three of six digits', before: seen('691902'), subject: amount(691), db: 0 },
    {
      when: 'four of six digits, with fen',
      before: seen('691902'),
      subject: amount(6919.5),
      db: 15,
    },
    { when: 'four of seven after a zero', before: seen('0691902'), subject: amount(6919), db: 15 },
    { when: 'the last four digits', before: seen('026919'), subject: amount(6919), db: 0 },
    { when: 'the whole code with fen', before: seen('6919'), subject: amount(6919.5), db: 15 },
    {
      when: 'the whole five-digit code with fen',
      before: seen('06919'),
      subject: amount(6919.01),
      db: 15,
    },
    {
      when: 'the whole code without fen is CD1',
      before: seen('6919'),
      subject: amount(6919),
      db: 0,
    },
    { when: 'the code in fen is CD2', before: seen('691902'), subject: amount(6919.02), db: 0 },
    { when: '20 min old', before: seen('691902', 20 * MINUTE_MS), subject: amount(6919), db: 12 },
    {
      when: '300 min old: 15 − 3·log2(30)',
      before: seen('691902', 300 * MINUTE_MS),
      subject: amount(6919),
      db: 0.3,
    },
    {
      when: '320 min old, five doublings',
      before: seen('691902', 320 * MINUTE_MS),
      subject: amount(6919),
      db: 0,
    },
    {
      when: '12 h old, not below 0',
      before: seen('691902', 720 * MINUTE_MS),
      subject: amount(6919),
      db: 0,
    },
    {
      when: 'to a shop',
      before: seen('691902'),
      subject: transfer({ yuan: 6919, to: SHOP }),
      db: 15,
    },
    {
      when: 'to a lender',
      before: seen('691902'),
      subject: transfer({ yuan: 6919, to: LENDER }),
      db: 0,
    },
    {
      when: 'to an own account',
      before: seen('691902'),
      subject: transfer({ yuan: 6919, to: OWN }),
      db: 0,
    },
  ])('$when: $db dB', check);

  const subject = transfer({ yuan: 6919.5, transferId: 't' });
  it.each<Row>([
    {
      when: 'a prefix as yuan part',
      before: [codeMatched('t', { time: ago(1), form: 'prefix', as: 'yuan_part', digits: 4 })],
      subject,
      db: 15,
    },
    {
      when: 'a prefix as yuan',
      before: [codeMatched('t', { time: ago(1), form: 'prefix', as: 'yuan', digits: 4 })],
      subject,
      db: 15,
    },
    {
      when: 'the whole code as yuan part',
      before: [codeMatched('t', { time: ago(1), form: 'full', as: 'yuan_part', digits: 4 })],
      subject,
      db: 15,
    },
  ])('matched by the issuer, $when: $db dB', check);
});
