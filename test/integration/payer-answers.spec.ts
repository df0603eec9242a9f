/** What a payer answers leaves exactly one entry for each thing that it changes, and none for what is refused or said twice. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { answerHold, type HoldRow, type PageSession } from '#application';
import { NODE_HASHING } from '#config';
import { defaultPolicy } from '#contracts';
import type { PayerAnswer } from '#domain';
import type { Database } from '#persistence';
import { freshDatabase, open, type FreshDatabase } from './databases.ts';
import { sampleHold } from './payer-world.ts';

let fresh: FreshDatabase;
let database: Database;
beforeAll(async () => {
  fresh = await freshDatabase();
  database = await open(fresh.url);
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

const HASH = 'a'.repeat(64);

async function answer(hold: HoldRow, given: PayerAnswer): Promise<unknown> {
  const { unitOfWork, holdStore, journalStore, payerStore } = database;
  const deps = {
    unitOfWork,
    holds: holdStore,
    payers: payerStore,
    journal: journalStore,
    clock: { now: () => Date.now() },
    hashing: NODE_HASHING,
    policy: () => defaultPolicy(),
    pageVersion: 'spec',
  };
  const session: PageSession = {
    sessionHash: HASH,
    holdId: hold.holdId,
    payerId: hold.payerId,
    purpose: 'stop',
    locale: 'zh-CN',
  };
  return answerHold(deps, session, { answer: given });
}

async function entriesOf(hold: HoldRow): Promise<readonly string[]> {
  const entries = await database.journalStore.readAfter(hold.partition, 0, 1_000);
  return entries.filter(({ canonical }) => canonical.includes(hold.holdId)).map(({ type }) => type);
}

it.each([
  ['cancel', ['hold.cancelled']],
  ['coached_yes', ['payer.answered', 'hold.cancelled']],
  ['coached_no', ['payer.answered']],
  ['reconfirm', []],
] as const)('%s', async (given, types) => {
  const hold = sampleHold();
  const { unitOfWork, holdStore, dataSource } = database;
  await unitOfWork.run((tx) => holdStore.save(tx, [hold]));
  await dataSource.query('DELETE FROM payer_answers');
  await answer(hold, given);
  expect(await entriesOf(hold)).toEqual(types);
  await answer(hold, given);
  expect(await entriesOf(hold)).toEqual(types);
});
