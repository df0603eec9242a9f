/** M2 by SCORING §3: ≥ 3 payments to the payee over ≥ 90 days; −20 dB. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DAY_MS } from '../../kernel/instant.ts';
import { SHOP, ago, drawRequested, session, transfer } from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const known = (paidCount: number, ms: number) =>
  transfer({ to: { paidCount, firstPaidAt: ago(ms) } });

describe('M2: long known', () => {
  it.each<Row>([
    { when: 'nothing is known', db: 0 },
    { when: '3 payments, 90 days', subject: known(3, 90 * DAY_MS), db: -20 },
    { when: '3 payments, 90 days less 1 ms', subject: known(3, 90 * DAY_MS - 1), db: 0 },
    { when: '2 payments, 3 years', subject: known(2, 1000 * DAY_MS), db: 0 },
    {
      when: '40 payments, first time not told',
      subject: transfer({ to: { paidCount: 40 } }),
      db: 0,
    },
    {
      when: '3 years, count not told',
      subject: transfer({ to: { firstPaidAt: ago(1000 * DAY_MS) } }),
      db: 0,
    },
    {
      when: 'a shop',
      subject: transfer({ to: { ...SHOP, paidCount: 9, firstPaidAt: ago(200 * DAY_MS) } }),
      db: -20,
    },
    {
      when: 'while the screen is watched',
      before: [session('remote_control', { time: ago(1) })],
      subject: known(9, 200 * DAY_MS),
      db: -20,
    },
    { when: 'of a draw', subject: drawRequested(), db: 0 },
  ])('$when: $db dB', (row) => {
    expect(decibansOf('M2', row)).toBe(row.db);
  });
});
