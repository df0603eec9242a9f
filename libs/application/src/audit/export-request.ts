/** What an auditor may ask for, and the two persons that an unmasked export needs. Every step is an entry of the house chain. */
import {
  DAY_MS,
  HOUSE_CHAIN,
  formatInstant,
  uuidV5,
  type EntryDraft,
  type EntryType,
  type ExportPersonal,
  type ExportRequestedBody,
  type Instant,
  type Json,
  type MaskLevel,
  type SealedEntry,
} from '#domain';
import type { EntryReader } from '../ports/audit-store.ts';
import type { Clock, Hashing } from '../ports/clock.ts';
import type { JournalStore } from '../ports/journal-store.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** Times: from inclusive, to exclusive; everything where absent. */
export type ExportQuery =
  | { readonly kind: 'range'; readonly from?: Instant; readonly to?: Instant }
  | { readonly kind: 'hold'; readonly holdId: string }
  | { readonly kind: 'payer'; readonly payerId: string }
  | { readonly kind: 'case'; readonly caseId: string }
  | {
      readonly kind: 'reason';
      readonly code: string;
      readonly from?: Instant;
      readonly to?: Instant;
    };

export interface ExportRequest {
  readonly exportId: string;
  readonly query: ExportQuery;
  readonly mask: MaskLevel;
  /** Names of personal values to disclose; empty unless `open`. */
  readonly disclosed: readonly string[];
  readonly by: string;
  readonly purpose: string;
  /** Reference of an authority's demand: also shows payers who are restricted. */
  readonly authority?: string;
}

export interface RequestDeps {
  readonly unitOfWork: UnitOfWork;
  readonly journal: JournalStore;
  readonly reader: EntryReader;
  readonly clock: Clock;
}

/** An approval is good for so long. */
export const APPROVAL_MS = 7 * DAY_MS;

export type ExportRefusal =
  'export_unknown' | 'needs_second_person' | 'not_approved' | 'approval_expired' | 'other_request';

/** The query as one line, the same for the same query: part of the manifest. Of a payer only that there was one, unless `open`. */
export function queryText(query: ExportQuery, mask: MaskLevel = 'open'): string {
  const time = (from: Instant | undefined, to: Instant | undefined): string =>
    [
      ...(from === undefined ? [] : [`from=${formatInstant(from)}`]),
      ...(to === undefined ? [] : [`to=${formatInstant(to)}`]),
    ].join(' ');
  switch (query.kind) {
    case 'range':
      return `range ${time(query.from, query.to)}`.trimEnd();
    case 'hold':
      return `hold ${query.holdId}`;
    case 'payer':
      return mask === 'open' ? `payer ${query.payerId}` : 'payer ****';
    case 'case':
      return `case ${query.caseId}`;
    case 'reason':
      return `reason ${query.code} ${time(query.from, query.to)}`.trimEnd();
  }
}

/** What `queryText` wrote; undefined for anything else. */
export function parseQuery(text: string): ExportQuery | undefined {
  const [kind, ...words] = text.split(' ');
  const [value] = words;
  const timeOf = (name: string): Instant | undefined => {
    const word = words.find((one) => one.startsWith(`${name}=`));
    return word === undefined ? undefined : Date.parse(word.slice(name.length + 1));
  };
  const [from, to] = [timeOf('from'), timeOf('to')];
  const time = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  if (kind === 'range') return { kind, ...time };
  if (value === undefined) return undefined;
  // An account may have blanks in it; the others are ids and codes.
  if (kind === 'payer') return { kind, payerId: words.join(' ') };
  if (kind === 'hold') return { kind, holdId: value };
  if (kind === 'case') return { kind, caseId: value };
  return kind === 'reason' ? { kind, code: value, ...time } : undefined;
}

/** The request as it was journaled; undefined where there was none, or where its words were erased. */
export async function readRequest(
  reader: EntryReader,
  exportId: string,
): Promise<ExportRequest | undefined> {
  const { requested } = await readSteps(reader, exportId);
  if (requested === undefined) return undefined;
  const { body } = contentOf(requested) as { readonly body: ExportRequestedBody };
  const [by, purpose, text, authority] = ['by', 'purpose', 'query', 'authority'].map((name) =>
    valueOf(requested, name),
  );
  const query = typeof text === 'string' ? parseQuery(text) : undefined;
  if (typeof by !== 'string' || typeof purpose !== 'string' || query === undefined)
    return undefined;
  const { mask, disclosed } = body;
  return {
    exportId,
    query,
    mask,
    disclosed,
    by,
    purpose,
    ...(typeof authority === 'string' ? { authority } : {}),
  };
}

/** The id of a request follows from what is asked, by whom and what for: asked again it is the same export. */
export function exportIdOf(
  request: Omit<ExportRequest, 'exportId'>,
  hashing: Pick<Hashing, 'sha1'>,
): string {
  const { query, mask, disclosed, by, purpose } = request;
  const name = ['export', queryText(query), mask, disclosed.toSorted().join(' '), by, purpose];
  if (request.authority !== undefined) name.push(request.authority);
  return uuidV5(name.join('\n'), (bytes) => hashing.sha1(bytes));
}

export function requestedBody({
  exportId,
  query,
  mask,
  disclosed,
}: ExportRequest): ExportRequestedBody {
  return { exportId, kind: query.kind, mask, disclosed: [...disclosed].sort() };
}

export function exportPersonal(request: ExportRequest): ExportPersonal {
  const { by, purpose, query, authority } = request;
  return {
    by,
    purpose,
    query: queryText(query),
    ...(authority === undefined ? {} : { authority }),
  };
}

