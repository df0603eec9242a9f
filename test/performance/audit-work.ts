/** One export or verification in a process of its own, for its time and memory. */
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import { Sealer, exportIdOf, makeExport, planExport, writeReceipt } from '#application';
import { NODE_HASHING, SYSTEM_CLOCK, readJournalKeys } from '#config';
import type { MaskLevel } from '#domain';
import { makeBundleFolder, openDatabase } from '#persistence';

export interface AuditOrder {
  readonly verb: 'export' | 'verify';
  readonly databaseUrl: string;
  readonly keys: string;
  readonly publicKey: string;
  readonly folder: string;
  readonly mask: MaskLevel;
}

export interface AuditReport {
  readonly ms: number;
  /** Largest resident memory of the process, bytes. */
  readonly rss: number;
  readonly findings: number;
}

interface Verifier {
  readKeys(text: string): readonly object[];
  verifyBundle(
    folder: string,
    options: { readonly keys: readonly object[] },
  ): Promise<{ readonly findings: readonly object[] }>;
}

process.once('message', (order: AuditOrder) => void report(order));

async function report(order: AuditOrder): Promise<void> {
  const startedAt = performance.now();
  const findings = await (order.verb === 'export' ? makeBundle(order) : verifyBundle(order));
  const ms = performance.now() - startedAt;
  const sent: AuditReport = { ms, rss: process.resourceUsage().maxRSS * 1_024, findings };
  process.send?.(sent, () => process.disconnect());
}

async function makeBundle({ databaseUrl, keys, folder, mask }: AuditOrder): Promise<number> {
  const database = await openDatabase({ url: databaseUrl, poolSize: 2, applicationName: 'bench' });
  const asked = { query: { kind: 'range' }, mask, disclosed: [], by: 'a', purpose: 'b' } as const;
  const signer = readJournalKeys(keys);
  const deps = {
    unitOfWork: database.unitOfWork,
    journal: database.journalStore,
    reader: database.entryReader,
    seals: database.sealStore,
    persons: database.personStore,
    holds: database.holdStore,
    clock: SYSTEM_CLOCK,
    hashing: NODE_HASHING,
    sink: makeBundleFolder(folder),
    journalName: signer.journal,
  };
  const plans = await planExport(deps, asked.query);
  const request = { ...asked, exportId: exportIdOf(asked, NODE_HASHING) };
  const { entry } = await makeExport(deps, request, plans);
  await new Sealer({ ...deps, signer }, { everyMs: 0, entriesMax: 10_000 }).sealDue();
  await writeReceipt(deps, entry);
  await database.close();
  return 0;
}

async function verifyBundle({ folder, publicKey }: AuditOrder): Promise<number> {
  const file = pathToFileURL(resolve('tools/verify/lengjing-verify.mjs')).href;
  const verifier = (await import(file)) as Verifier;
  const keys = verifier.readKeys(publicKey);
  const { findings } = await verifier.verifyBundle(folder, { keys });
  return findings.length;
}
