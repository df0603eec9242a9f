/** DR3 by SCORING §3: `savings.redeemed` with `share` ≥ 0.90 ≤ 30 min before, to a new person; 5 dB. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { MINUTE_MS, SECOND_MS } from '../../kernel/instant.ts';
import { NEW, OWN, SHOP, ago, drawRequested, redeemed, transfer } from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);

const out = (share: number, ms = MINUTE_MS) => [redeemed({ share, time: ago(ms) })];
const subject = transfer({ to: NEW });

describe('DR3: savings emptied', () => {
  it.each<Row>([
    { when: 'nothing redeemed', subject, db: 0 },
    { when: 'all of it', before: out(100), subject, db: 5 },
    { when: '90 %', before: out(90), subject, db: 5 },
    { when: '89 %', before: out(89), subject, db: 0 },
    { when: '30 min before', before: out(100, 30 * MINUTE_MS), subject, db: 5 },
    { when: '30 min and 1 ms before', before: out(100, 30 * MINUTE_MS + 1), subject, db: 0 },
    { when: '5 s after', before: out(100, -5 * SECOND_MS), subject, db: 5 },
    { when: '5.001 s after', before: out(100, -5 * SECOND_MS - 1), subject, db: 0 },
    { when: 'all of it, then a little more', before: [...out(100), ...out(2, 1)], subject, db: 5 },
    {
      when: 'to a person paid before',
      before: out(100),
      subject: transfer({ to: { paidCount: 2 } }),
      db: 0,
    },
    { when: 'to one of whom nothing is known', before: out(100), subject: transfer(), db: 0 },
    {
      when: 'to a new shop',
      before: out(100),
      subject: transfer({ to: { ...SHOP, ...NEW } }),
      db: 0,
    },
    {
      when: 'to a new own account',
      before: out(100),
      subject: transfer({ to: { ...OWN, ...NEW } }),
      db: 0,
    },
    { when: 'of a draw', before: out(100), subject: drawRequested(), db: 5 },
  ])('$when: $db dB', (row) => {
    expect(decibansOf('DR3', row)).toBe(row.db);
  });
});
