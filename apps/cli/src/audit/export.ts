/** `lengjing audit export`: makes a bundle, waits until the journal has sealed that it was made, and says how to check it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  NotSealed,
  UnfinishedExport,
  exportIdOf,
  exportRefusal,
  makeExport,
  planExport,
  requestExport,
  writeReceipt,
  type ExportDeps,
  type ExportRefusal,
  type ExportRequest,
  type Manifest,
  type NamedHeads,
} from '#application';
import { NODE_HASHING, SYSTEM_CLOCK } from '#config';
import { HOUSE_CHAIN } from '#domain';
import { makeBundleFolder, type Database } from '#persistence';
import type { CommandContext } from '../command.ts';
import type { Verb } from '../commands/audit.ts';
import { Progress } from '../progress.ts';
import { CommandFailed } from '../usage.ts';
import { readExportArguments, type ExportArguments } from './export-arguments.ts';
import { withDatabase } from './with-database.ts';

export const verb: Verb = {
  summary: 'a bundle that is verified without us',
  help: `lengjing audit export --by NAME --purpose TEXT --out FOLDER [what] [how]

What (everything that is sealed, unless told):
  --from TIME, --to TIME   entries written from … to before …; a day is a day in Beijing, otherwise RFC 3339
  --hold ID, --case ID     the entries of one hold or case, each with its own proof, and a page to read and print
  --payer ACCOUNT          the entries about one payer
  --reason CODE            decisions with this reason, within --from and --to

How:
  --mask LEVEL             closed: commitments only (the default) · masked: personal values shortened · open: disclosed
  --disclose NAME,…        with open: which values, e.g. payer,subject; needs two persons:
                             1. … --mask open --disclose payer --ask            prints the export's id
                             2. lengjing audit approve ID --by SECOND_PERSON
                             3. the same as 1. with --out instead of --ask, within seven days
  --authority REFERENCE    an authority's demand: also shows payers who are restricted
  --like FOLDER            under the same heads as this bundle: the same request gives the same bytes
  --wait SECONDS           how long to wait for the receipt to be sealed (30)

A broken export goes on where it stood when it is given the same folder. Reads DATABASE_URL.`,
  run: (args, context) => {
    const given = readExportArguments(args);
    return withDatabase(context, (database) => exportWith(database, given, context));
  },
};

async function exportWith(
  database: Database,
  given: ExportArguments,
  context: CommandContext,
): Promise<number> {
  const request: ExportRequest = {
    ...given.request,
    exportId: exportIdOf(given.request, NODE_HASHING),
  };
  const deps = {
    unitOfWork: database.unitOfWork,
    journal: database.journalStore,
    reader: database.entryReader,
    seals: database.sealStore,
    holds: database.holdStore,
    persons: database.personStore,
    clock: SYSTEM_CLOCK,
    hashing: NODE_HASHING,
  };
  if (given.ask) {
    await requestExport(deps, request);
    process.stdout.write(`${request.exportId}\n`);
    return 0;
  }
  const refusal = await exportRefusal(deps, request);
  if (refusal !== undefined) throw new CommandFailed(refusalText(refusal, request.exportId));
  const folder = context.fileOf(given.out ?? '');
  const lacking = await lacksProof(folder);
  if (lacking !== undefined) {
    const sink = makeBundleFolder(folder);
    const exporting: ExportDeps = { ...deps, sink, journalName: await journalNameOf(deps) };
    return finish(exporting, { ...lacking, folder, waitSeconds: given.waitSeconds });
  }
  const like = given.like === undefined ? undefined : await readLike(context.fileOf(given.like));
  const progress = new Progress('entries');
  try {
    const plans = await planExport(deps, request.query, like?.heads);
    const journalName = await journalNameOf(deps);
    const sink = makeBundleFolder(folder);
    const exporting: ExportDeps = {
      ...deps,
      sink,
      journalName,
      onProgress: (entries) => progress.add(entries),
    };
    const { manifest, entry } = await makeExport(exporting, request, plans);
    progress.end();
    return await finish(exporting, { manifest, entry, folder, waitSeconds: given.waitSeconds });
  } catch (error) {
    if (error instanceof NotSealed || error instanceof UnfinishedExport) {
      throw new CommandFailed(error.message);
    }
    throw error;
  }
}

/** The name stands in every head. */
async function journalNameOf({ seals }: Pick<ExportDeps, 'seals'>): Promise<string> {
  const ends = await seals.chainEnds();
  const note = ends.find(({ sealed }) => sealed !== undefined)?.sealed?.note;
  if (note === undefined) {
    throw new NotSealed(
      'nothing was sealed yet: risk-worker does it once LENGJING_JOURNAL_KEYS is set',
    );
  }
  const [origin = ''] = note.split('\n');
  return origin.slice(0, origin.lastIndexOf('/'));
}

