/** Contract of `UnitOfWork`: all or nothing, and nothing of it after the end. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Tx } from '#application';
import { hold, keep, transfer } from './samples.ts';
import type { OpenStores, StoresUnderTest } from './stores.ts';

export function unitOfWorkContract(name: string, open: OpenStores): void {
  describe(`unit of work on ${name}`, () => {
    let stores: StoresUnderTest;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ stores, close } = await open());
    });
    afterEach(() => close());

    it('returns what the work returns, durably', async () => {
      const row = hold();
      const result = await stores.unitOfWork.run(async (tx) => {
        await stores.holdStore.save(tx, [row]);
        return 'done';
      });
      expect(result).toBe('done');
      expect(await stores.holdStore.find(row.holdId)).toEqual(row);
    });

    it('passes the work’s own error on and keeps nothing', async () => {
      const row = hold();
      const event = transfer();
      const refusal = Object.assign(new Error('no'), { code: 'hold_already_ended' });
      const run = stores.unitOfWork.run(async (tx) => {
        await stores.engineStore.appendEvidence(tx, [{ partition: 0, event }]);
        await stores.holdStore.save(tx, [row]);
        throw refusal;
      });
      await expect(run).rejects.toBe(refusal);
      expect(await stores.holdStore.find(row.holdId)).toBeUndefined();
      expect(await keep(stores, [event])).toBe(1);
    });

    it('sees its own writes, and nobody else does before the end', async () => {
      const row = hold();
      await stores.unitOfWork.run(async (tx) => {
        await stores.holdStore.save(tx, [row]);
        const seen = await stores.holdStore.lock(tx, [row.holdId]);
        expect(seen.get(row.holdId)).toEqual(row);
        expect(await stores.holdStore.find(row.holdId)).toBeUndefined();
      });
    });

    it('refuses calls with a transaction that is over', async () => {
      let kept: Tx | undefined;
      await stores.unitOfWork.run(async (tx) => {
        kept = tx;
      });
      const row = hold();
      await expect(stores.holdStore.save(kept as Tx, [row])).rejects.toThrow('over');
      expect(await stores.holdStore.find(row.holdId)).toBeUndefined();
    });

    it('keeps nothing of work that goes on after it failed', async () => {
      const row = hold();
      let late: Promise<void> = Promise.resolve();
      const run = stores.unitOfWork.run(async (tx) => {
        late = stores.holdStore
          .lock(tx, ['nothing'])
          .then(() => new Promise((next) => setTimeout(next, 20)))
          .then(() => stores.holdStore.save(tx, [row]));
        throw new Error('given up');
      });
      await expect(run).rejects.toThrow('given up');
      await expect(late).rejects.toThrow();
      expect(await stores.holdStore.find(row.holdId)).toBeUndefined();
    });

    it('runs units side by side', async () => {
      const rows = Array.from({ length: 4 }, () => hold());
      await Promise.all(
        rows.map((row) => stores.unitOfWork.run((tx) => stores.holdStore.save(tx, [row]))),
      );
      for (const row of rows) expect(await stores.holdStore.find(row.holdId)).toEqual(row);
    });
  });
}
