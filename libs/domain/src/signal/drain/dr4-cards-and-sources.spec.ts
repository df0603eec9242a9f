/** DR4 by SCORING §3: in session a failed bind, a new own card, or another source after an attempt that did not go; 4 dB. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/instant.ts';
import {
  NOON,
  SHOP,
  ago,
  cancelled,
  drawRequested,
  failed,
  session,
  settled,
  transfer,
  type TransferGiven,
} from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const check = (row: Row): void => expect(decibansOf('DR4', row)).toBe(row.db);

const bind = (ms: number) => session('card_bind_failed', { time: ago(ms) });
const bound = (ms: number) => session('card_bound', { time: ago(ms) });

describe('DR4, cards', () => {
  it.each<Row>([
    { when: 'none', db: 0 },
    { when: 'a failed bind', before: [bind(MINUTE_MS)], db: 4 },
    { when: 'a failed bind 60 min before', before: [bind(HOUR_MS)], db: 4 },
    { when: 'a failed bind before the session', before: [bind(HOUR_MS + 1)], db: 0 },
    { when: 'a failed bind 5 s after', before: [bind(-5 * SECOND_MS)], db: 4 },
    { when: 'a failed bind 5.001 s after', before: [bind(-5 * SECOND_MS - 1)], db: 0 },
    { when: 'a card bound', before: [bound(MINUTE_MS)], db: 4 },
    { when: 'a card bound before the session', before: [bound(HOUR_MS + 1)], db: 0 },
    { when: 'both: one reason', before: [bind(2), bound(1)], db: 4 },
    { when: 'to a shop', before: [bound(1)], subject: transfer({ to: SHOP }), db: 4 },
    { when: 'of a draw, a failed bind', before: [bind(1)], subject: drawRequested(), db: 4 },
    { when: 'of a draw, a card bound', before: [bound(1)], subject: drawRequested(), db: 4 },
    { when: 'a payee added is no card', before: [session('payee_added', { time: ago(1) })], db: 0 },
  ])('$when: $db dB', check);
});

describe('DR4, another source', () => {
  const first = (given: TransferGiven = {}) =>
    transfer({ from: 'yuebao', time: ago(MINUTE_MS), ...given });
  const subject = transfer({ from: 'bank_card' });
  const ends = (end: typeof failed, given: TransferGiven = {}): Row['before'] => {
    const attempt = first(given);
    return [attempt, end(attempt, { time: ago(SECOND_MS) })];
  };
  it.each<Row>([
    { when: 'nothing before', subject, db: 0 },
    { when: 'after one that failed', before: ends(failed) ?? [], subject, db: 4 },
    { when: 'after one that was cancelled', before: ends(cancelled) ?? [], subject, db: 4 },
    { when: 'after one that settled', before: ends(settled) ?? [], subject, db: 0 },
    { when: 'after one that goes', before: [first()], subject, db: 0 },
    {
      when: 'after one that is held',
      before: [first({ to: { accountId: 'mule' } })],
      subject: transfer({ from: 'bank_card', to: { accountId: 'mule' } }),
      beside: { listed: ['mule'] },
      db: 4,
    },
    {
      when: 'the same source',
      before: ends(failed) ?? [],
      subject: transfer({ from: 'yuebao' }),
      db: 0,
    },
    {
      when: 'to another payee',
      before: ends(failed, { to: { accountId: 'b' } }) ?? [],
      subject,
      db: 0,
    },
    {
      when: 'before the session',
      before: ends(failed, { time: ago(HOUR_MS + 1) }) ?? [],
      subject,
      db: 0,
    },
    { when: 'later', before: ends(failed, { time: NOON + 1 }) ?? [], subject, db: 0 },
    {
      when: 'that fails within the 5 s',
      before: ((attempt) => [attempt, failed(attempt, { time: NOON + 5 * SECOND_MS })])(first()),
      subject,
      db: 4,
    },
    {
      when: 'that fails 5.001 s after',
      before: ((attempt) => [attempt, failed(attempt, { time: NOON + 5 * SECOND_MS + 1 })])(
        first(),
      ),
      subject,
      db: 0,
    },
    { when: 'of a draw', before: ends(failed) ?? [], subject: drawRequested(), db: 0 },
  ])('$when: $db dB', check);
});
