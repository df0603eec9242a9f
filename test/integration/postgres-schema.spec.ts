/** Migrations: twice, at once, undone; and what a program is told that meets another schema. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDatabase, type Database } from '#persistence';
import { emptyDatabase, open, type FreshDatabase } from './databases.ts';

let empty: FreshDatabase;
let database: Database;
beforeEach(async () => {
  empty = await emptyDatabase();
  database = await open(empty.url);
});
afterEach(async () => {
  await database.close();
  await empty.drop();
});

async function tables(): Promise<readonly string[]> {
  const rows: readonly { tablename: string }[] = await database.dataSource.query(
    `SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`,
  );
  return rows.map((row) => row.tablename);
}

describe('the schema', () => {
  it('is refused while it is missing, and complete after the migrations', async () => {
    await expect(database.checkSchema()).rejects.toThrow(
      /^the database schema is [1-9]\d* migration\(s\) behind this program: run its migrations first$/,
    );
    await database.migrate();
    await database.checkSchema();
    expect(await tables()).toEqual([
      'alert_deliveries',
      'appeals',
      'case_work',
      'chain_heads',
      'checkpoints',
      'console_answers',
      'delay_costs',
      'digest_positions',
      'evidence',
      'hold_digests',
      'holds',
      'instructions',
      'journal',
      'journal_disclosures',
      'journal_tree',
      'migrations',
      'payee_activity',
      'payee_followers',
      'payee_quiets',
      'payer_answers',
      'payer_habits',
      'payer_links',
      'payer_restrictions',
      'policy_versions',
      'positions',
      'profiles',
      'release_requests',
      'responses_read',
      'saved_views',
      'shadow_changes',
      'shadow_counts',
      'shadow_positions',
      'staff',
      'staff_logins',
      'staff_sessions',
      'subjects',
    ]);
  });

  it('is migrated again without a change', async () => {
    await database.migrate();
    await database.engineStore.claim('a', [0]);
    await database.migrate();
    const [lease] = await database.engineStore.claim('b', [0]);
    expect(lease?.epoch).toBe(2);
  });

  it('is migrated once by three processes at once', async () => {
    const others = await Promise.all([open(empty.url), open(empty.url)]);
    await Promise.all([database, ...others].map((one) => one.migrate()));
    for (const one of others) {
      await one.checkSchema();
      await one.close();
    }
    const names: readonly { readonly name: string }[] = await database.dataSource.query(
      'SELECT name FROM migrations',
    );
    expect(names.length).toBeGreaterThan(0);
    expect(new Set(names.map(({ name }) => name)).size).toBe(names.length);
  });

  it('is refused when it is newer', async () => {
    await database.migrate();
    await database.dataSource.query(
      `INSERT INTO migrations (timestamp, name) VALUES (1, 'FromTheFuture1')`,
    );
    await expect(database.checkSchema()).rejects.toThrow(
      'the database schema is 1 migration(s) ahead of this program: start the newer version',
    );
  });

  it('is gone after it is undone', async () => {
    await database.migrate();
    const applied: readonly unknown[] = await database.dataSource.query('SELECT 1 FROM migrations');
    for (const _ of applied) await database.dataSource.undoLastMigration();
    expect(await tables()).toEqual(['migrations']);
  });
});

describe('a wrong DATABASE_URL', () => {
  const wrong = (change: (url: URL) => void): Promise<Database> => {
    const url = new URL(empty.url);
    change(url);
    return openDatabase({ url: url.href, poolSize: 2, applicationName: 'spec' });
  };

  it.each<[string, (url: URL) => void, string]>([
    ['password', (url) => (url.password = 'hunter2'), 'refuses the user or password'],
    ['user', (url) => (url.username = 'nobody'), 'refuses the user or password'],
    ['database', (url) => (url.pathname = '/nowhere'), 'does not exist: create it first'],
    ['port', (url) => (url.port = '1'), 'cannot be reached (ECONNREFUSED'],
  ])('says so for the %s, without the URL', async (_what, change, message) => {
    const error: unknown = await wrong(change).catch((thrown: unknown) => thrown);
    if (!(error instanceof Error)) throw new Error('it connected');
    expect(error.message).toContain(message);
    expect(error.message).not.toMatch(/hunter2|postgres:/);
  });

  it('is refused with a pool too small to migrate', async () => {
    const run = openDatabase({ url: empty.url, poolSize: 1, applicationName: 'spec' });
    await expect(run).rejects.toThrow('at least 2 connections');
  });
});
