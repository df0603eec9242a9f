/** Contract of `QuietStore`, and of what the engine reads of it. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { QuietRow } from '#application';
import { DAY, T0, freshId } from './samples.ts';
import type { OpenStores, StoresUnderTest } from './stores.ts';

function quiet(given: Partial<QuietRow> = {}): QuietRow {
  return {
    quietId: freshId('quiet'),
    partition: 3,
    payerId: 'payer-1',
    payeeId: 'landlord',
    from: T0,
    until: T0 + 30 * DAY,
    reason: '已核实',
    by: 'console',
    ...given,
  };
}

export function quietStoreContract(name: string, open: OpenStores): void {
  describe(`quiet store on ${name}`, () => {
    let stores: StoresUnderTest;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ stores, close } = await open());
    });
    afterEach(() => close());

    const save = (...rows: readonly QuietRow[]): Promise<void> =>
      stores.unitOfWork.run(async (tx) => {
        for (const row of rows) await stores.quietStore.save(tx, row);
      });
    const lock = (quietId: string): Promise<QuietRow | undefined> =>
      stores.unitOfWork.run((tx) => stores.quietStore.lock(tx, quietId));

    it('gives back every field, and nothing of what is unknown', async () => {
      const row = quiet();
      await save(row);
      expect(await lock(row.quietId)).toEqual(row);
      expect(await lock('unknown')).toBeUndefined();
    });

    it('of one that is there changes the end alone', async () => {
      const row = quiet();
      await save(row);
      await save({ ...row, until: T0 + DAY, endedBy: 'somebody', reason: 'other', by: 'other' });
      expect(await lock(row.quietId)).toEqual({ ...row, until: T0 + DAY, endedBy: 'somebody' });
    });

    it('lists what has not ended, the soonest to end first, page by page', async () => {
      const rows = [5, 1, 3].map((days) => quiet({ until: T0 + days * DAY }));
      const other = quiet({ payerId: 'payer-2', until: T0 + 2 * DAY });
      await save(...rows, other);
      const ends = (page: { readonly quiets: readonly QuietRow[] }): number[] =>
        page.quiets.map(({ until }) => (until - T0) / DAY);
      const { quietStore } = stores;
      const first = await quietStore.list({ endsAfter: T0 + DAY, limit: 2 });
      expect(ends(first)).toEqual([2, 3]);
      const { nextCursor = '' } = first;
      const second = await quietStore.list({ endsAfter: T0 + DAY, limit: 2, cursor: nextCursor });
      expect(ends(second)).toEqual([5]);
      expect(second.nextCursor).toBeUndefined();
      const mine = await quietStore.list({ endsAfter: T0, limit: 9, payerId: 'payer-2' });
      expect(mine.quiets).toEqual([other]);
    });

    it('is read by the engine per payer, ended ones too', async () => {
      const [one, two] = [quiet(), quiet({ payeeId: 'child', until: T0 })];
      await save(one, two, quiet({ payerId: 'payer-2' }));
      const read = await stores.unitOfWork.run((tx) =>
        stores.engineStore.quiets(tx, ['payer-1', 'nobody']),
      );
      expect([...read.keys()]).toEqual(['payer-1']);
      expect(read.get('payer-1')).toHaveLength(2);
      expect(read.get('payer-1')).toEqual(
        expect.arrayContaining(
          [one, two].map(({ payeeId, from, until }) => ({ payeeId, from, until })),
        ),
      );
    });

    it('is erased once nothing can be assessed by it any more', async () => {
      const over = quiet({ until: T0 + DAY });
      const lately = quiet({ until: T0 + 5 * DAY });
      const current = quiet({ until: T0 + 30 * DAY });
      await save(over, lately, current);
      await stores.eraseExpired(T0 + 6 * DAY, { codesMs: DAY, evidenceMs: 3 * DAY });
      expect(await lock(over.quietId)).toBeUndefined();
      expect(await lock(lately.quietId)).toEqual(lately);
      expect(await lock(current.quietId)).toEqual(current);
    });

    it('knows how many partitions there are', async () => {
      expect(await stores.quietStore.partitionCount()).toBe(0);
      await stores.engineStore.claim('engine', [0, 1, 2, 11]);
      expect(await stores.quietStore.partitionCount()).toBe(12);
    });
  });
}
