/** M8 by SCORING §3: ≥ 3 earlier payments to the payee within 24 h of a draw, later repaid; −8 dB. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DAY_MS, MINUTE_MS } from '../../kernel/instant.ts';
import { SHOP, ago, drawRequested, drawn, transfer } from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const before = [drawn({ time: ago(MINUTE_MS) })];
const habit = (n: number, account = 'payee-1') => ({ habits: { [account]: n } });

describe('M8: a habit', () => {
  it.each<Row>([
    { when: 'no counters', before, db: 0 },
    { when: 'two', before, beside: habit(2), db: 0 },
    { when: 'three', before, beside: habit(3), db: -8 },
    { when: 'many', before, beside: habit(40), db: -8 },
    { when: 'with another payee', before, beside: habit(3, 'payee-2'), db: 0 },
    {
      when: 'with a shop',
      before,
      beside: habit(3, 'shop'),
      subject: transfer({ to: SHOP }),
      db: -8,
    },
    {
      when: 'the draw a day old',
      before: [drawn({ time: ago(DAY_MS) })],
      beside: habit(3),
      db: -8,
    },
    { when: 'of a draw', before, beside: habit(3), subject: drawRequested(), db: 0 },
  ])('$when: $db dB', (row) => {
    expect(decibansOf('M8', row)).toBe(row.db);
  });
});
