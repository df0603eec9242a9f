/** Each act of staff leaves one entry, and none when it is refused; the use cases themselves, on PostgreSQL. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  changePolicy,
  draftPolicy,
  markRedriven,
  recordFilePolicy,
  rollBackPolicy,
  stepPolicy,
  unmaskPayer,
  workOnCase,
  type CaseDeps,
  type PolicyDeps,
} from '#application';
import { SYSTEM_CLOCK } from '#config';
import { defaultPolicy } from '#contracts';
import type { CaseCommand } from '#domain';
import type { Database } from '#persistence';
import { decideAfternoon } from './console-afternoon.ts';
import { freshDatabase, open, type FreshDatabase } from './databases.ts';

let fresh: FreshDatabase;
let database: Database;
let cases: CaseDeps;
let policies: PolicyDeps;

beforeAll(async () => {
  fresh = await freshDatabase();
  database = await open(fresh.url);
  await decideAfternoon(database, 'xu', 'acts');
  const { unitOfWork, journalStore: journal } = database;
  cases = { unitOfWork, journal, desk: database.caseDesk, clock: SYSTEM_CLOCK };
  const store = database.policyStore;
  policies = { unitOfWork, journal, policies: store, clock: SYSTEM_CLOCK, newId: randomUUID };
});

afterAll(async () => {
  await database.close();
  await fresh.drop();
});

async function acts(): Promise<readonly string[]> {
  const rows: readonly { canonical: string }[] = await database.dataSource.query(
    `SELECT canonical FROM journal WHERE type = 'staff.acted' ORDER BY at, chain, sequence`,
  );
  return rows.map(({ canonical }) => (JSON.parse(canonical) as { body: { act: string } }).body.act);
}

async function left(step: () => Promise<unknown>): Promise<readonly string[]> {
  const before = (await acts()).length;
  await step();
  return (await acts()).slice(before);
}

it('about a case', async () => {
  const [row] = (await database.caseDesk.queue({ state: 'open', limit: 1 })).rows;
  const caseId = row?.work.caseId ?? '';
  const act = (command: CaseCommand, by = 'an') =>
    left(() => workOnCase(cases, { caseId, command, by }));
  expect(await act({ type: 'lock' })).toEqual([]);
  expect(await act({ type: 'label', label: 'scam' }, 'bo')).toEqual([]);
  expect(await act({ type: 'label', label: 'scam' })).toEqual(['case_labelled']);
  expect(await act({ type: 'note' }, 'bo')).toEqual(['case_noted']);
  expect(await act({ type: 'unlock', mayBreak: true }, 'bo')).toEqual(['case_lock_broken']);
  expect(await act({ type: 'assign', assignee: 'bo' })).toEqual(['case_assigned']);
  const unmask = (id: string) =>
    left(() => unmaskPayer(cases, { caseId: id, by: 'an', reason: 'asked' }));
  expect(await unmask(caseId)).toEqual(['payer_unmasked']);
  expect(await unmask(randomUUID())).toEqual([]);
});

it('about the policy', async () => {
  const { digest: _digest, ...content } = defaultPolicy();
  const document = JSON.stringify(content);
  const file = () => recordFilePolicy(policies, defaultPolicy(), document);
  expect(await left(file)).toEqual(['policy_activated']);
  expect(await left(file)).toEqual([]);
  const policy = { ...defaultPolicy(), version: 'next', digest: 'd'.repeat(64) };
  const draft = { title: 'next', policy, document, by: 'an' };
  expect(await left(() => draftPolicy(policies, draft))).toEqual(['policy_drafted']);
  expect(await left(() => draftPolicy(policies, draft))).toEqual([]);
  const id = (await database.policyStore.list()).find(({ version }) => version === 'next');
  const policyVersionId = id?.policyVersionId ?? '';
  const step = (name: Parameters<typeof stepPolicy>[2], by: string) =>
    left(() => stepPolicy(policies, policyVersionId, name, { by }));
  expect(await left(() => changePolicy(policies, policyVersionId, { ...draft, by: 'bo' }))).toEqual(
    [],
  );
  expect(await left(() => changePolicy(policies, policyVersionId, draft))).toEqual([
    'policy_changed',
  ]);
  expect(await step('submit', 'an')).toEqual(['policy_submitted']);
  expect(await step('activate', 'an')).toEqual([]);
  expect(await step('shadow', 'bo')).toEqual(['policy_shadowed']);
  expect(await step('activate', 'bo')).toEqual(['policy_activated']);
  expect(await left(() => rollBackPolicy(policies, { by: 'bo' }))).toEqual(['policy_rolled_back']);
});

it('about refused records', async () => {
  const { unitOfWork, journalStore: journal, overviewReads: reads } = database;
  const deps = { reads, unitOfWork, journal, clock: SYSTEM_CLOCK };
  const refusal = {
    type: 'record.refused',
    at: Date.now(),
    body: { code: 'x' },
    personal: {},
  } as const;
  const written = await unitOfWork.run((tx) => journal.append(tx, new Map([[7, [refusal]]])));
  const sequence = written.get(7)?.[0]?.sequence;
  const mark = (letterId: string) => left(() => markRedriven(deps, { letterId, by: 'an' }));
  expect(await mark(`7-${sequence}`)).toEqual(['letter_redriven']);
  expect(await mark('7-99999')).toEqual([]);
  expect(await mark('x')).toEqual([]);
});
