/** A real PostgreSQL on this machine whose data stays: for `npm start` where no `DATABASE_URL` is given. */
import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { administer, createDatabase, freePort, isAlive } from './postgres.ts';

export interface LocalPostgres {
  /** Of the database. Holds the password: for `DATABASE_URL`, never for a log. */
  readonly url: string;
  /** Orderly end; the data stays. */
  stop(): Promise<void>;
}

const USER = 'lengjing';
const DATABASE = 'lengjing';
const STALE_WAIT_MS = 15_000;

/** What the keeper is told. */
export interface KeeperOrder {
  readonly data: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly initialise: boolean;
}

export type KeeperReport =
  | { readonly type: 'initialised' }
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly reason: string };

/**
 * Starts a server on the data in `directory`, made at the first start. It ends when this process ends, however it ends. One that a
 * killed process left there is ended first. Failures are one line that says what to do.
 */
export async function startLocalPostgres(directory: string): Promise<LocalPostgres> {
  const data = join(directory, 'data');
  const complete = join(directory, 'complete');
  await mkdir(directory, { recursive: true });
  // The server runs as another user where we are root: it must reach its folder.
  await chmod(directory, 0o755);
  await endLeftOver(data);
  const initialise = !(await exists(complete));
  // Without the mark an earlier first start was cut off: nothing in there was ever used.
  if (initialise) await rm(data, { recursive: true, force: true });
  const password = await passwordOf(join(directory, 'password'));
  const port = await freePort();
  const order: KeeperOrder = { data, port, user: USER, password, initialise };
  const keeper = await launch(order, async () => writeFile(complete, ''), directory);
  const adminUrl = `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`;
  const url = await databaseUrl(adminUrl);
  return { url, stop: () => stopKeeper(keeper) };
}

async function databaseUrl(adminUrl: string): Promise<string> {
  const { rowCount } = await administer(adminUrl, (client) =>
    client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]),
  );
  if (rowCount === 0) return createDatabase(adminUrl, DATABASE);
  const url = new URL(adminUrl);
  url.pathname = `/${DATABASE}`;
  return url.href;
}

async function passwordOf(path: string): Promise<string> {
  const known = await readFile(path, 'utf8').catch(() => '');
  if (known !== '') return known;
  const password = randomBytes(24).toString('hex');
  await writeFile(path, password, { mode: 0o600 });
  return password;
}

function launch(
  order: KeeperOrder,
  initialised: () => Promise<void>,
  directory: string,
): Promise<ChildProcess> {
  const own = import.meta.url;
  const extension = own.endsWith('.ts') ? 'ts' : 'js';
  const file = fileURLToPath(new URL(`./postgres-keeper.${extension}`, own));
  // Detached: Ctrl-C in the terminal is for the parent, which stops what uses the database first.
  const keeper = fork(file, [], { detached: true, execArgv: [], stdio: 'ignore' });
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => {
      keeper.removeAllListeners();
      keeper.disconnect();
      reject(new Error(explain(reason, directory)));
    };
    keeper.on('message', (report: KeeperReport) => {
      if (report.type === 'failed') fail(report.reason);
      else if (report.type === 'initialised') initialised().catch(reject);
      else {
        keeper.removeAllListeners('exit');
        // What is forgotten must not keep its parent from ending.
        keeper.unref();
        keeper.channel?.unref();
        resolve(keeper);
      }
    });
    keeper.on('exit', () => reject(new Error('PostgreSQL’s keeper ended before it was ready')));
    keeper.send(order);
  });
}

async function stopKeeper(keeper: ChildProcess): Promise<void> {
  if (keeper.exitCode !== null) return;
  keeper.ref();
  const ended = new Promise((resolve) => {
    keeper.once('exit', resolve);
  });
  keeper.disconnect();
  await ended;
}

/** What the server says of files that are missing or cut off. */
const DAMAGED =
  /not a valid data directory|could not (?:locate a valid checkpoint|open control file|read file|open file)|control file .*(?:wrong|invalid)|incorrect checksum in control file|PANIC/;

/** One line out of what the server says. */
function explain(reason: string, directory: string): string {
  if (/No space left|ENOSPC/.test(reason)) {
    return `the disk is full: PostgreSQL cannot write in ${directory}; free some space and start again`;
  }
  if (/Permission denied|EACCES|could not access|could not change directory/i.test(reason)) {
    return `PostgreSQL runs as user postgres and cannot reach ${directory}: move the checkout to a folder that other users may enter, or set DATABASE_URL`;
  }
  if (/incompatible with server|database files are incompatible/.test(reason)) {
    return `${directory} was made by another version of PostgreSQL: move it away to begin anew, or set DATABASE_URL`;
  }
  if (DAMAGED.test(reason)) {
    return `the PostgreSQL data in ${directory} is damaged: restore it from a copy, move it away to begin anew, or set DATABASE_URL`;
  }
  return `PostgreSQL did not start: ${reason.trim().split('\n').at(-1) ?? 'no reason given'}`;
}

/** Ends the server that a killed earlier parent left on this data, if the pid file names a running one. */
async function endLeftOver(data: string): Promise<void> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  if (!(pid > 1) || !isAlive(pid) || !(await isPostgres(pid, data))) return;
  // SIGINT asks for a fast shutdown.
  process.kill(pid, 'SIGINT');
  const deadline = Date.now() + STALE_WAIT_MS;
  while (isAlive(pid)) {
    if (Date.now() > deadline) {
      throw new Error(
        `PostgreSQL (process ${pid}) is still using ${data}: stop it and start again`,
      );
    }
    await sleep(50);
  }
}

/** Process ids are reused: a pid file after a power cut may name anybody. */
async function isPostgres(pid: number, data: string): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  return command === undefined ? process.platform !== 'linux' : command.includes(data);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
