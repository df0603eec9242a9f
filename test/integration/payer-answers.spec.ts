/** What a payer answers leaves exactly one entry for each thing that it changes, and none for what is refused or said twice. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  answerHold,
  mintPayerLink,
  openPayerLink,
  type HoldRow,
  type PageSession,
} from '#application';
import { NODE_HASHING } from '#config';
import { defaultPolicy } from '#contracts';
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

function deps() {
  const { unitOfWork, holdStore, journalStore, payerStore } = database;
  return {
    unitOfWork,
    holds: holdStore,
    payers: payerStore,
    journal: journalStore,
    clock: { now: () => Date.now() },
    hashing: NODE_HASHING,
    policy: () => defaultPolicy(),
    pageVersion: 'spec',
  };
}

async function openPage(hold: HoldRow): Promise<PageSession> {
  const { holdId, payerId } = hold;
  const minted = await mintPayerLink(deps(), { holdId, payerId, purpose: 'stop' });
  const opened = minted.ok ? await openPayerLink(deps(), minted.token) : undefined;
  if (opened === undefined) throw new Error('the link opens nothing');
  return opened.session;
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
  const { unitOfWork, holdStore } = database;
  await unitOfWork.run((tx) => holdStore.save(tx, [hold]));
  const session = await openPage(hold);
  await answerHold(deps(), session, { answer: given });
  expect(await entriesOf(hold)).toEqual(types);
  await answerHold(deps(), session, { answer: given });
  expect(await entriesOf(hold)).toEqual(types);
});
