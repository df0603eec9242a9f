/** After erasing a payer nothing of them can be read anywhere, and the journal verifies as before (DESIGN, Privacy). */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  erasePayer,
  restrictPayer,
  retentionReport,
  unrestrictPayer,
  SelfCheck,
  type ErasureBasis,
  type ExportRequest,
} from '#application';
import { NODE_HASHING } from '#config';
import type { Database } from '#persistence';
import { CLOCK, KEYS, bundleOf, fill, removeBundles, sealerOf } from '../contract/audit-journal.ts';
import { T0, hold, keep, subjectWrite, transfer, transferRef } from '../contract/samples.ts';
import { loadVerifier } from '../contract/verifier.ts';
import { freshDatabase, open } from './databases.ts';

const PAYER = 'acct-6222-01';
/** What would give them away: the account, and the id of their transfers. */
const TRACES = [PAYER, `转账-${PAYER}`, 'session-of-the-erased'];
const OPEN: Omit<ExportRequest, 'exportId'> = {
  query: { kind: 'range' },
  mask: 'open',
  disclosed: ['payer', 'subject', 'refs', 'notice'],
  by: 'auditor',
  purpose: 'yearly audit',
};

let database: Database;
let drop: () => Promise<void>;
beforeEach(async () => {
  const fresh = await freshDatabase();
  drop = fresh.drop;
  database = await open(fresh.url);
  await fill(database, 9);
  await sealerOf(database).sealDue();
});
afterEach(async () => {
  await database.close();
  await drop();
  await removeBundles();
});

const deps = () => ({
  unitOfWork: database.unitOfWork,
  journal: database.journalStore,
  persons: database.personStore,
  clock: CLOCK,
  hashing: NODE_HASHING,
});
const erase = (basis: ErasureBasis, payerId = PAYER) =>
  erasePayer(deps(), { payerId, by: 'officer', basis });

/** Every table's rows as text, searched for every trace. */
async function tracesInDatabase(): Promise<readonly string[]> {
  const tables: readonly { name: string }[] = await database.dataSource.query(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    for (const trace of TRACES) {
      const [row]: readonly { count: string }[] = await database.dataSource.query(
        `SELECT count(*) FROM "${name}" t WHERE position($1 in t::text) > 0`,
        [trace],
      );
      if (row?.count !== '0') found.push(`${name}: ${trace}`);
    }
  }
  return found;
}

async function tracesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const one of names.filter((each) => each.isFile())) {
    const text = await readFile(join(one.parentPath, one.name), 'utf8');
    found.push(
      ...TRACES.filter((trace) => text.includes(trace)).map((trace) => `${one.name}: ${trace}`),
    );
  }
  return found;
}

/** Everything that a payer leaves behind. */
async function leaveTraces(held: 'released' | 'placed'): Promise<void> {
  await keep(database, [transfer({ payerId: PAYER })]);
  const ended = { at: T0, actor: 'payer', reason: 'reconfirmed' } as const;
  const row = hold({ payerId: PAYER, status: held, ...(held === 'placed' ? {} : { ended }) });
  await database.unitOfWork.run(async (tx) => {
    await database.holdStore.save(tx, [row]);
    await database.engineStore.saveProfiles(tx, [{ payerId: PAYER, updatedAt: T0 }]);
    await database.engineStore.saveSubjects(tx, [
      subjectWrite(transferRef(`转账-${PAYER}-77`), { payerId: PAYER }),
    ]);
  });
}

async function verified(asked = OPEN) {
  const verifier = await loadVerifier();
  const bundle = await bundleOf(database, asked);
  const keys = verifier.readKeys(KEYS.publicKey);
  const { findings } = await verifier.verifyBundle(bundle.folder, { keys, topics: true });
  return { ...bundle, findings };
}

/** Types of the house chain's entries. */
async function houseEntries(): Promise<readonly string[]> {
  return (await database.journalStore.readAfter(-1, 0, 100)).map(({ type }) => type);
}

