/** Contract of evidence: repeats, windows with their limits, and erasure. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { WindowEvidence } from '#application';
import type { PlatformEvent } from '#domain';
import {
  DAY,
  HOUR,
  MINUTE,
  SOURCE,
  T0,
  code,
  draw,
  ids,
  keep,
  order,
  signal,
  transfer,
  transferEnded,
} from './samples.ts';
import type { OpenStores, StoresUnderTest } from './stores.ts';

const FROM = T0 - 3 * DAY;

export function windowsContract(name: string, open: OpenStores): void {
  describe(`evidence on ${name}`, () => {
    let stores: StoresUnderTest;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ stores, close } = await open());
    });
    afterEach(() => close());

    async function windowOf(payerId = 'payer-1', from = FROM): Promise<WindowEvidence> {
      const [window] = await stores.unitOfWork.run((tx) =>
        stores.engineStore.windows(tx, [{ partition: 0, payerId, from }]),
      );
      if (window === undefined) throw new Error('no window');
      return window;
    }

    it('comes back as it was kept, once', async () => {
      const event = transfer({
        remark: '退款 "引号" \\ \u0000\n',
        order: { ref: 'o', amount: { currency: 'CNY', minor: 1 } },
        payerId: 'payer-1',
      });
      expect(await keep(stores, [event, event])).toBe(1);
      expect(await keep(stores, [event])).toBe(0);
      expect(await keep(stores, [{ ...event, time: T0 + 1 }])).toBe(1);
      const { events } = await windowOf();
      expect(events).toHaveLength(2);
      expect(events).toContainEqual(event);
    });

    it('is read per request in the order asked, each with its own limits', async () => {
      const [a, b, old] = [
        transfer({ payerId: 'a' }),
        transfer({ payerId: 'b' }),
        transfer({ payerId: 'a', time: FROM - 1 }),
      ];
      await keep(stores, [a, b, old]);
      await keep(stores, [transfer({ payerId: 'a' })], 1);
      const windows = await stores.unitOfWork.run((tx) =>
        stores.engineStore.windows(tx, [
          { partition: 0, payerId: 'b', from: FROM },
          { partition: 0, payerId: 'nobody', from: FROM },
          { partition: 0, payerId: 'a', from: FROM },
          { partition: 0, payerId: 'a', from: T0 + 1 },
        ]),
      );
      expect(windows.map((window) => window.payerId)).toEqual(['b', 'nobody', 'a', 'a']);
      expect(windows.map((window) => ids(window.events))).toEqual([[b.id], [], [a.id], []]);
      expect(windows.some((window) => window.windowTruncated)).toBe(false);
    });

    it('keeps orders four days longer', async () => {
      const [within, beyond] = [order(FROM - 4 * DAY), order(FROM - 4 * DAY - 1)];
      const ordinary = transfer({ time: FROM - 1 });
      await keep(stores, [within, beyond, ordinary]);
      expect(ids((await windowOf()).events)).toEqual([within.id]);
    });

    it('of exactly 500 events is whole', async () => {
      const events = Array.from({ length: 500 }, (_, index) => transfer({ time: T0 - index }));
      await keep(stores, events);
      const window = await windowOf();
      expect(ids(window.events)).toEqual(ids(events));
      expect(window).toMatchObject({ windowTruncated: false, cut: [] });
    });

    it('of more is cut: sums for older attempts, lasting kinds whole', async () => {
      const recent = Array.from({ length: 500 }, (_, index) => transfer({ time: T0 - index }));
      const at = T0 - DAY;
      const lasting: PlatformEvent[] = [
        draw({ time: at }),
        draw({ time: at, kind: 'credit.draw-requested' }),
        signal('call_started', at),
        signal('screen_share_ended', at),
        code({ time: at }),
        order(at),
        { ...headerAt(at), kind: 'payer.responded', holdId: 'h', answer: 'coached_yes' },
      ];
      const own = { accountId: 'mine', kind: 'bank_card', ownership: 'own' } as const;
      const failed = transfer({ time: at });
      const cancelled = transfer({ time: at });
      const settled = transfer({ time: at });
      const older: PlatformEvent[] = [
        transfer({ time: at, amount: { currency: 'CNY', minor: 1 } }),
        transfer({ time: at + HOUR - 1, amount: { currency: 'CNY', minor: 10 } }),
        transfer({ time: at + HOUR, amount: { currency: 'CNY', minor: 100 } }),
        transfer({ time: at, amount: { currency: 'JPY', minor: 7 } }),
        transfer({ time: at, payee: own, amount: { currency: 'CNY', minor: 1000 } }),
        failed,
        cancelled,
        settled,
        signal('login', at),
        transferEnded('transfer.failed', failed.transferId, at + MINUTE),
        transferEnded('transfer.settled', settled.transferId, at + MINUTE),
      ];
      // The cancellation is among the newest; it still counts for the older attempt.
      recent[0] = transfer({ time: T0 - 600 });
      const newest = transferEnded('transfer.cancelled', cancelled.transferId, T0);
      await keep(stores, [...recent, newest, ...lasting, ...older]);
      const window = await windowOf();
      const kept = [newest, ...recent.slice(1), ...lasting];
      expect(ids(window.events)).toEqual(ids(kept));
      expect(window.windowTruncated).toBe(true);
      const payeeId = 'payee-1';
      const expected = [
        { payeeId, hour: at, currency: 'CNY', own: false, count: 3, minor: 11 + 500_00 },
        { payeeId, hour: at + HOUR, currency: 'CNY', own: false, count: 1, minor: 100 },
        { payeeId, hour: at, currency: 'JPY', own: false, count: 1, minor: 7 },
        { payeeId: 'mine', hour: at, currency: 'CNY', own: true, count: 1, minor: 1000 },
        { payeeId, hour: T0 - HOUR, currency: 'CNY', own: false, count: 1, minor: 500_00 },
      ];
      expect(window.cut).toHaveLength(expected.length);
      expect(window.cut).toEqual(expect.arrayContaining(expected));
    });

    it('is cut at the same event where many have the same time', async () => {
      const events = Array.from({ length: 510 }, () => transfer());
      await keep(stores, events);
      const window = await windowOf();
      expect(ids(window.events)).toEqual(ids(events).slice(10));
      expect(window.cut).toMatchObject([{ count: 10, minor: 10 * 500_00 }]);
    });

    it('is erased by class and age', async () => {
      const at = T0 - 2 * DAY;
      const kept = [transfer({ time: at }), order(at), code({ time: T0 - HOUR })];
      const gone = [
        code({ time: T0 - DAY - 1 }),
        transfer({ time: T0 - 4 * DAY }),
        draw({ time: T0 - 4 * DAY }),
      ];
      const orders = [order(T0 - 6 * DAY), order(T0 - 8 * DAY)];
      await keep(stores, [...kept, ...gone, ...orders]);
      const retention = { codesMs: DAY, evidenceMs: 3 * DAY };
      expect(await stores.eraseExpired(T0, retention)).toEqual({
        codes: 1,
        evidence: 3,
        payeeActivity: 0,
        habits: 0,
      });
      const left = await windowOf('payer-1', 0);
      expect(ids(left.events)).toEqual(ids([...kept, ...orders.slice(0, 1)]));
    });
  });
}

function headerAt(time: number) {
  return { source: SOURCE, id: `answer ${time}`, time, payer: { accountId: 'payer-1' } };
}
