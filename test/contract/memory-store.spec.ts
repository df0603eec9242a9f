/** The contract suites on the in-memory store, and its faults for kill simulations. */
import { describe, expect, it } from '@jest/globals';
import { TransientFault } from '#application';
import { makeMemoryStore } from '#testing';
import { careStoreContract } from './care-store.ts';
import { engineStoreContract } from './engine-store.ts';
import { holdStoreContract } from './hold-store.ts';
import { journalStoreContract } from './journal-store.ts';
import { quietStoreContract } from './quiet-store.ts';
import { hold } from './samples.ts';
import type { OpenStores } from './stores.ts';
import { habitsContract } from './habits.ts';
import { payeesContract } from './payees.ts';
import { unitOfWorkContract } from './unit-of-work.ts';
import { windowsContract } from './windows.ts';

const open: OpenStores = async () => ({
  stores: makeMemoryStore(),
  close: () => Promise.resolve(),
});

for (const contract of [
  unitOfWorkContract,
  engineStoreContract,
  windowsContract,
  payeesContract,
  habitsContract,
  holdStoreContract,
  careStoreContract,
  journalStoreContract,
  quietStoreContract,
]) {
  contract('memory', open);
}

describe('faults of the memory store', () => {
  it('fails a commit before it is durable, once', async () => {
    const store = makeMemoryStore();
    const row = hold();
    const save = (): Promise<void> => store.unitOfWork.run((tx) => store.holdStore.save(tx, [row]));
    store.failNextCommit('before');
    await expect(save()).rejects.toThrow(TransientFault);
    expect(await store.holdStore.find(row.holdId)).toBeUndefined();
    await save();
    expect(await store.holdStore.find(row.holdId)).toEqual(row);
  });

  it('fails a commit after it is durable', async () => {
    const store = makeMemoryStore();
    const row = hold();
    store.failNextCommit('after', new Error('killed'));
    const run = store.unitOfWork.run((tx) => store.holdStore.save(tx, [row]));
    await expect(run).rejects.toThrow('killed');
    expect(await store.holdStore.find(row.holdId)).toEqual(row);
  });

  it('drops what is open when it crashes, and frees its locks', async () => {
    const store = makeMemoryStore();
    const row = hold();
    const run = store.unitOfWork.run(async (tx) => {
      await store.holdStore.save(tx, [row]);
      store.crash();
      await store.holdStore.save(tx, [hold()]);
    });
    await expect(run).rejects.toThrow(TransientFault);
    expect(await store.holdStore.find(row.holdId)).toBeUndefined();
    await store.unitOfWork.run((tx) => store.holdStore.save(tx, [row]));
  });

  it('finds a deadlock instead of waiting for ever', async () => {
    const store = makeMemoryStore();
    const [a, b] = [hold(), hold()];
    const both = [
      [a, b],
      [b, a],
    ].map(([first, second]) =>
      store.unitOfWork.run(async (tx) => {
        await store.holdStore.lock(tx, [first?.holdId ?? '']);
        await new Promise((next) => setTimeout(next, 10));
        await store.holdStore.lock(tx, [second?.holdId ?? '']);
      }),
    );
    const results = await Promise.allSettled(both);
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});