describe('erasing a payer', () => {
  it('leaves nothing of them in the database or in any export, and verification green', async () => {
    await leaveTraces('released');
    expect((await tracesInDatabase()).length).toBeGreaterThan(4);
    expect((await tracesIn((await verified()).folder)).length).toBeGreaterThan(1);
    const result = await erase('order_of_authority');
    expect(result).toMatchObject({ ok: true, entries: 9 });
    expect((await houseEntries()).filter((type) => type.startsWith('payer.'))).toEqual([
      'payer.erased',
    ]);
    expect(await tracesInDatabase()).toEqual([]);
    const after = await verified();
    expect(after.findings).toEqual([]);
    expect(await tracesIn(after.folder)).toEqual([]);
    expect(after.manifest.erased).toEqual({ notice: 3, payer: 9, refs: 3, subject: 3 });
    const self = new SelfCheck({
      seals: database.sealStore,
      reader: database.entryReader,
      hashing: NODE_HASHING,
    });
    while (self.rounds === 0) expect(await self.step(1_000)).toBeUndefined();
  });

  it('touches nobody else', async () => {
    const others = async () => (await database.entryReader.placesOfPayer('acct-6222-02')).length;
    const before = await others();
    await erase('order_of_authority');
    expect(await others()).toBe(before);
    expect(before).toBeGreaterThan(0);
  });

  it.each<[string, () => Promise<void>, ErasureBasis, string, object]>([
    [
      'somebody unknown',
      async () => undefined,
      'not_a_customer',
      'acct-nobody',
      { code: 'payer_unknown' },
    ],
    [
      'somebody whose money is held',
      () => leaveTraces('placed'),
      'order_of_authority',
      PAYER,
      { code: 'hold_open' },
    ],
    ['within ten years', async () => undefined, 'retention_over', PAYER, { code: 'must_be_kept' }],
  ])('is refused: %s', async (_what, prepare, basis, payerId, refusal) => {
    await prepare();
    expect(await erase(basis, payerId)).toMatchObject({ ok: false, ...refusal });
    expect(await houseEntries()).toEqual([]);
    expect(await database.entryReader.placesOfPayer(PAYER)).not.toHaveLength(0);
  });
});

describe('the retention report', () => {
  const report = () => retentionReport(database.retentionStore, CLOCK.now());

  it('explains what was erased, and finds what is gone without a word', async () => {
    expect(await report()).toMatchObject({ erased: 0, unexplained: 0 });
    await erase('order_of_authority');
    expect(await report()).toMatchObject({ erased: 9, unexplained: 0 });
    await database.dataSource.query(
      'DELETE FROM journal_disclosures WHERE chain = 1 AND sequence IN (1, 2)',
    );
    const { classes, unexplained } = await report();
    expect(unexplained).toBe(2);
    expect(classes[0]).toMatchObject({ name: 'decisions', overdue: 0, early: 11 });
  });
});

describe('restricting a payer', () => {
  it('shows nothing of them to anybody but an authority, until it ends', async () => {
    const request = { payerId: PAYER, by: 'officer', basis: 'statutory_retention' };
    expect(await restrictPayer(deps(), request)).toMatchObject({ ok: true });
    await sealerOf(database).sealDue();
    const shown = await verified();
    expect(shown.findings).toEqual([]);
    expect(await tracesIn(shown.folder)).toEqual([]);
    expect(shown.manifest.restricted).toMatchObject({ payer: 10, subject: 3 });
    const masked = await verified({ ...OPEN, mask: 'masked', disclosed: [] });
    expect(await readFile(join(masked.folder, 'entries.csv'), 'utf8')).toContain('****2-02');
    const asked = await verified({ ...OPEN, authority: '公安-2026-117' });
    expect(asked.findings).toEqual([]);
    expect((await tracesIn(asked.folder)).length).toBeGreaterThan(1);
    expect(await unrestrictPayer(deps(), { ...request, basis: 'retention_over' })).toBe(true);
    expect(await unrestrictPayer(deps(), request)).toBe(false);
    const steps = (await houseEntries()).filter((type) => type.startsWith('payer.'));
    expect(steps).toEqual(['payer.restricted', 'payer.unrestricted']);
    expect((await tracesIn((await verified()).folder)).length).toBeGreaterThan(1);
  });
});
