/** The audit trail at a million entries: what sealing costs, and how fast and in how much memory it is exported and verified. */
import { fork } from 'node:child_process';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Sealer } from '#application';
import { NODE_HASHING, SYSTEM_CLOCK, makeJournalKey, readJournalKeys } from '#config';
import type { EntryDraft } from '#domain';
import { openDatabase, type Database } from '#persistence';
import { startLocalPostgres } from '#testing';
import type { AuditOrder, AuditReport } from './audit-work.ts';
import type { BenchOptions } from './bench.ts';

const HOME = '.lengjing/bench-audit';
const CHAINS = 12;
const PER_APPEND = 600;
const MIB = 2 ** 20;

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
    const common = { databaseUrl: postgres.url, keys: pair.privateKey, publicKey: pair.publicKey };
    for (const mask of ['closed', 'masked'] as const) {
      const folder = join(process.cwd(), HOME, mask);
      const exported = await work({ ...common, verb: 'export', folder, mask });
      const size = await sizeOf(folder);
      say(
        `  exported (${mask}): ${perSecond(entries, exported.ms)}, at most ${mib(exported.rss)}, ${mib(size)} of files`,
      );
      const verified = await work({ ...common, verb: 'verify', folder, mask });
      say(
        `  verified (${mask}): ${perSecond(entries, verified.ms)}, at most ${mib(verified.rss)}, ${verified.findings} findings`,
      );
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

/** In a process of its own, whose memory is only this work's. */
function work(order: AuditOrder): Promise<AuditReport> {
  const child = fork(new URL('./audit-work.ts', import.meta.url), [], {
    execArgv: ['--conditions=source'],
  });
  return new Promise((resolve, reject) => {
    child.once('message', (report: AuditReport) => resolve(report));
    child.once('exit', (code) => reject(new Error(`audit work ended with ${code}`)));
    child.send(order);
  });
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
