/** A payee whom several strangers pay on one day, replayed: whoever paid first is assessed again, in whatever order it is told. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Replay } from '#application';
import { NODE_HASHING } from '#config';
import { defaultNotices, defaultPolicy, makeCodeBook } from '#contracts';
import type { PlatformEvent, TransferRequested } from '#domain';
import { HOUR, T0, freshId, transfer } from './samples.ts';

const SETTINGS = {
  policy: defaultPolicy(),
  notices: defaultNotices(),
  codeBook: makeCodeBook(new Map()),
};
const MULE = { accountId: 'mule', kind: 'wallet', ownership: 'other', paidCount: 0 } as const;

interface Made {
  readonly sequence: number;
  readonly codes: readonly string[];
}

/** The decisions about each transfer, in the order in which they are made. */
function replayed(events: readonly PlatformEvent[]): ReadonlyMap<string, readonly Made[]> {
  const replay = new Replay(SETTINGS, NODE_HASHING);
  const made = new Map<string, Made[]>();
  for (const event of events) {
    const result = replay.offer(event, event.id);
    if (result.kind !== 'taken') continue;
    for (const { type, body, personal } of result.entries) {
      if (type !== 'decision.made') continue;
      const { id } = personal['subject'] as { readonly id: string };
      const codes = (body['reasons'] as readonly { readonly code: string }[]).map(
        ({ code }) => code,
      );
      const decision = { sequence: body['sequence'] as number, codes };
      made.set(id, [...(made.get(id) ?? []), decision]);
    }
  }
  return made;
}

const pay = (payerId: string, time: number, yuan = 2_000): TransferRequested =>
  transfer({ payerId, time, payee: MULE, amount: { currency: 'CNY', minor: yuan * 100 } });
const failed = (of: TransferRequested): PlatformEvent => ({
  kind: 'transfer.failed',
  source: of.source,
  id: freshId('failed'),
  time: of.time + 1,
  payer: of.payer,
  transferId: of.transferId,
  reason: 'other',
});
const lastCodes = (made: ReadonlyMap<string, readonly Made[]>, of: TransferRequested) =>
  made.get(of.transferId)?.at(-1)?.codes ?? [];

describe('a payee whom strangers pay on one day', () => {
  it('is found with the fourth of them, also for those who came before', () => {
    const four = ['a', 'b', 'c', 'd'].map((payer, hour) => pay(payer, T0 + hour * HOUR));
    const three = replayed(four.slice(0, 3));
    for (const one of four.slice(0, 3)) expect(lastCodes(three, one)).not.toContain('PY3');
    const all = replayed(four);
    for (const one of four) expect(lastCodes(all, one)).toContain('PY3');
    expect(four.map(({ transferId }) => all.get(transferId)?.length)).toEqual([2, 2, 2, 1]);
  });

  it('is not found where one of the four attempts failed, or was made a day later', () => {
    const four = ['a', 'b', 'c', 'd'].map((payer) => pay(payer, T0));
    const [first, second, third, fourth] = four as [
      TransferRequested,
      TransferRequested,
      TransferRequested,
      TransferRequested,
    ];
    const broken = replayed([first, failed(first), second, third, fourth]);
    expect(lastCodes(broken, fourth)).not.toContain('PY3');
    const later = pay('d', T0 + 24 * HOUR);
    expect(lastCodes(replayed([first, second, third, later]), later)).not.toContain('PY3');
  });

  it('is found for the same transfers in any order', () => {
    const payments = fc.array(
      fc.record({
        payer: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
        hours: fc.integer({ min: 0, max: 40 }),
        yuan: fc.constantFrom(200, 299, 300, 2_000),
      }),
      { minLength: 3, maxLength: 10 },
    );
    const orders = payments.chain((ones) => {
      const events = ones.map(({ payer, hours, yuan }) => pay(payer, T0 + hours * HOUR, yuan));
      const shuffled = fc.shuffledSubarray(events, { minLength: events.length });
      return fc.record({ events: fc.constant(events), shuffled });
    });
    fc.assert(
      fc.property(orders, ({ events, shuffled }) => {
        const made = replayed(shuffled);
        for (const one of events) {
          const others = new Set(
            events
              .filter((other) => reaches(other, events, one))
              .map(({ payer }) => payer.accountId),
          );
          others.delete(one.payer.accountId);
          const given = (made.get(one.transferId) ?? []).some(({ codes }) => codes.includes('PY3'));
          // Small amounts stay below the next tier: nothing is decided anew about them.
          if (one.amount.minor >= 300_00) expect(given).toBe(others.size >= 3);
          else if (given) expect(others.size).toBeGreaterThanOrEqual(3);
        }
      }),
      { numRuns: 60, seed: 57 },
    );
  });
});

/** Whether the payer had attempted enough by `attempt`, less than a day from `asked`: read from all of the attempts. */
function reaches(
  attempt: TransferRequested,
  all: readonly TransferRequested[],
  asked: TransferRequested,
): boolean {
  const sum = all
    .filter(
      ({ payer, time }) =>
        payer.accountId === attempt.payer.accountId &&
        time <= attempt.time &&
        time > attempt.time - 24 * HOUR,
    )
    .reduce((total, { amount }) => total + amount.minor, 0);
  return Math.abs(attempt.time - asked.time) < 24 * HOUR && sum >= 300_00;
}
