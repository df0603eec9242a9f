/** Makes a bundle: entries as they were hashed, a table, proofs, a manifest, and a receipt out of the journal itself. */
import {
  HOUSE_CHAIN,
  canonicalJson,
  proofText,
  toBase64,
  type Disclosure,
  type ExportMadeBody,
  type ExportedChain,
  type Json,
  type SealedEntry,
} from '#domain';
import type { EntryReader, SealStore, StoredCheckpoint } from '../ports/audit-store.ts';
import type { BundleSink } from '../ports/bundle-sink.ts';
import type { Hashing } from '../ports/clock.ts';
import type { PersonStore } from '../ports/person-store.ts';
import { caseReport, type ReportEntry } from './case-report.ts';
import { contentOfEntry, dataDictionary, shownValues, tableHead, tableRow } from './entry-table.ts';
import {
  exportDraft,
  queryText,
  requestedBody,
  type ExportRequest,
  type RequestDeps,
} from './export-request.ts';
import type { ChainPlan } from './export-plan.ts';
import {
  MANIFEST_FORMAT,
  SUITE_1,
  emptyTally,
  manifestText,
  sorted,
  type Manifest,
  type ManifestChain,
  type Tally,
} from './manifest.ts';
import { READ_ME } from './read-me.ts';
import { TreeProofs } from './tree-proofs.ts';

export interface ExportDeps extends RequestDeps {
  readonly seals: SealStore;
  readonly reader: EntryReader;
  readonly hashing: Pick<Hashing, 'sha256'>;
  readonly persons: Pick<PersonStore, 'restricted'>;
  readonly sink: BundleSink;
  readonly journalName: string;
  readonly onProgress?: (entries: number) => void;
  /** Entries that pass through memory at a time; 1,000 unless told. */
  readonly page?: number;
}

const PAGE = 1_000;
/** A broken export writes at most so many pages again. */
const PAGES_PER_MARK = 20;
/** A readable report is made of so many entries at most; beyond, the table is what people read. */
const REPORT_MAX = 2_000;

type Place = {
  readonly plan: number;
  readonly sequence: number;
  readonly entries: number;
  readonly disclosures: number;
};

interface ExportState {
  /** What the unfinished bundle is of. */
  readonly request: string;
  readonly place: Place;
  readonly tally: Tally;
  readonly done: readonly ManifestChain[];
}

/** `house` and the number of a partition: part of file names and origins. */
export function chainName(chain: number): string {
  return chain === HOUSE_CHAIN ? 'house' : String(chain);
}

export interface Exported {
  readonly manifest: Manifest;
  /** SHA-256 of the manifest's text, hex. */
  readonly digest: string;
  /** The export's own entry. */
  readonly entry: SealedEntry;
}

/**
 * Writes the bundle of `plans` and journals that it was made. The bytes of everything but the receipt follow from plans, mask level,
 * disclosed names and what is erased; memory does not grow with the number of entries. A broken export goes on from its last page.
 */
export async function makeExport(
  deps: ExportDeps,
  request: ExportRequest,
  plans: readonly ChainPlan[],
): Promise<Exported> {
  try {
    return await writeBundle(deps, request, plans);
  } finally {
    await deps.sink.close();
  }
}

async function writeBundle(
  deps: ExportDeps,
  request: ExportRequest,
  plans: readonly ChainPlan[],
): Promise<Exported> {
  const writer = new ExportWriter(deps, request, plans);
  const { chains, tally } = await writer.writeEntries();
  const { sink, hashing } = deps;
  await sink.put('data-dictionary.csv', dataDictionary());
  await sink.put('README.txt', READ_ME);
  const manifest: Manifest = {
    format: MANIFEST_FORMAT,
    journal: deps.journalName,
    exportId: request.exportId,
    requester: request.by,
    purpose: request.purpose,
    query: queryText(request.query, request.mask),
    kind: request.query.kind,
    mask: request.mask,
    disclosed: [...request.disclosed].sort(),
    suite: SUITE_1,
    chains,
    types: sorted(tally.types as Record<string, number>),
    policies: sorted(tally.policies),
    erased: sorted(tally.erased),
    restricted: sorted(tally.restricted),
    ...(request.authority === undefined ? {} : { authority: request.authority }),
    files: await sink.digests(),
  };
  const text = manifestText(manifest);
  const digest = Buffer.from(hashing.sha256(Buffer.from(text, 'utf8'))).toString('hex');
  await sink.put('manifest.json', text);
  const entry = await journalExport(deps, request, manifest, digest);
  await sink.put('receipt.jsonl', `${entry.canonical}\n`);
  await sink.finish();
  return { manifest, digest, entry };
}

