/** Orders are given until they are acknowledged: the same sequence, growing gaps, then a person. */
import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '../kernel/instant.ts';
import { NOON } from '../testing/events.ts';
import { ORDER_GAPS_MS, decideResend, newOrder, raised, settledOrder } from './hold-order.ts';
import type { HoldState } from './hold.ts';

const PLACED: HoldState = {
  tier: 'T3',
  profile: 'CN',
  status: 'placed',
  placedAt: NOON,
  dueAt: NOON + 2 * HOUR_MS,
  ceilingAt: NOON + 72 * HOUR_MS,
  expiryAction: 'reconfirm',
  orderSequence: 0,
  attempt: 9,
};

describe('an order that nobody acknowledges', () => {
  it('is given again after gaps that grow, and raised after the last', () => {
    expect(ORDER_GAPS_MS).toEqual([...ORDER_GAPS_MS].sort((a, b) => a - b));
    let hold = newOrder(PLACED, NOON);
    let now = NOON;
    const attempts = [hold.attempt];
    for (const gap of ORDER_GAPS_MS) {
      expect(hold.resendAt).toBe(now + gap);
      expect(decideResend(hold, now + gap - 1)).toEqual({ step: 'none' });
      now += gap;
      const step = decideResend(hold, now);
      if (step.step === 'none') throw new Error('nothing was done when it was time');
      ({ hold } = step);
      attempts.push(hold.attempt);
      expect(hold.orderSequence).toBe(1);
    }
    expect(attempts).toEqual([1, 2, 3, 4, 4]);
    expect(hold).toMatchObject({ raisedAt: now });
    expect(hold.resendAt).toBeUndefined();
    expect(decideResend(hold, now + 99 * HOUR_MS)).toEqual({ step: 'none' });
    expect(now - NOON).toBe(510_000);
  });
});

describe('an order that is', () => {
  const given = newOrder(PLACED, NOON);

  it('acknowledged: is not given again, and nobody has to look any more', () => {
    const settled = settledOrder(raised(given, NOON + 1));
    expect(Object.keys(settled)).not.toContain('resendAt');
    expect(Object.keys(settled)).not.toContain('raisedAt');
    expect(decideResend(settled, NOON + 99 * HOUR_MS)).toEqual({ step: 'none' });
  });

  it('raised twice: is raised since the first time', () => {
    expect(raised(raised(given, NOON + 1), NOON + 2).raisedAt).toBe(NOON + 1);
  });

  it('replaced: the next one begins anew', () => {
    const next = newOrder(raised({ ...given, attempt: 4 }, NOON + 1), NOON + 5);
    expect(next).toEqual({
      ...PLACED,
      orderSequence: 2,
      attempt: 1,
      resendAt: NOON + 5 + (ORDER_GAPS_MS[0] ?? 0),
    });
  });
});
