/** CD0 by SCORING §3: what was typed starts with 0 and has ≥ 3 digits before any point; 15 dB. And the head row of its family. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { MINUTE_MS } from '../../kernel/instant.ts';
import {
  INSTITUTION,
  LENDER,
  OWN,
  SHOP,
  ago,
  drawRequested,
  session,
  transfer,
} from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const check = (row: Row): void => expect(decibansOf('CD0', row)).toBe(row.db);

const zero = { leadingZero: true, digits: 5 };
const typed = (given: Parameters<typeof transfer>[0]) => transfer({ input: zero, ...given });

describe('CD0: a number typed as an amount', () => {
  it.each<Row>([
    { when: 'no input is told', db: 0 },
    { when: 'no zero in front', subject: transfer({ input: { leadingZero: false } }), db: 0 },
    { when: 'five digits', subject: typed({}), db: 15 },
    { when: 'three digits', subject: typed({ input: { ...zero, digits: 3 } }), db: 15 },
    { when: 'two digits', subject: typed({ input: { ...zero, digits: 2 } }), db: 0 },
    { when: 'pasted', subject: typed({ input: { ...zero, mode: 'pasted' } }), db: 15 },
    { when: 'scanned', subject: typed({ input: { ...zero, mode: 'scanned' } }), db: 0 },
    { when: 'given by the order', subject: typed({ input: { ...zero, mode: 'order' } }), db: 0 },
    { when: '¥100', subject: typed({ yuan: 100 }), db: 15 },
    { when: '¥99.99', subject: typed({ yuan: 99.99 }), db: 0 },
    { when: 'to a shop', subject: typed({ to: SHOP }), db: 15 },
    { when: 'to an institution', subject: typed({ to: INSTITUTION }), db: 15 },
    { when: 'to a lender', subject: typed({ to: LENDER }), db: 0 },
    { when: 'to an own account', subject: typed({ to: OWN }), db: 0 },
    {
      when: 'to an own account while the screen is watched',
      before: [session('remote_control', { time: ago(MINUTE_MS) })],
      subject: typed({ to: OWN }),
      db: 15,
    },
    {
      when: 'to an own account of another name',
      subject: typed({ to: { ...OWN, nameMatch: 'mismatch' } }),
      db: 15,
    },
    {
      when: 'of a draw, after a transfer that had it',
      before: [typed({ time: ago(MINUTE_MS) })],
      subject: drawRequested(),
      db: 0,
    },
  ])('$when: $db dB', check);
});
