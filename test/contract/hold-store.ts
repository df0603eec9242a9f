/** Contract of `HoldStore`, and of the rules of a hold's life that every store keeps. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InvariantBroken, TransientFault } from '#application';
import { DAY, HOUR, T0, hold } from './samples.ts';
import type { HoldRow, OpenStores, StoresUnderTest } from './stores.ts';

const END = { at: T0 + HOUR, actor: 'payer', reason: 'payer_cancelled' } as const;

export function holdStoreContract(name: string, open: OpenStores): void {
  describe(`hold store on ${name}`, () => {
    let stores: StoresUnderTest;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ stores, close } = await open());
    });
    afterEach(() => close());

    const save = (...rows: readonly HoldRow[]): Promise<void> =>
      stores.unitOfWork.run((tx) => stores.holdStore.save(tx, rows));

    it('gives back every field', async () => {
      const { payeeId: _payeeId, ...draw } = hold({ reasonCodes: [] });
      const rows: readonly HoldRow[] = [
        draw,
        hold({ status: 'matured', orderSequence: 7, amountMinor: Number.MAX_SAFE_INTEGER }),
        hold({
          status: 'released',
          ended: { at: T0 + 1, actor: 'analyst', reason: '本人确认' },
          acknowledged: { orderSequence: 2, result: 'done', at: T0 + 2 },
        }),
      ];
      await save(...rows);
      for (const row of rows) expect(await stores.holdStore.find(row.holdId)).toEqual(row);
      expect(await stores.holdStore.find('unknown')).toBeUndefined();
    });

    it('ends exactly once', async () => {
      const row = hold();
      await save(row);
      const ended: HoldRow = { ...row, status: 'cancelled', ended: END, orderSequence: 2 };
      await save(ended);
      const illegal: readonly HoldRow[] = [
        row,
        { ...ended, status: 'released' },
        { ...ended, ended: { ...END, actor: 'clock' } },
        { ...ended, ended: { ...END, at: END.at + 1 } },
        { ...ended, orderSequence: 3 },
        { ...ended, dueAt: ended.dueAt + 1 },
      ];
      for (const one of illegal) await expect(save(one)).rejects.toThrow(InvariantBroken);
      const acknowledged = { orderSequence: 2, result: 'done', at: T0 + 2 * HOUR };
      await save({ ...ended, acknowledged });
      expect(await stores.holdStore.find(row.holdId)).toEqual({ ...ended, acknowledged });
    });

    it('of two that race to end it, one does', async () => {
      const row = hold();
      await save(row);
      const actors = ['payer', 'clock', 'analyst', 'authority'] as const;
      const ends = actors.map((actor) =>
        stores.unitOfWork.run(async (tx) => {
          await stores.holdStore.save(tx, [
            { ...row, status: 'cancelled', ended: { ...END, actor }, orderSequence: 2 },
          ]);
          return actor;
        }),
      );
      const results = await Promise.allSettled(ends);
      const won = results.filter((result) => result.status === 'fulfilled');
      expect(won).toHaveLength(1);
      const found = await stores.holdStore.find(row.holdId);
      expect(found?.ended?.actor).toBe(won[0]?.value);
    });

    it.each<[string, Partial<HoldRow>]>([
      ['due after the ceiling', { dueAt: T0 + 4 * DAY }],
      ['due before it was placed', { dueAt: T0 - 1 }],
      ['ended without an end', { status: 'released' }],
      ['open with an end', { ended: END }],
      ['without an order', { orderSequence: 0 }],
      ['with a negative amount', { amountMinor: -1 }],
    ])('refuses a hold that is %s', async (_what, wrong) => {
      const row = hold(wrong);
      await expect(save(row)).rejects.toThrow(InvariantBroken);
      expect(await stores.holdStore.find(row.holdId)).toBeUndefined();
    });

    it('never moves a ceiling nor takes back an order', async () => {
      const row = hold({ orderSequence: 3 });
      await save(row);
      const later = { ...row, ceilingAt: row.ceilingAt + 1 };
      await expect(save(later)).rejects.toThrow(InvariantBroken);
      await expect(save({ ...row, orderSequence: 2 })).rejects.toThrow(InvariantBroken);
    });

    it('placed again by who did not know of it is a fault that may pass, and changes nothing', async () => {
      const row = hold();
      await save(row);
      const again = { ...row, placedAt: T0 + 1, ceilingAt: row.ceilingAt + 1 };
      await expect(save(again)).rejects.toThrow(TransientFault);
      await expect(save(hold(), again)).rejects.toThrow(TransientFault);
      expect(await stores.holdStore.find(row.holdId)).toEqual(row);
    });

    it('gives out what is due, ceilings first', async () => {
      const due = hold({ dueAt: T0 + HOUR });
      const dueSooner = hold({ dueAt: T0 + 1 });
      const notDue = hold({ dueAt: T0 + 5 * HOUR });
      const matured = hold({ status: 'matured', dueAt: T0 + 1 });
      const atCeiling = hold({ status: 'matured', ceilingAt: T0 + 2 * HOUR });
      const forgotten = hold({ dueAt: T0, ceilingAt: T0 + HOUR });
      const over = hold({ status: 'expired', dueAt: T0 + 1, ended: END });
      await save(due, dueSooner, notDue, matured, atCeiling, forgotten, over);
      const lockDue = (now: number, limit: number) =>
        stores.unitOfWork.run(async (tx) => {
          const rows = await stores.holdStore.lockDue(tx, now, limit);
          return rows.map((row) => row.holdId);
        });
      const all = [forgotten, atCeiling, dueSooner, due].map((row) => row.holdId);
      expect(await lockDue(T0 + 2 * HOUR, 100)).toEqual(all);
      expect(await lockDue(T0 + 2 * HOUR, 3)).toEqual(all.slice(0, 3));
      expect(await lockDue(T0 + 2 * HOUR, 1)).toEqual(all.slice(0, 1));
      expect(await lockDue(T0 + HOUR - 1, 100)).toEqual(
        [forgotten, dueSooner].map((r) => r.holdId),
      );
      expect(await lockDue(T0 - 1, 100)).toEqual([]);
    });

    it('gives two workers different holds, and none of them waits', async () => {
      const rows = Array.from({ length: 6 }, (_, index) => hold({ dueAt: T0 + index }));
      await save(...rows);
      const now = T0 + HOUR;
      await stores.unitOfWork.run(async (first) => {
        const mine = await stores.holdStore.lockDue(first, now, 4);
        const others = await stores.unitOfWork.run((second) =>
          stores.holdStore.lockDue(second, now, 4),
        );
        expect(mine.map((row) => row.holdId)).toEqual(rows.slice(0, 4).map((row) => row.holdId));
        expect(others.map((row) => row.holdId)).toEqual(rows.slice(4).map((row) => row.holdId));
      });
    });

    it('lists in pages, oldest due first, by state and payer', async () => {
      const rows = Array.from({ length: 7 }, (_, index) =>
        hold({ dueAt: T0 + Math.floor(index / 2), payerId: index === 3 ? 'other' : 'payer-1' }),
      );
      const ended = hold({ status: 'cancelled', ended: END, dueAt: T0 + 100 });
      await save(...rows, ended);
      const listed = async (
        state: 'open' | 'ended' | 'all',
        limit: number,
        payerId?: string,
      ): Promise<string[]> => {
        const found: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await stores.holdStore.list({
            state,
            limit,
            ...(payerId === undefined ? {} : { payerId }),
            ...(cursor === undefined ? {} : { cursor }),
          });
          expect(page.holds.length).toBeLessThanOrEqual(limit);
          found.push(...page.holds.map((row) => row.holdId));
          cursor = page.nextCursor;
        } while (cursor !== undefined);
        return found;
      };
      const open = rows
        .toSorted((a, b) => a.dueAt - b.dueAt || (a.holdId < b.holdId ? -1 : 1))
        .map((row) => row.holdId);
      expect(await listed('open', 2)).toEqual(open);
      expect(await listed('open', 7)).toEqual(open);
      expect(await listed('ended', 2)).toEqual([ended.holdId]);
      expect(await listed('all', 3)).toEqual([...open, ended.holdId]);
      expect(await listed('open', 3, 'other')).toEqual([rows[3]?.holdId]);
      expect(await listed('open', 3, 'nobody')).toEqual([]);
    });
  });
}
