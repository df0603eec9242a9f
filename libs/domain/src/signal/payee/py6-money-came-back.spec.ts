/** PY6 by SCORING §3: an earlier transfer to this payee failed with `returned` or `payee_rejected` in 24 h; 8 dB. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/instant.ts';
import type { TransferFailureReason } from '../../event/event.ts';
import { NOON, SHOP, ago, cancelled, failed, settled, transfer } from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const check = (row: Row): void => expect(decibansOf('PY6', row)).toBe(row.db);

/** A transfer two minutes older than its failure. */
function back(reason: TransferFailureReason, ms = HOUR_MS, to = {}) {
  const first = transfer({ time: ago(ms + 2 * MINUTE_MS), to });
  return [first, failed(first, { time: ago(ms), reason })];
}

describe('PY6: money that came back', () => {
  it.each<[TransferFailureReason, number]>([
    ['returned', 8],
    ['payee_rejected', 8],
    ['insufficient_funds', 0],
    ['limit', 0],
    ['other', 0],
  ])('%s: %d dB', (reason, db) => {
    expect(decibansOf('PY6', { before: back(reason) })).toBe(db);
  });

  it.each<Row>([
    { when: 'no earlier transfer', db: 0 },
    {
      when: 'from another payee',
      before: back('returned', HOUR_MS, { accountId: 'payee-2' }),
      db: 0,
    },
    {
      when: 'from a shop to the same shop',
      before: back('returned', HOUR_MS, SHOP),
      subject: transfer({ to: SHOP }),
      db: 8,
    },
    { when: 'less than 24 h before', before: back('returned', DAY_MS - 3 * MINUTE_MS), db: 8 },
    { when: 'more than 24 h before', before: back('returned', DAY_MS + 1), db: 0 },
    {
      when: 'within the 5 s after',
      before: [
        ...((first) => [first, failed(first, { time: NOON + 5 * SECOND_MS, reason: 'returned' })])(
          transfer({ time: ago(1) }),
        ),
      ],
      db: 8,
    },
    {
      when: '5.001 s after',
      before: [
        ...((first) => [
          first,
          failed(first, { time: NOON + 5 * SECOND_MS + 1, reason: 'returned' }),
        ])(transfer({ time: ago(1) })),
      ],
      db: 0,
    },
    {
      when: 'settled',
      before: [
        ...((first) => [first, settled(first, { time: ago(1) })])(transfer({ time: ago(2) })),
      ],
      db: 0,
    },
    {
      when: 'cancelled',
      before: [
        ...((first) => [first, cancelled(first, { time: ago(1) })])(transfer({ time: ago(2) })),
      ],
      db: 0,
    },
  ])('$when: $db dB', check);

  it('is not fired by the transfer’s own failure', () => {
    const subject = transfer({});
    expect(
      decibansOf('PY6', {
        before: [failed(subject, { time: NOON + 1, reason: 'returned' })],
        subject,
      }),
    ).toBe(0);
  });
});
