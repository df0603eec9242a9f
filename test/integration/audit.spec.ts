/** The audit trail on the real PostgreSQL: sealed, exported by the command, verified by the auditor's file alone, and tables that were touched. */
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SelfCheck, introduceKeys, type JournalFault } from '#application';
import { NODE_HASHING } from '#config';
import type { Database } from '#persistence';
import {
  CLOCK,
  KEYS,
  SIGNER,
  bundleOf,
  fill,
  removeBundles,
  sealerOf,
} from '../contract/audit-journal.ts';
import { VERIFIER_FILE, loadVerifier } from '../contract/verifier.ts';
import { freshDatabase, open } from './databases.ts';
import { lengjing } from './engine-programs.ts';

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
  await removeBundles();
});

const keyDeps = () => ({
  unitOfWork: database.unitOfWork,
  journal: database.journalStore,
  reader: database.entryReader,
  signer: SIGNER,
  clock: CLOCK,
});

/** Walks the whole journal once and says what was found first. */
async function selfCheck(): Promise<JournalFault | undefined> {
  const deps = { seals: database.sealStore, reader: database.entryReader, hashing: NODE_HASHING };
  const check = new SelfCheck(deps);
  while (check.rounds === 0) {
    const fault = await check.step(50);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** As the database's owner could, with every trigger off. */
async function touch(statement: string): Promise<void> {
  await database.dataSource.query(`SET session_replication_role = replica; ${statement}`);
}

describe('the sealed journal', () => {
  it('is exported by the command and verified in an empty folder with the key alone', async () => {
    await fill(database, 12);
    await introduceKeys(keyDeps());
    await sealerOf(database).sealDue();
    const home = await mkdtemp(join(tmpdir(), 'lengjing-auditor-'));
    const folder = join(home, 'bundle');
    const asked = ['--by', 'auditor', '--purpose', 'yearly audit', '--out', folder];
    const seal = setInterval(() => void sealerOf(database).sealDue(), 300);
    const ran = await lengjing(['audit', 'export', ...asked], { env: { DATABASE_URL: url } });
    clearInterval(seal);
    expect([ran.status, ran.stderr]).toEqual([0, '']);
    expect(ran.stdout).toContain('121 entries of 3 chain(s)');
    await copyFile(VERIFIER_FILE, join(home, 'verify.mjs'));
    await writeFile(join(home, 'key'), `${KEYS.publicKey}\n`);
    const said = await alone(home, ['verify.mjs', '--key', 'key', '--topics', 'bundle']);
    expect(said.status).toBe(0);
    expect(said.text).toContain('✓ 121 entries of 3 chain(s) are what was journaled and signed');
    expect(said.text).toContain('chain 0: 36 input records accounted for');
    const entries = join(folder, 'chain-1.entries.jsonl');
    await writeFile(
      entries,
      (await readFile(entries, 'utf8')).replace('"sequence":17', '"sequence":71'),
    );
    const touched = await alone(home, ['verify.mjs', '--key', 'key', 'bundle']);
    expect(touched.status).toBe(1);
    expect(touched.text).toContain('chain 1, entry 17:');
    await rm(home, { recursive: true });
  });

  it('journals its keys once, and again when they change', async () => {
    expect(await introduceKeys(keyDeps())).toBe(true);
    expect(await introduceKeys(keyDeps())).toBe(false);
    const signer = { ...SIGNER, publicKeys: [...SIGNER.publicKeys, 'a+00000000+AQ=='] };
    expect(await introduceKeys({ ...keyDeps(), signer })).toBe(true);
  });

  it('is sealed by two workers at once and verifies', async () => {
    const workers = [sealerOf(database), sealerOf(database)];
    for (let round = 0; round < 5; round += 1) {
      await fill(database, 2);
      await Promise.all(workers.map((worker) => worker.sealDue()));
    }
    const verifier = await loadVerifier();
    const { folder } = await bundleOf(database);
    const verified = await verifier.verifyBundle(folder, {
      keys: verifier.readKeys(KEYS.publicKey),
    });
    expect(verified.findings).toEqual([]);
    expect(verified.entries).toBe(100);
  });

  it('has proofs out of its tiles', async () => {
    await fill(database, 110);
    await sealerOf(database, { everyMs: 0, entriesMax: 100 }).sealDue();
    const verifier = await loadVerifier();
    const keys = verifier.readKeys(KEYS.publicKey);
    for (const query of [
      { kind: 'payer', payerId: 'acct-6222-01' },
      { kind: 'range', from: CLOCK.now() - 3_550_000, to: CLOCK.now() - 3_500_000 },
    ] as const) {
      const asked = { query, mask: 'closed', disclosed: [], by: 'a', purpose: 'b' } as const;
      const { folder } = await bundleOf(database, asked);
      expect((await verifier.verifyBundle(folder, { keys })).findings).toEqual([]);
    }
  });
});

describe('tables that were touched', () => {
  beforeEach(async () => {
    await fill(database, 60);
    await sealerOf(database).sealDue();
  });

  it('are told apart from those that were not', async () => {
    expect(await selfCheck()).toBeUndefined();
  });

  it.each<[string, string, Partial<JournalFault>]>([
    [
      'an entry',
      `UPDATE journal SET canonical = replace(canonical, '"T4"', '"T0"') WHERE chain = 0 AND sequence = 26`,
      { sequence: 26, fault: 'wrong_leaf_hash' },
    ],
    [
      'a label',
      `UPDATE journal SET type = 'hold.released' WHERE chain = 0 AND sequence = 27`,
      { sequence: 27, fault: 'mislabelled' },
    ],
    [
      'an entry with a leaf that fits',
      `UPDATE journal SET canonical = replace(canonical, '"T4"', '"T0"'), leaf = sha256('\\x00'::bytea || convert_to(replace(canonical, '"T4"', '"T0"'), 'UTF8')) WHERE chain = 0 AND sequence = 26`,
      { sequence: 27, fault: 'broken_link' },
    ],
    [
      'the last entry with a leaf that fits',
      `UPDATE journal SET canonical = replace(canonical, '"kept":2', '"kept":3'), leaf = sha256('\\x00'::bytea || convert_to(replace(canonical, '"kept":2', '"kept":3'), 'UTF8')) WHERE chain = 0 AND sequence = 300`,
      { sequence: 300, fault: 'wrong_root' },
    ],
    [
      'a missing entry',
      'DELETE FROM journal WHERE chain = 0 AND sequence = 100',
      { sequence: 100, fault: 'missing_entry' },
    ],
    [
      'a cut end',
      'DELETE FROM journal WHERE chain = 0 AND sequence > 290',
      { sequence: 291, fault: 'missing_entry' },
    ],
    [
      'a disclosed value',
      `UPDATE journal_disclosures SET disclosures = replace(disclosures, 'acct-6222', 'acct-6223') WHERE chain = 0 AND sequence = 2`,
      { sequence: 2, fault: 'wrong_disclosure' },
    ],
    [
      'a tile',
      `UPDATE journal_tree SET hash = sha256(hash) WHERE chain = 0`,
      { sequence: 256, fault: 'wrong_tree' },
    ],
    [
      'a checkpoint',
      `UPDATE checkpoints SET root = sha256(root) WHERE chain = 0`,
      { sequence: 300, fault: 'wrong_root' },
    ],
  ])('show: %s', async (_what, statement, fault) => {
    await touch(statement);
    expect(await selfCheck()).toMatchObject({ chain: 0, ...fault });
  });

  it('are not signed for again: a sealer that knows more refuses', async () => {
    const sealer = sealerOf(database);
    await sealer.sealDue();
    await touch('DELETE FROM checkpoints WHERE chain = 0');
    await expect(sealer.sealDue()).rejects.toThrow('lost entries that were signed for');
  });
});

describe('append-only', () => {
  beforeEach(async () => {
    await fill(database, 1);
    await sealerOf(database).sealDue();
  });

  it.each(['checkpoints', 'journal_tree', 'journal'])(
    '%s refuses changes by trigger',
    async (table) => {
      for (const statement of [
        `UPDATE ${table} SET chain = 9`,
        `DELETE FROM ${table}`,
        `TRUNCATE ${table}`,
      ]) {
        await expect(database.dataSource.query(statement)).rejects.toThrow('append-only');
      }
    },
  );

  it('is also refused to the owner by grant', async () => {
    const rows: readonly { granted: boolean }[] = await database.dataSource.query(
      `SELECT count(*) > 0 AS granted FROM information_schema.role_table_grants
       WHERE table_name IN ('journal', 'checkpoints', 'journal_tree')
         AND privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE')`,
    );
    expect(rows).toEqual([{ granted: false }]);
  });
});

/** Node as the auditor has it: no packages, no flags, another folder. */
function alone(
  cwd: string,
  args: readonly string[],
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...args], { cwd, env: {} }, (error, stdout, stderr) => {
      const code: unknown = error === null ? 0 : error.code;
      resolve({ status: typeof code === 'number' ? code : 1, text: stdout + stderr });
    });
  });
}
