/** The audit trail at a million entries: what sealing costs, and how fast and in how much memory it is exported and verified. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Sealer } from '#application';
import { NODE_HASHING, SYSTEM_CLOCK, makeJournalKey, readJournalKeys } from '#config';
import type { EntryDraft } from '#domain';
import { openDatabase, type Database } from '#persistence';
import { startLocalPostgres } from '#testing';
import type { BenchOptions } from './bench.ts';

const HOME = '.lengjing/bench-audit';
const CHAINS = 12;
const PER_APPEND = 600;
const MIB = 2 ** 20;
const SEAL_MS = 1_000;
const CLI = 'dist/apps/cli/src/main.js';
const VERIFIER = 'tools/verify/lengjing-verify.mjs';

export async function section({ quick, say }: BenchOptions): Promise<void> {
  const entries = quick ? 100_000 : 1_000_000;
  await rm(HOME, { recursive: true, force: true });
  await mkdir(HOME, { recursive: true });
  const postgres = await startLocalPostgres(join(process.cwd(), HOME, 'postgres'));
  const pair = makeJournalKey('bench.example/journal');
  const database = await openDatabase({ url: postgres.url, poolSize: 4, applicationName: 'bench' });
  try {
    await database.migrate();
    say(
      `Audit trail, ${entries.toLocaleString('en')} entries like the engine's in ${CHAINS} chains`,
    );
    const written = await append(database, entries);
    say(`  appended: ${perSecond(entries, written)}`);
    const sealed = await seal(database, pair.privateKey);
    const share = ((sealed.cpuMs / entries) * 1_000).toFixed(1);
    say(`  sealed: ${perSecond(entries, sealed.ms)}, ${share} µs of the worker's CPU per entry`);
    for (const mask of ['closed', 'masked'] as const) {
      const folder = join(process.cwd(), HOME, mask);
      const asked = ['--by', 'bench', '--purpose', 'bench', '--mask', mask, '--out', folder];
      const sealing = setInterval(() => void seal(database, pair.privateKey), SEAL_MS);
      const exported = await run([CLI, 'audit', 'export', ...asked], postgres.url);
      clearInterval(sealing);
      say(
        `  exported (${mask}): ${reportOf(entries, exported)}, ${mib(await sizeOf(folder))} of files`,
      );
      const verified = await run([VERIFIER, '--key', pair.publicKey, folder], postgres.url);
      say(`  verified (${mask}): ${reportOf(entries, verified)}`);
    }
  } finally {
    await database.close();
    await postgres.stop();
    await rm(HOME, { recursive: true, force: true });
  }
}

/** The samples' own decisions, holds, alerts and batches, which the contract tests keep like the engine's. */
async function append(database: Database, entries: number): Promise<number> {
  const file = new URL('../../libs/contracts/samples/entries.json', import.meta.url);
  const samples = (JSON.parse(await readFile(file, 'utf8')) as EntryDraft[]).filter(({ type }) =>
    ['decision.made', 'hold.placed', 'alert.requested', 'batch.consumed'].includes(type),
  );
  const startedAt = performance.now();
  for (let done = 0; done < entries; done += PER_APPEND) {
    const drafts = new Map<number, EntryDraft[]>();
    for (let n = done; n < Math.min(entries, done + PER_APPEND); n += 1) {
      const sample = samples[n % samples.length] as EntryDraft;
      const ofChain = drafts.get(n % CHAINS) ?? [];
      const payerId = `acct-${n % 50_000}`;
      ofChain.push({
        ...sample,
        at: sample.at + n,
        ...(sample.payerId === undefined ? {} : { payerId }),
      });
      drafts.set(n % CHAINS, ofChain);
    }
    await database.unitOfWork.run((tx) => database.journalStore.append(tx, drafts));
  }
  return performance.now() - startedAt;
}

async function seal(database: Database, keys: string): Promise<{ ms: number; cpuMs: number }> {
  const sealer = new Sealer({
    seals: database.sealStore,
    signer: readJournalKeys(keys),
    hashing: NODE_HASHING,
    clock: SYSTEM_CLOCK,
  });
  const [startedAt, cpu] = [performance.now(), process.cpuUsage()];
  await sealer.sealDue();
  const used = process.cpuUsage(cpu);
  return { ms: performance.now() - startedAt, cpuMs: (used.user + used.system) / 1_000 };
}

interface Ran {
  readonly ms: number;
  readonly cpuMs: number;
  /** Largest resident memory of the process, bytes. */
  readonly rss: number;
}

/** Tells at its end what the process used. */
const HOOK = `process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  const { maxRSS } = process.resourceUsage();
  process.stderr.write(JSON.stringify({ cpuMs: (user + system) / 1e3, rss: maxRSS * 1024 }));
});`;

/** The command as people run it, in a process of its own. Throws what it said where it failed. */
function run(args: readonly string[], databaseUrl: string): Promise<Ran> {
  const startedAt = performance.now();
  const hooked = ['--import', `data:text/javascript,${encodeURIComponent(HOOK)}`, ...args];
  return new Promise((resolve, reject) => {
    const env = { ...process.env, DATABASE_URL: databaseUrl };
    execFile(process.execPath, hooked, { env }, (error, stdout, stderr) => {
      if (error !== null) reject(new Error(stderr + stdout));
      else {
        const used = JSON.parse(stderr) as Omit<Ran, 'ms'>;
        resolve({ ms: performance.now() - startedAt, ...used });
      }
    });
  });
}

function reportOf(entries: number, { ms, cpuMs, rss }: Ran): string {
  const cpu = ((cpuMs / entries) * 1_000).toFixed(1);
  return `${perSecond(entries, ms)}, ${cpu} µs of its CPU per entry, at most ${mib(rss)}`;
}

async function sizeOf(folder: string): Promise<number> {
  const { files } = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as {
    readonly files: readonly { readonly bytes: number }[];
  };
  const { size } = await stat(join(folder, 'manifest.json'));
  return files.reduce((sum, { bytes }) => sum + bytes, size);
}

function perSecond(entries: number, ms: number): string {
  return `${Math.round(entries / (ms / 1_000)).toLocaleString('en')} entries/s`;
}

function mib(bytes: number): string {
  return `${Math.round(bytes / MIB).toLocaleString('en')} MiB`;
}
