/** A payee that staff vouched for, in the engine and in a replay: what is seen stays seen, and weighs less for a while. */
import { describe, expect, it } from '@jest/globals';
import { Replay } from '#application';
import { NODE_HASHING } from '#config';
import type { DecisionBody, PlatformEvent } from '#domain';
import { rehearsalSettings } from '#testing';
import { DAY, HOUR, MINUTE, T0, draw, transfer } from '../contract/samples.ts';
import { decisionsOf, openDesk } from './engine-desk.ts';

const SETTINGS = rehearsalSettings();
const LANDLORD = { accountId: 'landlord', kind: 'bank_card', ownership: 'other' } as const;
const quiet = { payeeId: 'landlord', from: T0, until: T0 + 30 * DAY };

/** A loan, and half an hour later the rent: held without more. */
function rent(day: number): readonly PlatformEvent[] {
  const at = T0 + day * DAY + HOUR;
  const loan = draw({ time: at, firstDraw: true });
  const paid = transfer({
    time: at + 30 * MINUTE,
    payee: { ...LANDLORD, firstPaidAt: T0 - 40 * DAY, paidCount: 1 },
    amount: { currency: 'CNY', minor: 9_000_00 },
  });
  return [loan, paid];
}

const seen = (decision: DecisionBody | undefined) => ({
  outcome: decision?.outcome,
  codes: decision?.reasons.map(({ code }) => code),
});

async function engined(events: readonly PlatformEvent[], vouched: boolean) {
  const desk = openDesk();
  if (vouched) {
    await desk.store.unitOfWork.run((tx) =>
      desk.store.quietStore.save(tx, {
        quietId: 'q',
        partition: 0,
        payerId: 'payer-1',
        reason: 'verified',
        by: 'console',
        ...quiet,
      }),
    );
  }
  return seen(decisionsOf(await desk.take(events, SETTINGS))[0]);
}

function replayed(events: readonly PlatformEvent[], vouched: boolean) {
  const replay = new Replay(
    SETTINGS,
    NODE_HASHING,
    vouched ? new Map([['payer-1', [quiet]]]) : undefined,
  );
  const entries = events.flatMap((event) => {
    const result = replay.offer(event, event.id);
    return result.kind === 'taken' ? result.entries : [];
  });
  return seen(decisionsOf(entries)[0]);
}

describe('the rent, paid out of a loan', () => {
  it('is held, and let through with a reason once staff vouched for the landlord', async () => {
    expect(await engined(rent(1), false)).toMatchObject({ outcome: 'hold' });
    const vouched = await engined(rent(1), true);
    expect(vouched).toMatchObject({ outcome: 'allow' });
    // What speaks for a scam is still said.
    expect(vouched.codes).toEqual(expect.arrayContaining(['QUIET', 'CR1', 'CR2']));
  });

  it('is held again after the last day', async () => {
    expect(await engined(rent(29), true)).toMatchObject({ outcome: 'allow' });
    expect(await engined(rent(30), true)).toMatchObject({ outcome: 'hold' });
  });

  it.each([true, false])('is decided the same in a replay (vouched: %s)', async (vouched) => {
    for (const day of [1, 29, 30]) {
      const events = rent(day);
      expect(replayed(events, vouched)).toEqual(await engined(events, vouched));
    }
  });

  it('stays held when staff vouch afterwards: no evidence lifts a hold', async () => {
    const desk = openDesk();
    const events = rent(1);
    await desk.take(events, SETTINGS);
    await desk.store.unitOfWork.run((tx) =>
      desk.store.quietStore.save(tx, {
        quietId: 'q',
        partition: 0,
        payerId: 'payer-1',
        reason: 'verified',
        by: 'console',
        ...quiet,
        from: (events[1]?.time ?? 0) + 1,
      }),
    );
    const late = draw({ time: (events[1]?.time ?? 0) - MINUTE, lender: 'webank', product: 'x' });
    await desk.take([late], SETTINGS);
    const { holds } = await desk.store.holdStore.list({ state: 'open', limit: 9 });
    expect(holds).toHaveLength(1);
  });
});
