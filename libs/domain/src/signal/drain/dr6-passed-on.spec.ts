/** DR6 by SCORING §3: `funds.received` from ≥ 1 person in 2 h, ≥ 80 % of it now to a new person; 6 dB. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/instant.ts';
import { NEW, OWN, SHOP, ago, drawRequested, received, transfer } from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);

const got = (yuan: number, ms = MINUTE_MS, by = {}) => received({ yuan, time: ago(ms), by });
const on = (yuan: number) => transfer({ yuan, to: NEW });

describe('DR6: passed on', () => {
  it.each<Row>([
    { when: 'nothing received', subject: on(1000), db: 0 },
    { when: 'all of it', before: [got(1000)], subject: on(1000), db: 6 },
    { when: '80 %', before: [got(1000)], subject: on(800), db: 6 },
    { when: 'a fen less than 80 %', before: [got(1000)], subject: on(799.99), db: 0 },
    { when: 'much more than it', before: [got(1000)], subject: on(9000), db: 6 },
    {
      when: 'from two friends',
      before: [got(500), got(500, 2, { accountId: 'f-2' })],
      subject: on(800),
      db: 6,
    },
    {
      when: 'from two friends, less than 80 %',
      before: [got(500), got(500, 2, { accountId: 'f-2' })],
      subject: on(799),
      db: 0,
    },
    { when: '2 h before', before: [got(1000, 2 * HOUR_MS)], subject: on(1000), db: 6 },
    { when: '2 h and 1 ms before', before: [got(1000, 2 * HOUR_MS + 1)], subject: on(1000), db: 0 },
    { when: '5 s after', before: [got(1000, -5 * SECOND_MS)], subject: on(1000), db: 6 },
    { when: '5.001 s after', before: [got(1000, -5 * SECOND_MS - 1)], subject: on(1000), db: 0 },
    { when: 'from a shop', before: [got(1000, 1, { kind: 'merchant' })], subject: on(1000), db: 0 },
    {
      when: 'from an institution',
      before: [got(1000, 1, { kind: 'institution' })],
      subject: on(1000),
      db: 0,
    },
    {
      when: 'from an own account',
      before: [got(1000, 1, { ownership: 'own' })],
      subject: on(1000),
      db: 0,
    },
    {
      when: 'from a bank card of another',
      before: [got(1000, 1, { kind: 'bank_card' })],
      subject: on(1000),
      db: 6,
    },
    {
      when: 'to a person paid before',
      before: [got(1000)],
      subject: transfer({ to: { paidCount: 2 } }),
      db: 0,
    },
    { when: 'to one of whom nothing is known', before: [got(1000)], subject: transfer(), db: 0 },
    {
      when: 'to a new shop',
      before: [got(1000)],
      subject: transfer({ to: { ...SHOP, ...NEW } }),
      db: 0,
    },
    {
      when: 'to a new own account',
      before: [got(1000)],
      subject: transfer({ to: { ...OWN, ...NEW } }),
      db: 0,
    },
    { when: 'of a draw', before: [got(1000)], subject: drawRequested(), db: 0 },
  ])('$when: $db dB', (row) => {
    expect(decibansOf('DR6', row)).toBe(row.db);
  });
});