/** What is there of a bundle that only lacks the proof of its receipt: nothing was sealed in time when it was made. */
async function lacksProof(
  folder: string,
): Promise<Pick<Finishing, 'manifest' | 'entry'> | undefined> {
  const read = (name: string): Promise<string | undefined> =>
    readFile(join(folder, name), 'utf8').catch(() => undefined);
  const [manifest, receipt, proof] = await Promise.all(
    ['manifest.json', 'receipt.jsonl', 'receipt.tlog-proof'].map(read),
  );
  if (manifest === undefined || receipt === undefined || proof !== undefined) return undefined;
  return {
    manifest: JSON.parse(manifest) as Manifest,
    entry: JSON.parse(receipt) as { readonly sequence: number },
  };
}

interface Finishing {
  readonly manifest: Manifest;
  readonly entry: Parameters<typeof writeReceipt>[1];
  readonly folder: string;
  readonly waitSeconds: number;
}

const POLL_MS = 250;

async function finish(deps: ExportDeps, done: Finishing): Promise<number> {
  const { manifest, entry, folder, waitSeconds } = done;
  const deadline = Date.now() + waitSeconds * 1_000;
  let sealed = await writeReceipt(deps, entry);
  while (!sealed && Date.now() < deadline) {
    await sleep(POLL_MS);
    sealed = await writeReceipt(deps, entry);
  }
  const entries = manifest.chains.reduce((sum, one) => sum + one.entries, 0);
  process.stdout.write(`${entries} entries of ${manifest.chains.length} chain(s) in ${folder}\n`);
  if (!sealed) {
    throw new CommandFailed(
      `the receipt is not sealed yet (entry ${entry.sequence} of chain ${HOUSE_CHAIN}): start risk-worker with LENGJING_JOURNAL_KEYS and run the same command again`,
    );
  }
  process.stdout.write(`Check it: lengjing audit verify --key PUBLIC_KEY ${folder}\n`);
  return 0;
}

async function readLike(folder: string): Promise<{ readonly heads: NamedHeads }> {
  try {
    const text = await readFile(join(folder, 'manifest.json'), 'utf8');
    const { chains } = JSON.parse(text) as Manifest;
    return { heads: new Map(chains.map(({ chain, size }) => [chain, size])) };
  } catch {
    throw new CommandFailed(`${folder} holds no manifest.json of an export`);
  }
}

const REFUSALS: Readonly<Record<ExportRefusal, string>> = {
  export_unknown: 'an unmasked export is asked for first: run it with --ask instead of --out',
  needs_second_person: 'an unmasked export is approved by another person than who asks for it',
  not_approved: 'nobody approved it yet: another person runs lengjing audit approve',
  approval_expired: 'the approval is more than seven days old: ask again with --ask',
  other_request: 'what was approved is another request',
};

function refusalText(refusal: ExportRefusal, exportId: string): string {
  return `export ${exportId}: ${REFUSALS[refusal]}`;
}
