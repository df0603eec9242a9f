/** CR3 by SCORING §3: draws from ≥ 2 different lenders in 24 h; 8 dB. */
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
  lineOpened,
  transfer,
} from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const check = (row: Row): void => expect(decibansOf('CR3', row)).toBe(row.db);

const ant = drawn({ time: ago(MINUTE_MS) });
const webank = (ms: number, drawId = 'd-webank') =>
  drawn({ time: ago(ms), lender: 'webank', product: 'weilidai', drawId });

describe('CR3: a second lender', () => {
  it.each<Row>([
    { when: 'no draw', db: 0 },
    { when: 'one lender', before: [ant], db: 0 },
    { when: 'two lenders', before: [ant, webank(2 * MINUTE_MS)], db: 8 },
    {
      when: 'two products of one lender',
      before: [ant, drawn({ time: ago(2), product: 'huabei' })],
      db: 0,
    },
    {
      when: 'one product name of two lenders',
      before: [ant, drawn({ time: ago(2), lender: 'unknown-lender', product: 'jiebei' })],
      db: 8,
    },
    {
      when: 'three lenders',
      before: [ant, webank(2), drawn({ time: ago(3), lender: 'zhaolian', product: 'zhaolian' })],
      db: 8,
    },
    { when: 'the other 24 h before', before: [ant, webank(DAY_MS)], db: 8 },
    { when: 'the other 24 h and 1 ms before', before: [ant, webank(DAY_MS + 1)], db: 0 },
    { when: 'the other 5 s after', before: [ant, webank(-5 * SECOND_MS)], db: 8 },
    { when: 'the other 5.001 s after', before: [ant, webank(-5 * SECOND_MS - 1)], db: 0 },
    {
      when: 'the other only requested',
      before: [ant, drawRequested({ time: ago(2), lender: 'webank', product: 'weilidai' })],
      db: 8,
    },
    {
      when: 'the other cancelled',
      before: [
        ant,
        webank(2),
        drawCancelled({
          time: ago(1),
          lender: 'webank',
          product: 'weilidai',
          drawId: 'd-webank',
        }),
      ],
      db: 0,
    },
    {
      when: 'the other cancelled by an id that another lender gave, too',
      before: [ant, webank(2, 'd'), drawCancelled({ time: ago(1), drawId: 'd' })],
      db: 8,
    },
    {
      when: 'only a line with the other',
      before: [ant, lineOpened({ time: ago(2), lender: 'webank' })],
      db: 0,
    },
  ])('$when: $db dB', check);

  const before = [ant, webank(2 * MINUTE_MS)];
  it.each<Row>([
    { when: 'to a shop from ¥1,000', before, subject: transfer({ to: SHOP }), db: 8 },
    { when: 'to a shop below ¥1,000', before, subject: transfer({ to: SHOP, yuan: 999 }), db: 0 },
    { when: 'to an own account', before, subject: transfer({ to: OWN }), db: 0 },
    {
      when: 'of a draw that is the second lender’s',
      before: [ant],
      subject: drawRequested({ lender: 'webank', product: 'weilidai' }),
      db: 8,
    },
    { when: 'of a draw that is the same lender’s', before: [ant], subject: drawRequested(), db: 0 },
  ])('$when: $db dB', check);
});
