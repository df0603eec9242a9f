/** CO7 by SCORING §3: `credit.limit-viewed` or `credit_score_viewed` ≤ 15 min before; 4 dB. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { MINUTE_MS, SECOND_MS } from '../../kernel/instant.ts';
import { ago, drawRequested, limitViewed, lineOpened, session } from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);

const limit = (ms: number) => limitViewed({ time: ago(ms) });
const score = (ms: number) => session('credit_score_viewed', { time: ago(ms) });

describe('CO7: how much could be borrowed', () => {
  it.each<Row>([
    { when: 'nothing viewed', db: 0 },
    { when: 'limit, a minute before', before: [limit(MINUTE_MS)], db: 4 },
    { when: 'limit, 15 min before', before: [limit(15 * MINUTE_MS)], db: 4 },
    { when: 'limit, 15 min and 1 ms before', before: [limit(15 * MINUTE_MS + 1)], db: 0 },
    { when: 'limit, 5 s after', before: [limit(-5 * SECOND_MS)], db: 4 },
    { when: 'limit, 5.001 s after', before: [limit(-5 * SECOND_MS - 1)], db: 0 },
    { when: 'score, 15 min before', before: [score(15 * MINUTE_MS)], db: 4 },
    { when: 'score, 15 min and 1 ms before', before: [score(15 * MINUTE_MS + 1)], db: 0 },
    { when: 'both: one reason', before: [limit(1), score(1)], db: 4 },
    { when: 'of a draw', before: [limit(1)], subject: drawRequested(), db: 4 },
    { when: 'a line opened is no look', before: [lineOpened({ time: ago(1) })], db: 0 },
    {
      when: 'the balance is no limit',
      before: [session('balance_viewed', { time: ago(1) })],
      db: 0,
    },
  ])('$when: $db dB', (row) => {
    expect(decibansOf('CO7', row)).toBe(row.db);
  });
});
