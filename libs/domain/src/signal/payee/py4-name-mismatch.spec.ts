/** PY4 by SCORING §3: `nameMatch: mismatch`; 8 dB. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { OWN, SHOP, transfer } from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);

describe('PY4: another name', () => {
  it.each<Row>([
    { when: 'not told', db: 0 },
    { when: 'match', subject: transfer({ to: { nameMatch: 'match' } }), db: 0 },
    { when: 'unknown', subject: transfer({ to: { nameMatch: 'unknown' } }), db: 0 },
    { when: 'mismatch', subject: transfer({ to: { nameMatch: 'mismatch' } }), db: 8 },
    { when: 'of a shop', subject: transfer({ to: { ...SHOP, nameMatch: 'mismatch' } }), db: 8 },
    {
      when: 'of an own account',
      subject: transfer({ to: { ...OWN, nameMatch: 'mismatch' } }),
      db: 8,
    },
  ])('$when: $db dB', (row) => {
    expect(decibansOf('PY4', row)).toBe(row.db);
  });
});
