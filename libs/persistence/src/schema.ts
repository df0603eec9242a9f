/** Brings the schema up to this program, and refuses to run on any other. */
import { types } from 'node:util';
import type { DataSource } from 'typeorm';
import { faultOf } from './faults.ts';
import { MIGRATIONS } from './migrations/index.ts';

/** Any fixed number, so long as nothing else on the database locks it. */
const MIGRATION_LOCK = 7_105_110_106;

/** Applies missing migrations, each in its own transaction; a second process waits for the first. Needs two connections. */
export async function migrate(dataSource: DataSource): Promise<void> {
  const guard = dataSource.createQueryRunner();
  try {
    await guard.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      await dataSource.runMigrations({ transaction: 'each' });
    } finally {
      await guard.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    }
  } catch (error) {
    throw faultOf(driverError(error), 'migrate');
  } finally {
    await guard.release();
  }
}

/** Throws one line that says what to do unless exactly this program's migrations are applied. */
export async function checkSchema(dataSource: DataSource): Promise<void> {
  const known: readonly string[] = MIGRATIONS.map((migration) => migration.name);
  const applied = await appliedMigrations(dataSource);
  const missing = known.filter((name) => !applied.includes(name)).length;
  if (missing > 0) {
    throw new Error(
      `the database schema is ${missing} migration(s) behind this program: run its migrations first`,
    );
  }
  const unknown = applied.filter((name) => !known.includes(name)).length;
  if (unknown > 0) {
    throw new Error(
      `the database schema is ${unknown} migration(s) ahead of this program: start the newer version`,
    );
  }
}

async function appliedMigrations(dataSource: DataSource): Promise<readonly string[]> {
  try {
    const [table]: readonly { found: boolean }[] = await dataSource.query(
      `SELECT to_regclass('migrations') IS NOT NULL AS found`,
    );
    if (table?.found !== true) return [];
    const rows: readonly { name: string }[] = await dataSource.query('SELECT name FROM migrations');
    return rows.map((row) => row.name);
  } catch (error) {
    throw faultOf(driverError(error), 'check schema');
  }
}

/** TypeORM wraps the driver's error together with the parameters; only the inner one is looked at. */
function driverError(error: unknown): unknown {
  const inner: unknown = types.isNativeError(error) ? Reflect.get(error, 'driverError') : undefined;
  return types.isNativeError(inner) ? inner : error;
}
