/** PY2 by SCORING §3: `accountAgeDays` < 30; 6 dB. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { SHOP, transfer } from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);

describe('PY2: a young account', () => {
  it.each<Row>([
    { when: 'age not told', db: 0 },
    { when: 'opened today', subject: transfer({ to: { accountAgeDays: 0 } }), db: 6 },
    { when: '29 days', subject: transfer({ to: { accountAgeDays: 29 } }), db: 6 },
    { when: '30 days', subject: transfer({ to: { accountAgeDays: 30 } }), db: 0 },
    { when: 'a young shop', subject: transfer({ to: { ...SHOP, accountAgeDays: 5 } }), db: 6 },
    {
      when: 'young and paid often',
      subject: transfer({ to: { accountAgeDays: 5, paidCount: 9 } }),
      db: 6,
    },
  ])('$when: $db dB', (row) => {
    expect(decibansOf('PY2', row)).toBe(row.db);
  });
});
