/** CR4 by SCORING §3: a product's draws in 24 h ≥ 90 % of its `limit`; 4 dB. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../kernel/instant.ts';
import {
  OWN,
  SHOP,
  ago,
  drawCancelled,
  drawRequested,
  drawn,
  transfer,
} from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const check = (row: Row): void => expect(decibansOf('CR4', row)).toBe(row.db);

const used = (yuan: number, limit: number, ms = MINUTE_MS) => [
  drawn({ time: ago(ms), yuan, limit, drawId: 'd' }),
];

describe('CR4: a limit used up', () => {
  it.each<Row>([
    { when: 'no draw', db: 0 },
    { when: 'no limit is told', before: [drawn({ time: ago(1), yuan: 34_000 })], db: 0 },
    { when: 'all of it', before: used(34_000, 34_000), db: 4 },
    { when: '90 %', before: used(900, 1000), db: 4 },
    { when: 'a fen less than 90 %', before: used(899.99, 1000), db: 0 },
    { when: 'more than the limit', before: used(1001, 1000), db: 4 },
    {
      when: 'two draws of the product',
      before: [...used(500, 1000), drawn({ time: ago(1), yuan: 400, limit: 1000 })],
      db: 4,
    },
    {
      when: 'two draws of two products',
      before: [
        ...used(500, 1000),
        drawn({ time: ago(1), yuan: 400, limit: 1000, product: 'huabei' }),
      ],
      db: 0,
    },
    {
      when: 'two draws, one of more than 24 h before',
      before: [
        drawn({ time: ago(DAY_MS + 1), yuan: 500, limit: 1000 }),
        drawn({ time: ago(1), yuan: 400, limit: 1000 }),
      ],
      db: 0,
    },
    { when: '24 h before', before: used(900, 1000, DAY_MS), db: 4 },
    { when: '24 h and 1 ms before', before: used(900, 1000, DAY_MS + 1), db: 0 },
    { when: '5 s after', before: used(900, 1000, -5 * SECOND_MS), db: 4 },
    { when: '5.001 s after', before: used(900, 1000, -5 * SECOND_MS - 1), db: 0 },
    {
      when: 'request and payout of one draw count once',
      before: [
        drawRequested({ time: ago(2), yuan: 500, limit: 1000, drawId: 'd' }),
        drawn({ time: ago(1), yuan: 500, limit: 1000, drawId: 'd' }),
      ],
      db: 0,
    },
    {
      when: 'only requested',
      before: [drawRequested({ time: ago(2), yuan: 950, limit: 1000 })],
      db: 4,
    },
    {
      when: 'cancelled',
      before: [...used(950, 1000), drawCancelled({ time: ago(1), drawId: 'd', yuan: 950 })],
      db: 0,
    },
    {
      when: 'one product of two is used up',
      before: [
        ...used(10, 1000),
        drawn({ time: ago(1), yuan: 950, limit: 1000, product: 'huabei' }),
      ],
      db: 4,
    },
  ])('$when: $db dB', check);

  const before = used(950, 1000);
  it.each<Row>([
    { when: 'to a shop from ¥1,000', before, subject: transfer({ to: SHOP }), db: 4 },
    { when: 'to a shop below ¥1,000', before, subject: transfer({ to: SHOP, yuan: 999 }), db: 0 },
    { when: 'to an own account', before, subject: transfer({ to: OWN }), db: 0 },
    { when: 'by the draw itself', subject: drawRequested({ yuan: 950, limit: 1000 }), db: 4 },
    { when: 'not by the draw itself', subject: drawRequested({ yuan: 899, limit: 1000 }), db: 0 },
    {
      when: 'by the draw and one before it',
      before: used(450, 1000),
      subject: drawRequested({ yuan: 450, limit: 1000, drawId: 'd2' }),
      db: 4,
    },
  ])('$when: $db dB', check);
});
