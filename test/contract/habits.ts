/** Contract of what is kept of payers who borrow: whole values, one per payer and partition, gone after a year. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { HabitRequest } from '#application';
import { HABITS_KEPT_MS, NO_HABITS, habitsAfter, type Habits } from '#domain';
import { DAY, T0, draw } from './samples.ts';
import type { OpenStores, StoresUnderTest } from './stores.ts';

export function habitsContract(name: string, open: OpenStores): void {
  describe(`habits on ${name}`, () => {
    let stores: StoresUnderTest;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ stores, close } = await open());
    });
    afterEach(() => close());

    const habits = (time: number): Habits => habitsAfter(NO_HABITS, [draw({ time })], []);
    const save = (of: HabitRequest, time: number): Promise<void> =>
      stores.unitOfWork.run((tx) =>
        stores.engineStore.saveHabits(tx, [{ ...of, habits: habits(time) }]),
      );
    const read = (...of: readonly HabitRequest[]) =>
      stores.unitOfWork.run((tx) => stores.engineStore.habits(tx, of));
    const [a, b] = [
      { partition: 0, payerId: 'a' },
      { partition: 1, payerId: 'a' },
    ];

    it('come back as they were saved last, in the order asked', async () => {
      expect(await read()).toEqual([]);
      await save(a, T0);
      await save(b, T0);
      await save(a, T0 + DAY);
      const [first, nobody, second] = await read(b, { partition: 0, payerId: 'b' }, a);
      expect(nobody).toBeUndefined();
      expect(first?.recent).toMatchObject([{ kind: 'drawn', time: T0 }]);
      expect(second?.recent).toMatchObject([{ kind: 'drawn', time: T0 + DAY }]);
    });

    it('are gone a year after the last that was heard', async () => {
      await save(a, T0);
      await save(b, T0 + 1);
      const retention = { codesMs: DAY, evidenceMs: DAY };
      const at = T0 + 1 + HABITS_KEPT_MS;
      expect(await stores.eraseExpired(at, retention)).toMatchObject({ habits: 1 });
      const [gone, kept] = await read(a, b);
      expect(gone).toBeUndefined();
      expect(kept).toBeDefined();
    });
  });
}
