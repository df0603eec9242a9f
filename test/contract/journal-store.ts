/** Contract of `JournalStore`: chains without gaps under any number of writers, and a fenced cursor. */
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InvariantBroken, PartitionsFenced } from '#application';
import { verifyChain, type EntryDraft, type SealedEntry } from '#domain';
import { T0 } from './samples.ts';
import type { OpenStores, StoresUnderTest } from './stores.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

function draft(note: string): EntryDraft {
  return {
    type: 'decision.made',
    at: T0,
    body: { note, amount: 6919, nested: { list: [1, null, true] } },
    personal: { payer: `account of ${note}`, remark: '退款' },
    payerId: `payer of ${note}`,
  };
}

export function journalStoreContract(name: string, open: OpenStores): void {
  describe(`journal store on ${name}`, () => {
    let stores: StoresUnderTest;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ stores, close } = await open());
    });
    afterEach(() => close());

    const append = (drafts: Readonly<Record<number, readonly EntryDraft[]>>) =>
      stores.unitOfWork.run((tx) =>
        stores.journalStore.append(
          tx,
          new Map(Object.entries(drafts).map(([chain, ofChain]) => [Number(chain), ofChain])),
        ),
      );
    const read = (chain: number): Promise<readonly SealedEntry[]> =>
      stores.journalStore.readAfter(chain, 0, 1_000);

    it('seals what it appends, chain by chain, and reads it back', async () => {
      const first = await append({ 1: [draft('a'), draft('b')], 0: [draft('c')], 2: [] });
      const second = await append({ 1: [draft('d')] });
      expect([...first.keys()].toSorted((a, b) => a - b)).toEqual([0, 1]);
      const chain = [...(first.get(1) ?? []), ...(second.get(1) ?? [])];
      expect(chain.map((entry) => entry.sequence)).toEqual([1, 2, 3]);
      expect(await read(1)).toEqual(chain);
      expect(verifyChain(await read(1), sha256)).toBeUndefined();
      expect(verifyChain(await read(0), sha256)).toBeUndefined();
      expect(await read(2)).toEqual([]);
      expect(chain[0]?.payerId).toBe('payer of a');
      expect(chain[0]?.disclosures.map((one) => one.name)).toEqual(['payer', 'remark']);
      expect(chain[0]?.canonical).not.toContain('account of a');
    });

    it('gives every entry fresh salts', async () => {
      await append({ 0: [draft('a'), draft('a')] });
      const salts = (await read(0)).flatMap((entry) => entry.disclosures.map((one) => one.salt));
      expect(new Set(salts).size).toBe(4);
      for (const salt of salts) expect(salt).toMatch(/^[\w-]{22}$/);
    });

    it('reads pages after a sequence', async () => {
      await append({ 0: ['a', 'b', 'c', 'd'].map(draft) });
      const page = await stores.journalStore.readAfter(0, 1, 2);
      expect(page.map((entry) => entry.sequence)).toEqual([2, 3]);
      expect(await stores.journalStore.readAfter(0, 4, 2)).toEqual([]);
      expect(await stores.journalStore.readAfter(9, 0, 2)).toEqual([]);
    });

    it('leaves nothing and no gap where the transaction fails', async () => {
      await append({ 0: [draft('a')] });
      const failing = stores.unitOfWork.run(async (tx) => {
        await stores.journalStore.append(tx, new Map([[0, [draft('lost')]]]));
        throw new Error('given up');
      });
      await expect(failing).rejects.toThrow('given up');
      await append({ 0: [draft('b')] });
      expect((await read(0)).map((entry) => entry.sequence)).toEqual([1, 2]);
      expect(verifyChain(await read(0), sha256)).toBeUndefined();
    });

    it('appends twice in one transaction', async () => {
      await stores.unitOfWork.run(async (tx) => {
        await stores.journalStore.append(tx, new Map([[0, [draft('a')]]]));
        await stores.journalStore.append(tx, new Map([[0, [draft('b')]]]));
      });
      expect(verifyChain(await read(0), sha256)).toBeUndefined();
      expect(await read(0)).toHaveLength(2);
    });

    it('numbers without gaps under eight writers over several chains', async () => {
      const writer = async (number: number): Promise<void> => {
        for (let round = 0; round < 5; round += 1) {
          const [a, b] = [number % 3, (number + round) % 3];
          await append({ [a]: [draft(`${number}.${round}`)], [b]: [draft(`${number}/${round}`)] });
        }
      };
      await Promise.all(Array.from({ length: 8 }, (_, number) => writer(number)));
      const chains = await Promise.all([0, 1, 2].map(read));
      for (const entries of chains) {
        expect(entries.map((entry) => entry.sequence)).toEqual(entries.map((_, i) => i + 1));
        expect(verifyChain(entries, sha256)).toBeUndefined();
      }
      const written = 8 * 5 * 2;
      const collapsed = 8 * [0, 3].length;
      expect(chains.flat()).toHaveLength(written - collapsed);
    });

    describe('cursor', () => {
      const cursor = async (chain: number) => (await stores.journalStore.cursors([chain]))[0];

      it('moves forward only, under the current epoch only', async () => {
        await append({ 0: ['a', 'b', 'c'].map(draft) });
        expect(await cursor(0)).toEqual({ chain: 0, head: 3, published: 0 });
        await stores.engineStore.claim('a', [0, 1]);
        await stores.journalStore.markPublished([{ chain: 0, epoch: 1, sequence: 2 }]);
        await stores.journalStore.markPublished([{ chain: 0, epoch: 1, sequence: 1 }]);
        expect(await cursor(0)).toEqual({ chain: 0, head: 3, published: 2 });
        await stores.engineStore.claim('b', [0]);
        const zombie = stores.journalStore.markPublished([
          { chain: 1, epoch: 1, sequence: 0 },
          { chain: 0, epoch: 1, sequence: 3 },
        ]);
        const fenced = await zombie.catch((error: unknown) => error);
        expect(fenced).toBeInstanceOf(PartitionsFenced);
        expect(fenced).toMatchObject({ partitions: [0] });
        expect(await cursor(0)).toMatchObject({ published: 2 });
        await stores.journalStore.markPublished([{ chain: 0, epoch: 2, sequence: 3 }]);
        expect(await cursor(0)).toMatchObject({ published: 3 });
      });

      it('never moves past the head', async () => {
        await append({ 0: [draft('a')] });
        await stores.engineStore.claim('a', [0, 1]);
        for (const mark of [
          { chain: 0, epoch: 1, sequence: 2 },
          { chain: 1, epoch: 1, sequence: 1 },
        ]) {
          const run = stores.journalStore.markPublished([mark]);
          await expect(run).rejects.toThrow(InvariantBroken);
        }
        const cursors = await stores.journalStore.cursors([0, 1]);
        expect(cursors.map((one) => one.published)).toEqual([0, 0]);
        await stores.journalStore.markPublished([{ chain: 1, epoch: 1, sequence: 0 }]);
        await stores.journalStore.markPublished([]);
      });

      it('of a chain without entries is at 0', async () => {
        expect(await stores.journalStore.cursors([5])).toEqual([
          { chain: 5, head: 0, published: 0 },
        ]);
      });
    });
  });
}
