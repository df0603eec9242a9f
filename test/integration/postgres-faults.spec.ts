/** The server dies, stops answering and comes back: what was in flight is a transient fault, what was committed stays. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { TransientFault } from '#application';
import { verifyChain, type EntryDraft } from '#domain';
import { createHash } from 'node:crypto';
import type { Database } from '#persistence';
import { startTestPostgres, type TestPostgres } from '#testing';
import { T0, hold } from '../contract/samples.ts';
import { open } from './databases.ts';

let server: TestPostgres;
let database: Database;
beforeAll(async () => {
  server = await startTestPostgres();
  database = await open(await server.createDatabase('faults'));
  await database.migrate();
});
afterAll(async () => {
  await database.close();
  await server.stop();
});

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

it('a batch in flight is lost whole, later ones fail until the server is back, and the pool recovers', async () => {
  const row = hold();
  const inFlight = database.unitOfWork.run(async (tx) => {
    await database.holdStore.save(tx, [row]);
    await server.kill();
    await database.holdStore.lock(tx, [row.holdId]);
  });
  await expect(inFlight).rejects.toThrow(TransientFault);
  // More than the pool has connections: every broken one is met.
  for (let attempt = 0; attempt < 10; attempt += 1) {
    await expect(database.holdStore.find(row.holdId)).rejects.toThrow(TransientFault);
    const run = database.unitOfWork.run((tx) => database.holdStore.save(tx, [row]));
    await expect(run).rejects.toThrow(TransientFault);
  }
  await expect(database.checkSchema()).rejects.toThrow(TransientFault);
  await expect(database.migrate()).rejects.toThrow(TransientFault);
  await server.restart();
  expect(await database.holdStore.find(row.holdId)).toBeUndefined();
  await database.unitOfWork.run((tx) => database.holdStore.save(tx, [row]));
  expect(await database.holdStore.find(row.holdId)).toEqual(row);
});

it('writers that retry lose nothing that was acknowledged and leave no gap', async () => {
  const draft = (note: string): EntryDraft => {
    return { type: 'decision.made', at: T0, body: { note }, personal: {} };
  };
  const acknowledged = new Set<string>();
  let faults = 0;
  let over = false;
  const writer = async (name: string): Promise<void> => {
    for (let number = 0; !over;) {
      const note = `${name}${number}`;
      try {
        await database.unitOfWork.run((tx) =>
          database.journalStore.append(tx, new Map([[7, [draft(note)]]])),
        );
        acknowledged.add(note);
        number += 1;
      } catch (error) {
        if (!(error instanceof TransientFault)) throw error;
        faults += 1;
        // A commit whose answer was lost may have been kept: the same note is not used again.
        number += 1;
        await new Promise((next) => setTimeout(next, 50));
      }
    }
  };
  const writers = ['a', 'b', 'c', 'd'].map(writer);
  for (let kill = 0; kill < 2; kill += 1) {
    await new Promise((next) => setTimeout(next, 400));
    await server.kill();
    await server.restart();
  }
  await new Promise((next) => setTimeout(next, 400));
  over = true;
  await Promise.all(writers);
  const entries = await database.journalStore.readAfter(7, 0, 100_000);
  expect(verifyChain(entries, sha256)).toBeUndefined();
  expect(entries.map((entry) => entry.sequence)).toEqual(entries.map((_, index) => index + 1));
  const kept = new Set(
    entries.map((entry) => (JSON.parse(entry.canonical) as { body: { note: string } }).body.note),
  );
  expect([...acknowledged].filter((note) => !kept.has(note))).toEqual([]);
  expect(acknowledged.size).toBeGreaterThan(20);
  expect(faults).toBeGreaterThan(0);
});

it('a session that the server ends is replaced', async () => {
  const row = hold();
  const end = () =>
    database.dataSource.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'spec' AND pid <> pg_backend_pid()`);
  const ended = database.unitOfWork.run(async (tx) => {
    await database.holdStore.save(tx, [row]);
    await end();
    await database.holdStore.save(tx, [row]);
  });
  await expect(ended).rejects.toThrow(TransientFault);
  await database.unitOfWork.run((tx) => database.holdStore.save(tx, [row]));
  expect(await database.holdStore.find(row.holdId)).toEqual(row);
});
