/** What PY3 counts on a payee, by SCORING §3: persons, new to the payer, ¥300 and more, declared contacts left out. */
import { describe, expect, it } from '@jest/globals';
import type { PlatformEvent } from '../event/event.ts';
import { DAY_MS, HOUR_MS } from '../kernel/instant.ts';
import { NEW, NOON, OWN, SHOP, ago, drawRequested, settled, transfer } from '../testing/events.ts';
import { payeeActivityOf } from './kept-evidence.ts';

const to = (payee: Parameters<typeof transfer>[0] & object) => transfer({ yuan: 300, ...payee });

describe('activity on a payee', () => {
  it('names payee, payer, time and amount', () => {
    expect(payeeActivityOf(to({ to: NEW }))).toEqual({
      payeeId: 'payee-1',
      payerId: 'payer-1',
      at: NOON,
      minor: 300_00,
    });
  });

  it.each<[string, PlatformEvent, boolean]>([
    ['¥300', to({ to: NEW }), true],
    ['¥299.99', to({ to: NEW, yuan: 299.99 }), false],
    ['a wallet', to({ to: { ...NEW, kind: 'wallet' } }), true],
    ['a shop', to({ to: { ...SHOP, ...NEW } }), false],
    ['an own account', to({ to: { ...OWN, ...NEW } }), false],
    ['a declared contact', to({ to: { ...NEW, declaredContact: true } }), false],
    ['a payee paid before', to({ to: { paidCount: 1 } }), false],
    ['a payee of whom nothing is known', to({}), false],
    [
      'a payee first paid an hour before',
      to({ to: { paidCount: 2, firstPaidAt: ago(HOUR_MS) } }),
      true,
    ],
    [
      'a payee first paid 24 h before',
      to({ to: { paidCount: 2, firstPaidAt: ago(DAY_MS) } }),
      false,
    ],
    ['a draw', drawRequested({ yuan: 300 }), false],
    ['an outcome', settled(to({ to: NEW })), false],
  ])('%s: %p', (_title, event, counts) => {
    expect(payeeActivityOf(event) !== undefined).toBe(counts);
  });
});