/** The drafted entry; erasing the payer that it speaks of finds it. */
export function exportDraft(
  type: EntryType,
  at: Instant,
  body: { readonly [key: string]: Json },
  request: ExportRequest,
): EntryDraft {
  const whose = request.query.kind === 'payer' ? { payerId: request.query.payerId } : {};
  return { type, at, body, personal: exportPersonal(request), ...whose };
}

async function append(deps: RequestDeps, draft: EntryDraft): Promise<SealedEntry | undefined> {
  const sealed = await deps.unitOfWork.run((tx) =>
    deps.journal.append(tx, new Map([[HOUSE_CHAIN, [draft]]])),
  );
  return sealed.get(HOUSE_CHAIN)?.[0];
}

/** Journals that somebody asks for an export; an `open` one waits for `approveExport` by somebody else. */
export async function requestExport(deps: RequestDeps, request: ExportRequest): Promise<void> {
  const body = requestedBody(request);
  await append(deps, exportDraft('export.requested', deps.clock.now(), body, request));
}

/** Journals the second person's yes. The first person's own yes is refused. */
export async function approveExport(
  deps: RequestDeps,
  exportId: string,
  by: string,
): Promise<{ readonly ok: true } | { readonly ok: false; readonly code: ExportRefusal }> {
  const { requested } = await readSteps(deps.reader, exportId);
  if (requested === undefined) return { ok: false, code: 'export_unknown' };
  if (valueOf(requested, 'by') === by) return { ok: false, code: 'needs_second_person' };
  const at = deps.clock.now();
  await append(deps, { type: 'export.approved', at, body: { exportId }, personal: { by } });
  return { ok: true };
}

/** Undefined where an export may be made: masked, or asked for by one person in these words and approved by another in time. */
export async function exportRefusal(
  deps: RequestDeps,
  request: ExportRequest,
): Promise<ExportRefusal | undefined> {
  if (request.mask !== 'open') return undefined;
  const { requested, approved } = await readSteps(deps.reader, request.exportId);
  if (requested === undefined) return 'export_unknown';
  if (approved === undefined) return 'not_approved';
  const asked = contentOf(requested);
  const same =
    JSON.stringify(asked.body) === JSON.stringify(sortedMembers(requestedBody(request))) &&
    Object.entries(exportPersonal(request)).every(
      ([name, value]) => valueOf(requested, name) === value,
    );
  if (!same) return 'other_request';
  if (valueOf(approved, 'by') === request.by) return 'needs_second_person';
  return deps.clock.now() - approved.at > APPROVAL_MS ? 'approval_expired' : undefined;
}

interface Steps {
  readonly requested?: SealedEntry;
  readonly approved?: SealedEntry;
}

const STEPS_MAX = 100;

async function readSteps(reader: EntryReader, exportId: string): Promise<Steps> {
  const entries = await reader.entries({
    chain: HOUSE_CHAIN,
    after: 0,
    to: Number.MAX_SAFE_INTEGER,
    limit: STEPS_MAX,
    disclosures: true,
    containing: `"exportId":${JSON.stringify(exportId)}`,
  });
  const requested = entries.find((entry) => entry.type === 'export.requested');
  const approved = entries.findLast((entry) => entry.type === 'export.approved');
  return {
    ...(requested === undefined ? {} : { requested }),
    ...(approved === undefined ? {} : { approved }),
  };
}

function contentOf(entry: SealedEntry): { readonly body: Json } {
  return JSON.parse(entry.canonical) as { readonly body: Json };
}

function valueOf(entry: SealedEntry, name: string): Json | undefined {
  return entry.disclosures.find((one) => one.name === name)?.value;
}

/** As canonical JSON orders them, which is how they stand in the journal. */
function sortedMembers(value: { readonly [key: string]: Json }): { readonly [key: string]: Json } {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export interface ExportListed {
  readonly exportId: string;
  readonly kind: string;
  readonly mask: MaskLevel;
  readonly state: 'requested' | 'approved' | 'made';
  readonly requestedAt?: Instant;
  readonly by?: Json;
  readonly approvedBy?: Json;
  readonly purpose?: Json;
  readonly query?: Json;
  readonly madeAt?: Instant;
}

/** The last exports asked for or made, newest first, at most `limit`. */
export async function listExports(
  reader: EntryReader,
  house: number,
  limit: number,
): Promise<readonly ExportListed[]> {
  const LOOKED_AT = 5_000;
  const entries = await reader.entries({
    chain: HOUSE_CHAIN,
    after: Math.max(0, house - LOOKED_AT),
    to: house,
    limit: LOOKED_AT,
    disclosures: true,
    containing: '"type":"export.',
  });
  const listed = new Map<string, ExportListed>();
  for (const entry of entries) {
    const { body } = contentOf(entry) as { readonly body: ExportRequestedBody };
    const known = listed.get(body.exportId) ?? {
      exportId: body.exportId,
      kind: body.kind,
      mask: body.mask,
      state: 'requested' as const,
    };
    listed.set(body.exportId, { ...known, ...stepOf(entry) });
  }
  return [...listed.values()].toReversed().slice(0, limit);
}

function stepOf(entry: SealedEntry): Partial<ExportListed> {
  const by = valueOf(entry, 'by');
  if (entry.type === 'export.approved') {
    return { state: 'approved', ...(by === undefined ? {} : { approvedBy: by }) };
  }
  const [purpose, query] = ['purpose', 'query'].map((name) => valueOf(entry, name));
  return {
    ...(entry.type === 'export.made'
      ? { state: 'made', madeAt: entry.at }
      : { requestedAt: entry.at }),
    ...(by === undefined ? {} : { by }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(query === undefined ? {} : { query }),
  };
}
