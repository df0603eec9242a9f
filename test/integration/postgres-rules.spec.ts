/** What only a real server can show: refusals by trigger, faults without values, locks in one order, workers side by side. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InvariantBroken, PartitionsFenced, TransientFault } from '#application';
import type { EntryDraft } from '#domain';
import type { Database } from '#persistence';
import { HOUR, T0, hold, keep, subjectWrite, transfer, transferRef } from '../contract/samples.ts';
import { freshDatabase, open } from './databases.ts';

let database: Database;
let url: string;
let drop: () => Promise<void>;
beforeEach(async () => {
  ({ url, drop } = await freshDatabase());
  database = await open(url);
});
afterEach(async () => {
  await database.close();
  await drop();
});

const draft: EntryDraft = { type: 'decision.made', at: T0, body: { note: 'a' }, personal: {} };

function append(...chains: readonly number[]): Promise<unknown> {
  return database.unitOfWork.run((tx) =>
    database.journalStore.append(tx, new Map(chains.map((chain) => [chain, [draft]]))),
  );
}

describe('the journal table', () => {
  beforeEach(() => append(0));

  it.each([
    ['UPDATE', `UPDATE journal SET canonical = '{}'`],
    ['UPDATE of nothing', `UPDATE journal SET canonical = '{}' WHERE chain = 99`],
    ['DELETE', 'DELETE FROM journal'],
    ['DELETE of nothing', 'DELETE FROM journal WHERE chain = 99'],
    ['TRUNCATE', 'TRUNCATE journal'],
    ['TRUNCATE with others', 'TRUNCATE evidence, journal'],
  ])('refuses %s', async (_what, statement) => {
    await expect(database.dataSource.query(statement)).rejects.toThrow('append-only');
    expect(await database.journalStore.readAfter(0, 0, 10)).toHaveLength(1);
  });

  it('refuses the same sequence twice', async () => {
    const again = database.dataSource.query('INSERT INTO journal SELECT * FROM journal');
    await expect(again).rejects.toThrow('journal_pkey');
  });

  it('lets disclosures go and still reads the entry', async () => {
    const personal = { payer: 'account' };
    await database.unitOfWork.run((tx) =>
      database.journalStore.append(tx, new Map([[0, [{ ...draft, personal, payerId: 'p' }]]])),
    );
    await database.dataSource.query(`DELETE FROM journal_disclosures WHERE payer_id = 'p'`);
    const entries = await database.journalStore.readAfter(0, 1, 10);
    expect(entries).toMatchObject([{ sequence: 2, disclosures: [] }]);
  });
});

describe('a fault', () => {
  const secret = 'Zhang-San-6222';
  const faults: readonly [string, () => Promise<unknown>][] = [
    [
      'of a check',
      () =>
        database.unitOfWork.run((tx) =>
          database.holdStore.save(tx, [hold({ payerId: secret, amountMinor: -1 })]),
        ),
    ],
    [
      'of a trigger',
      async () => {
        const row = hold({ payerId: secret });
        await database.unitOfWork.run((tx) => database.holdStore.save(tx, [row]));
        await database.unitOfWork.run((tx) =>
          database.holdStore.save(tx, [{ ...row, ceilingAt: row.ceilingAt + 1 }]),
        );
      },
    ],
    [
      'of a byte that text cannot hold',
      () => keep(database, [transfer({ payerId: `${secret}\0` })]),
    ],
    [
      'of a number that does not fit',
      () =>
        database.unitOfWork.run((tx) =>
          database.engineStore.saveSubjects(tx, [
            subjectWrite(transferRef(secret), { recorded: { sequence: 2 ** 40 } }),
          ]),
        ),
    ],
  ];

  it.each(faults)('%s carries no value', async (_what, run) => {
    const error: unknown = await run().catch((thrown: unknown) => thrown);
    if (!(error instanceof Error)) throw new Error('nothing was thrown');
    expect(error.message).toMatch(/^database: /);
    const everything = [error.message, error.stack, error.cause, JSON.stringify(error)].join();
    expect(everything).not.toContain(secret);
  });

  it('in the middle of a transaction leaves the connection usable for statements it never ran', async () => {
    const single = await open(url, 'single');
    // Both are new to the connection; the second is on the wire before the first has failed.
    const run = single.unitOfWork.run((tx) =>
      Promise.allSettled([
        single.holdStore.save(tx, [hold({ amountMinor: -1 })]),
        single.engineStore.saveProfiles(tx, [{ payerId: 'p', updatedAt: 1 }]),
      ]),
    );
    await expect(run).rejects.toThrow(InvariantBroken);
    await single.unitOfWork.run(async (tx) => {
      expect(await single.engineStore.profiles(tx, ['p'])).toEqual(new Map());
      await single.engineStore.saveProfiles(tx, [{ payerId: 'p', updatedAt: 2 }]);
    });
    const sessions: readonly unknown[] = await database.dataSource.query(
      `SELECT 1 FROM pg_stat_activity WHERE application_name = 'single'`,
    );
    expect(sessions).toHaveLength(1);
    await single.close();
  });

  it('of a transaction that sat still is transient, and its locks are free', async () => {
    const row = hold();
    await database.unitOfWork.run((tx) => database.holdStore.save(tx, [row]));
    const still = database.unitOfWork.run(async (tx) => {
      await database.holdStore.lock(tx, [row.holdId]);
      await new Promise((next) => setTimeout(next, 6_500));
      await database.holdStore.save(tx, [{ ...row, orderSequence: 9 }]);
    });
    const outcome = still.catch((error: unknown) => error);
    const waiting = await database.unitOfWork.run((tx) =>
      database.holdStore.lock(tx, [row.holdId]),
    );
    expect(waiting.get(row.holdId)?.orderSequence).toBe(1);
    expect(await outcome).toBeInstanceOf(TransientFault);
    await database.unitOfWork.run((tx) => database.holdStore.save(tx, [row]));
  });
});

describe('side by side', () => {
  it('four workers end every due hold once and never wait for each other', async () => {
    const rows = Array.from({ length: 200 }, (_, index) =>
      hold({ dueAt: T0 + index, ...(index % 10 === 0 ? { ceilingAt: T0 + HOUR } : {}) }),
    );
    await database.unitOfWork.run((tx) => database.holdStore.save(tx, rows));
    const ended: string[] = [];
    const worker = async (name: string): Promise<number> => {
      for (let rounds = 0; ; rounds += 1) {
        const taken = await database.unitOfWork.run(async (tx) => {
          const due = await database.holdStore.lockDue(tx, T0 + HOUR, 7);
          await new Promise((next) => setTimeout(next, 2));
          await database.holdStore.save(
            tx,
            due.map((row) => ({
              ...row,
              status: 'expired',
              orderSequence: row.orderSequence + 1,
              ended: { at: T0 + HOUR, actor: 'clock', reason: `by ${name}` },
            })),
          );
          return due.map((row) => row.holdId);
        });
        ended.push(...taken);
        if (taken.length === 0) return rounds;
      }
    };
    const rounds = await Promise.all(['a', 'b', 'c', 'd'].map(worker));
    expect(ended).toHaveLength(200);
    expect(new Set(ended).size).toBe(200);
    for (const count of rounds) expect(count).toBeGreaterThan(1);
  });

  it('writers that begin chains together do not run into a deadlock', async () => {
    // One creates the earlier head and commits while another wants both: the later head must not be waited for meanwhile.
    for (let first = 0; first < 300; first += 3) {
      const sets = [[0], [0, 1], [1], [1, 2], [0, 1, 2], [2], [2, 0], [1, 0]];
      await Promise.all(
        sets.map(async (set, index) => {
          if (index % 2 === 1) await new Promise((next) => setTimeout(next, index / 2));
          await append(...set.map((chain) => first + chain));
        }),
      );
    }
    const cursors = await database.journalStore.cursors([0, 1, 2]);
    expect(cursors.map((one) => one.head)).toEqual([5, 5, 4]);
  });

  it('claims and positions of many partitions take locks in one order', async () => {
    const partitions = Array.from({ length: 200 }, (_, partition) => partition);
    const topic = 'payments.transfers';
    await database.engineStore.claim('a', partitions);
    const advance = (epoch: number) =>
      database.unitOfWork.run((tx) =>
        database.engineStore.advance(
          tx,
          partitions.toReversed().map((partition) => {
            return { topic, partition, epoch, expectedOffset: 0, nextOffset: 0 };
          }),
        ),
      );
    for (let round = 1; round <= 15; round += 1) {
      const results = await Promise.allSettled([
        advance(round),
        database.engineStore.claim('b', partitions.toReversed()),
        advance(round),
        advance(round),
      ]);
      const thrown = results.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
      for (const error of thrown) expect(error).toBeInstanceOf(PartitionsFenced);
    }
  });

  it('claims and batches over the same partitions take locks in one order', async () => {
    const topic = 'payments.transfers';
    await database.engineStore.claim('a', [0, 1, 2]);
    await append(2, 1, 0);
    const batch = (epoch: number) =>
      database.unitOfWork.run(async (tx) => {
        await database.journalStore.append(tx, new Map([2, 0, 1].map((one) => [one, [draft]])));
        await database.engineStore.advance(
          tx,
          [2, 1, 0].map((partition) => {
            return { topic, partition, epoch, expectedOffset: 0, nextOffset: 0 };
          }),
        );
      });
    const published = (epoch: number) =>
      database.journalStore.markPublished(
        [1, 2, 0].map((chain) => ({ chain, epoch, sequence: 1 })),
      );
    const names: string[] = [];
    for (let round = 1; round <= 40; round += 1) {
      const results = await Promise.allSettled([
        batch(round),
        published(round),
        database.engineStore.claim('b', round % 2 === 0 ? [2, 0, 1] : [0, 1, 2]),
        batch(round),
        published(round),
      ]);
      for (const result of results) {
        if (result.status === 'rejected') names.push(String(Reflect.get(result.reason, 'name')));
      }
    }
    // Who came too late is fenced; nobody ran into a deadlock.
    expect(new Set(names)).toEqual(new Set(['PartitionsFenced']));
  });
});