async function journalExport(
  deps: ExportDeps,
  request: ExportRequest,
  manifest: Manifest,
  digest: string,
): Promise<SealedEntry> {
  const chains = manifest.chains.map(({ chain, from, to, entries, size, root }): ExportedChain => ({
    chain,
    from,
    to,
    entries,
    size,
    root,
  }));
  const body: ExportMadeBody = { ...requestedBody(request), manifest: digest, chains };
  const draft = exportDraft('export.made', deps.clock.now(), body, request);
  const sealed = await deps.unitOfWork.run((tx) =>
    deps.journal.append(tx, new Map([[HOUSE_CHAIN, [draft]]])),
  );
  const [entry] = sealed.get(HOUSE_CHAIN) ?? [];
  if (entry === undefined) throw new Error('the journal took no entry');
  return entry;
}

/** The folder cannot be gone on with: one line that says why. */
export class UnfinishedExport extends Error {
  override readonly name = 'UnfinishedExport';
}

class ExportWriter {
  readonly #deps: ExportDeps;
  readonly #request: ExportRequest;
  readonly #plans: readonly ChainPlan[];
  readonly #report: ReportEntry[] = [];
  readonly #pageSize: number;
  #tally = emptyTally();
  #done: ManifestChain[] = [];
  #entries = 0;
  #disclosures = 0;

  constructor(deps: ExportDeps, request: ExportRequest, plans: readonly ChainPlan[]) {
    this.#deps = deps;
    this.#request = request;
    this.#plans = plans;
    this.#pageSize = deps.page ?? PAGE;
  }

