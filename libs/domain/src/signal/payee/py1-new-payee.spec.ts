/** PY1 by SCORING §1 and §3: new payee = `paidCount` 0, or `firstPaidAt` less than 24 h before; both absent = not new; 5 dB. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS } from '../../kernel/instant.ts';
import {
  INSTITUTION,
  NEW,
  SHOP,
  ago,
  drawRequested,
  settled,
  transfer,
} from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);

const earlier = transfer({ to: NEW, time: ago(HOUR_MS) });

describe('PY1: a new payee', () => {
  it.each<Row>([
    { when: 'nothing is known', db: 0 },
    { when: 'never paid', subject: transfer({ to: NEW }), db: 5 },
    { when: 'paid once', subject: transfer({ to: { paidCount: 1 } }), db: 0 },
    {
      when: 'first paid less than 24 h before',
      subject: transfer({ to: { firstPaidAt: ago(DAY_MS - 1) } }),
      db: 5,
    },
    {
      when: 'first paid 24 h before',
      subject: transfer({ to: { firstPaidAt: ago(DAY_MS) } }),
      db: 0,
    },
    {
      when: 'paid often, all of it within a day',
      subject: transfer({ to: { paidCount: 7, firstPaidAt: ago(HOUR_MS) } }),
      db: 5,
    },
    {
      when: 'a count of 0 beside an old first payment',
      subject: transfer({ to: { paidCount: 0, firstPaidAt: ago(300 * DAY_MS) } }),
      db: 5,
    },
    { when: 'a new shop', subject: transfer({ to: { ...SHOP, ...NEW } }), db: 5 },
    { when: 'a new institution', subject: transfer({ to: { ...INSTITUTION, ...NEW } }), db: 5 },
    {
      when: 'requests in the stream do not end it',
      before: [earlier, settled(earlier, { time: ago(1) })],
      subject: transfer({ to: NEW }),
      db: 5,
    },
    {
      when: 'requests in the stream do not begin it',
      before: [earlier],
      subject: transfer({}),
      db: 0,
    },
    { when: 'of a draw', before: [earlier], subject: drawRequested(), db: 0 },
  ])('$when: $db dB', (row) => {
    expect(decibansOf('PY1', row)).toBe(row.db);
  });
});
