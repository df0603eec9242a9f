/** Contract of what is known of payees: counted exactly, followed exactly, whoever commits first. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PayeeTurns } from '#application';
import type { PayeeActivity, PayeeActivityKind, PayeeNumbers, SubjectRef } from '#domain';
import { DAY, HOUR, T0, subjectWrite, transferRef } from './samples.ts';
import type { OpenStores, StoresUnderTest } from './stores.ts';

const PARTITIONS = [0, 1, 2];

export function payeesContract(name: string, open: OpenStores): void {
  describe(`payees on ${name}`, () => {
    let stores: StoresUnderTest;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ stores, close } = await open());
    });
    afterEach(() => close());

    const point = (payerId: string, at = T0, kind: PayeeActivityKind = 'attempt') =>
      ({ payeeId: 'mule', kind, at, payerId }) satisfies PayeeActivity;
    const save = (added: readonly PayeeActivity[], gone: readonly PayeeActivity[] = []) =>
      stores.unitOfWork.run((tx) => stores.engineStore.savePayeeActivity(tx, { added, gone }));
    async function numbersAt(at: number, payerId = 'asker', countTo = 4): Promise<PayeeNumbers> {
      const [numbers] = await stores.unitOfWork.run((tx) =>
        stores.engineStore.payeeNumbers(tx, [{ payeeId: 'mule', payerId, at }], countTo),
      );
      if (numbers === undefined) throw new Error('no numbers');
      return numbers;
    }
    const countAt = async (...asked: Parameters<typeof numbersAt>): Promise<number> =>
      (await numbersAt(...asked)).newPayers24h;

    describe('numbers', () => {
      it('count distinct other payers less than a day away, up to what is asked', async () => {
        const payers = ['asker', 'p1', 'p1', 'p2', 'p3', 'p4', 'p5'];
        for (const [index, payerId] of payers.entries()) {
          expect(await countAt(T0)).toBe([0, 0, 1, 1, 2, 3, 4][index]);
          await save([point(payerId)]);
        }
        expect(await countAt(T0)).toBe(4);
        expect(await countAt(T0, 'asker', 5)).toBe(5);
        expect(await countAt(T0, 'asker', 9)).toBe(5);
        expect(await countAt(T0 + DAY)).toBe(0);
        expect(await countAt(T0 + DAY - 1)).toBe(4);
        expect(await countAt(T0 - DAY)).toBe(0);
        expect(await countAt(T0 - DAY + 1)).toBe(4);
        expect(await countAt(T0, 'p1', 9)).toBe(5);
      });

      it('find the few others behind one who pays all day', async () => {
        const midnight = T0 - (T0 % DAY);
        const busy = [-1, 0, 1].flatMap((day) => [
          point('busy', midnight + day * DAY + 11 * HOUR),
          point('busy', midnight + day * DAY + 12 * HOUR),
        ]);
        await save([...busy, point('p1', T0 + 23 * HOUR), point('p2', T0 + 22 * HOUR)]);
        expect(await countAt(T0, 'asker', 3)).toBe(3);
        expect(await countAt(T0, 'busy', 3)).toBe(2);
      });

      it('forget what came to nothing, and only that', async () => {
        await save([point('p1'), point('p1', T0 + HOUR), point('p2')]);
        await save([], [point('p1'), point('nobody')]);
        expect(await countAt(T0)).toBe(2);
        await save([point('p3')], [point('p1', T0 + HOUR), point('p2')]);
        expect(await countAt(T0)).toBe(1);
      });

      it('tell of money that left at once less than a day away, whoever asks', async () => {
        await save([point('mule', T0, 'cash_out')]);
        expect(await numbersAt(T0)).toMatchObject({ newPayers24h: 0, fastCashOut: true });
        expect((await numbersAt(T0 + DAY)).fastCashOut).toBe(false);
        expect((await numbersAt(T0 - DAY)).fastCashOut).toBe(false);
        await save([], [point('mule', T0, 'cash_out')]);
        expect((await numbersAt(T0)).fastCashOut).toBe(false);
      });

      it('answer in the order asked', async () => {
        await save([point('p1')]);
        const numbers = await stores.unitOfWork.run((tx) =>
          stores.engineStore.payeeNumbers(
            tx,
            ['nobody', 'mule', 'nobody'].map((payeeId) => ({ payeeId, payerId: 'x', at: T0 })),
            4,
          ),
        );
        expect(numbers.map((one) => one.newPayers24h)).toEqual([0, 1, 0]);
      });
    });

    it('is erased with the evidence', async () => {
      await save([point('p1', T0 - 3 * DAY), point('p2', T0 - 3 * DAY - 1)]);
      const retention = { codesMs: DAY, evidenceMs: 3 * DAY };
      expect(await stores.eraseExpired(T0, retention)).toMatchObject({ payeeActivity: 1 });
      expect(await countAt(T0 - 3 * DAY)).toBe(1);
    });

    describe('followers', () => {
      const decide = (
        subject: SubjectRef,
        { partition = 0, payerId = 'payer-1', at = T0, watchedPayee = 'mule' } = {},
      ) =>
        stores.unitOfWork.run((tx) =>
          stores.engineStore.saveSubjects(tx, [
            subjectWrite(subject, {
              partition,
              payerId,
              recorded: {
                requestedAt: at,
                ...(watchedPayee === '' ? {} : { watchedPayee }),
              },
            }),
          ]),
        );
      const look = (partitions: readonly number[] = PARTITIONS): Promise<PayeeTurns> =>
        stores.unitOfWork.run((tx) => stores.engineStore.payeeTurns(tx, partitions, 3));
      async function follow(partitions: readonly number[] = PARTITIONS): Promise<string[]> {
        const turns = await look(partitions);
        await stores.unitOfWork.run((tx) =>
          stores.engineStore.keepPayeeTurns(tx, partitions, turns),
        );
        return turns.subjects.map(({ subject }) => subject.id).sort();
      }
      const three = [point('p1'), point('p2', T0 + HOUR), point('p3', T0 - HOUR)];

      it('are told of decided transfers whose payee has turned, once', async () => {
        expect(await look()).toEqual({ subjects: [], more: false });
        const [a, b, c] = [transferRef('a'), transferRef('b'), transferRef('c')];
        await decide(a);
        await decide(b, { partition: 2, payerId: 'payer-2' });
        await decide(c, { partition: 7, payerId: 'payer-3' });
        await save(three.slice(0, 2));
        expect(await follow()).toEqual([]);
        await save(three.slice(2));
        const { subjects } = await look();
        expect(subjects.toSorted((x, y) => x.partition - y.partition)).toEqual([
          { partition: 0, payerId: 'payer-1', subject: a, requestedAt: T0 },
          { partition: 2, payerId: 'payer-2', subject: b, requestedAt: T0 },
        ]);
        expect(await follow()).toEqual(['a', 'b']);
        expect(await follow()).toEqual([]);
        await save([point('p4')]);
        expect(await follow()).toEqual([]);
        expect(await follow([7])).toEqual(['c']);
      });

      it('are told of nobody who is not watched, too far away, or one of the few', async () => {
        await decide(transferRef(), { watchedPayee: '' });
        await decide(transferRef(), { watchedPayee: 'somebody else' });
        await decide(transferRef(), { at: T0 + 25 * HOUR });
        await decide(transferRef(), { payerId: 'p1' });
        await save(three);
        expect(await follow()).toEqual([]);
        await decide(transferRef('kept'), { at: T0 + 22 * HOUR });
        expect(await follow()).toEqual([]);
        await save([point('p4', T0 + 23 * HOUR)]);
        // Another database of the same server may have a transaction open that has to end first.
        const found: string[] = [];
        for (let tries = 0; tries < 200 && found.length === 0; tries += 1) {
          found.push(...(await follow()));
          await new Promise((next) => setTimeout(next, 25));
        }
        expect(found).toContain('kept');
      });

      it('are told of money that left at once', async () => {
        await decide(transferRef('a'));
        await save([point('mule', T0 + HOUR, 'cash_out')]);
        expect(await follow()).toEqual(['a']);
      });

      it('are told again where the subject is watched again and more became known', async () => {
        const a = transferRef('a');
        await decide(a);
        await save(three);
        expect(await follow()).toEqual(['a']);
        await save([], three.slice(0, 1));
        await decide(a);
        expect(await follow()).toEqual([]);
        await save(three.slice(0, 1));
        expect(await follow()).toEqual(['a']);
      });

      it('are told nothing new by a repeat', async () => {
        await save(three);
        await follow();
        await decide(transferRef('a'));
        await save(three);
        expect(await look()).toEqual({ subjects: [], more: false });
      });

      it('lose nothing to transactions that overlap', async () => {
        await decide(transferRef('a'));
        const written = Promise.withResolvers<void>();
        const goOn = Promise.withResolvers<void>();
        const slow = stores.unitOfWork.run(async (tx) => {
          await stores.engineStore.savePayeeActivity(tx, { added: three.slice(0, 1), gone: [] });
          written.resolve();
          await goOn.promise;
        });
        await written.promise;
        await save(three.slice(1));
        expect(await follow()).toEqual([]);
        goOn.resolve();
        await slow;
        expect(await follow()).toEqual(['a']);
      });

      it('hold nobody up: a payer writes while a follower looks and keeps', async () => {
        await decide(transferRef('a'));
        await save(three);
        await stores.unitOfWork.run(async (tx) => {
          const turns = await stores.engineStore.payeeTurns(tx, [0], 3);
          await stores.engineStore.keepPayeeTurns(tx, [0], turns);
          await save([point('p4')]);
          await decide(transferRef('b'), { partition: 1, payerId: 'payer-2' });
        });
        expect(await follow([1])).toEqual(['b']);
      });
    });
  });
}
