/** Fresh databases for integration specs: the schema is migrated once per run, every spec gets a copy. */
import { randomUUID } from 'node:crypto';
import { openDatabase, type Database } from '#persistence';
import { administer, createDatabase, dropDatabase } from '#testing';
import { askForServer } from './ask.ts';

const TEMPLATE = 'lengjing_template';
/** Any fixed number: whoever holds it makes the template. */
const TEMPLATE_LOCK = 4_201;

export interface FreshDatabase {
  readonly url: string;
  /** Ends every session and drops it. */
  drop(): Promise<void>;
}

/** A database of this run's server with every migration applied and nothing in it. The caller MUST drop it. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const adminUrl = await adminUrlOf();
  await makeTemplate(adminUrl);
  return copyOf(adminUrl, TEMPLATE);
}

/** A database without any table. The caller MUST drop it. */
export async function emptyDatabase(): Promise<FreshDatabase> {
  return copyOf(await adminUrlOf(), 'template0');
}

export async function open(url: string, applicationName = 'spec'): Promise<Database> {
  return openDatabase({ url, poolSize: 8, applicationName });
}

async function adminUrlOf(): Promise<string> {
  const { url } = await askForServer('postgres');
  if (typeof url !== 'string') throw new Error('the test server gave no URL');
  return url;
}

async function copyOf(adminUrl: string, template: string): Promise<FreshDatabase> {
  const name = `spec_${randomUUID().replaceAll('-', '')}`;
  const url = await createDatabase(adminUrl, name, template);
  return { url, drop: () => dropDatabase(adminUrl, name) };
}

/** Once per run, whichever worker comes first; the others wait. */
async function makeTemplate(adminUrl: string): Promise<void> {
  await administer(adminUrl, async (admin) => {
    await admin.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [
      TEMPLATE,
    ]);
    if (rowCount !== 0) return;
    const half = `${TEMPLATE}_unfinished`;
    await dropDatabase(adminUrl, half);
    const database = await open(await createDatabase(adminUrl, half));
    await database.migrate();
    await database.close();
    await admin.query(`ALTER DATABASE ${half} RENAME TO ${TEMPLATE}`);
  });
}