  async writeEntries(): Promise<{
    readonly chains: readonly ManifestChain[];
    readonly tally: Tally;
  }> {
    const { sink } = this.#deps;
    const start = await this.#start();
    for (let index = start.plan; index < this.#plans.length; index += 1) {
      const plan = this.#plans[index] as ChainPlan;
      const resumed = index === start.plan ? start : undefined;
      this.#entries = resumed?.entries ?? 0;
      this.#disclosures = resumed?.disclosures ?? 0;
      await this.#writeChain(plan, index, Math.max(plan.from - 1, resumed?.sequence ?? 0));
    }
    if (this.#isCase() && this.#report.length > 0 && this.#report.length <= REPORT_MAX) {
      await sink.put('report.html', caseReport(this.#report, this.#request));
    }
    return { chains: this.#done, tally: this.#tally };
  }

  async #start(): Promise<Place> {
    const { sink } = this.#deps;
    const state = (await sink.resume()) as ExportState | undefined;
    if (state !== undefined && state.request !== this.#requestText()) {
      throw new UnfinishedExport('the folder holds an unfinished export of something else');
    }
    if (state !== undefined && state.place.entries + state.done.length > 0) {
      this.#tally = state.tally;
      this.#done = [...state.done];
      return state.place;
    }
    await sink.mark(this.#stateAt(0, 0));
    await sink.append('entries.csv', tableHead());
    return { plan: 0, sequence: 0, entries: 0, disclosures: 0 };
  }

  /** The same only for the same entries under the same heads, shown in the same way. */
  #requestText(): string {
    const { query, mask, disclosed, exportId } = this.#request;
    const heads = this.#plans.map(({ checkpoint }) => `${checkpoint.chain}:${checkpoint.size}`);
    return JSON.stringify([exportId, queryText(query), mask, disclosed, heads]);
  }

  #isCase(): boolean {
    const { kind } = this.#request.query;
    return kind === 'hold' || kind === 'payer' || kind === 'case';
  }

  async #writeChain(plan: ChainPlan, index: number, after: number): Promise<void> {
    const { seals, hashing, sink } = this.#deps;
    const { chain, size } = plan.checkpoint;
    const proofs = new TreeProofs(seals, hashing, chain);
    let sequence = after;
    let next = this.#page(plan, sequence);
    for (let pages = 1; ; pages += 1) {
      const page = await next;
      const last = page.at(-1);
      if (last === undefined) break;
      sequence = last.sequence;
      // The database reads the next page while this one is written.
      next = this.#page(plan, sequence);
      next.catch(() => undefined);
      await this.#writePage(page, plan, proofs);
      this.#deps.onProgress?.(page.length);
      // A report needs its entries in memory, so an export with one is begun anew.
      const marked = pages % PAGES_PER_MARK === 0 && !this.#isCase();
      if (marked) await sink.mark(this.#stateAt(index, sequence));
    }
    const complete = plan.only === undefined;
    if (complete && this.#entries !== plan.to - plan.from + 1) {
      throw new Error(`chain ${chain} has a gap between ${plan.from} and ${plan.to}`);
    }
    if (this.#entries === 0) return;
    await sink.append(`chain-${chainName(chain)}.checkpoint`, plan.checkpoint.note);
    const subtrees = async (from: number, to: number): Promise<string[]> =>
      complete ? (await proofs.subtrees({ from, to })).map(toBase64) : [];
    this.#done.push({
      chain,
      complete,
      from: plan.from,
      to: plan.to,
      entries: this.#entries,
      disclosures: this.#disclosures,
      size,
      root: toBase64(plan.checkpoint.root),
      left: await subtrees(0, plan.from - 1),
      right: await subtrees(plan.to, size),
    });
    const isLarge = this.#entries >= this.#pageSize * PAGES_PER_MARK;
    this.#entries = 0;
    this.#disclosures = 0;
    if (isLarge && !this.#isCase()) await sink.mark(this.#stateAt(index + 1, 0));
  }

  #stateAt(plan: number, sequence: number): Json {
    const place = { plan, sequence, entries: this.#entries, disclosures: this.#disclosures };
    return JSON.parse(
      JSON.stringify({ request: this.#requestText(), place, tally: this.#tally, done: this.#done }),
    ) as Json;
  }

  #page(plan: ChainPlan, after: number): Promise<readonly SealedEntry[]> {
    const { reader } = this.#deps;
    const { chain } = plan.checkpoint;
    const disclosures = this.#request.mask !== 'closed';
    if (plan.only !== undefined && 'sequences' in plan.only) {
      const next = plan.only.sequences.filter((one) => one > after).slice(0, this.#pageSize);
      return next.length === 0 ? Promise.resolve([]) : reader.entriesAt(chain, next, disclosures);
    }
    const containing = plan.only?.containing;
    return reader.entries({
      chain,
      after,
      to: plan.to,
      limit: this.#pageSize,
      disclosures,
      ...(containing === undefined ? {} : { containing }),
    });
  }

  async #writePage(
    page: readonly SealedEntry[],
    plan: ChainPlan,
    proofs: TreeProofs,
  ): Promise<void> {
    const { sink } = this.#deps;
    const name = `chain-${chainName(plan.checkpoint.chain)}`;
    let [lines, disclosed, rows] = ['', '', ''];
    const restricted = await this.#restricted(page);
    for (const whole of page) {
      const isRestricted = whole.payerId !== undefined && restricted.has(whole.payerId);
      const entry = isRestricted ? { ...whole, disclosures: [] } : whole;
      const { body, personal } = contentOfEntry(entry);
      const shown = shownValues(entry, this.#request.mask, this.#request.disclosed);
      lines += `${entry.canonical}\n`;
      rows += tableRow(entry, body, shown);
      for (const one of this.#disclosedOf(entry, personal, isRestricted)) {
        disclosed += `${disclosureLine(entry, one)}\n`;
        this.#disclosures += 1;
      }
      this.#count(entry, body);
      if (this.#isCase() && this.#report.length <= REPORT_MAX)
        this.#report.push({ entry, body, shown });
      if (plan.only !== undefined) await this.#writeProof(entry, plan.checkpoint, proofs);
    }
    this.#entries += page.length;
    await sink.append(`${name}.entries.jsonl`, lines);
    await sink.append('entries.csv', rows);
    if (this.#request.mask === 'open') await sink.append(`${name}.disclosures.jsonl`, disclosed);
  }

  /** Payers of a page whose values may only be kept: an authority alone is shown them. */
  #restricted(page: readonly SealedEntry[]): Promise<ReadonlySet<string>> {
    const { mask, authority } = this.#request;
    if (mask === 'closed' || authority !== undefined) return Promise.resolve(new Set());
    const payers = new Set(page.flatMap(({ payerId }) => payerId ?? []));
    return this.#deps.persons.restricted([...payers]);
  }

  async #writeProof(
    entry: SealedEntry,
    checkpoint: StoredCheckpoint,
    proofs: TreeProofs,
  ): Promise<void> {
    const index = entry.sequence - 1;
    const hashes = await proofs.inclusion(index, checkpoint.size);
    const file = `proofs/${chainName(entry.chain)}-${entry.sequence}.tlog-proof`;
    await this.#deps.sink.put(file, proofText(index, hashes, checkpoint.note));
  }

  /** The values to disclose, in order of name; what is erased is counted. */
  #disclosedOf(
    entry: SealedEntry,
    personal: { readonly [name: string]: Json },
    isRestricted: boolean,
  ): Disclosure[] {
    if (this.#request.mask !== 'open') return [];
    const found: Disclosure[] = [];
    for (const name of Object.keys(personal).sort()) {
      if (!this.#request.disclosed.includes(name)) continue;
      const one = entry.disclosures.find((disclosure) => disclosure.name === name);
      const missing = this.#tally[isRestricted ? 'restricted' : 'erased'];
      if (one === undefined) missing[name] = (missing[name] ?? 0) + 1;
      else found.push(one);
    }
    return found;
  }

  #count(entry: SealedEntry, body: { readonly [key: string]: Json }): void {
    const { types, policies } = this.#tally;
    types[entry.type] = (types[entry.type] ?? 0) + 1;
    const policy = body['policy'];
    if (entry.type !== 'decision.made' || typeof policy !== 'object' || policy === null) return;
    const { id, version, digest } = policy as { readonly [key: string]: Json };
    const key = [id, version, digest].map((one) => (typeof one === 'string' ? one : '')).join(' ');
    policies[key] = (policies[key] ?? 0) + 1;
  }
}

function disclosureLine(entry: SealedEntry, { name, value, salt }: Disclosure): string {
  return canonicalJson({ chain: entry.chain, sequence: entry.sequence, name, value, salt });
}
