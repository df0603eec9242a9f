/** A small journal as the engine, staff and auditors write it, sealed, and bundles of it: what the audit specs work on. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Sealer,
  exportIdOf,
  makeExport,
  planExport,
  writeReceipt,
  type ExportDeps,
  type ExportRequest,
  type Exported,
  type NamedHeads,
  type PersonStore,
  type SealPace,
} from '#application';
import { NODE_HASHING, makeJournalKey, readJournalKeys } from '#config';
import type { EntryDraft, Instant } from '#domain';
import { makeBundleFolder } from '#persistence';
import { T0 } from './samples.ts';
import type { StoresUnderTest } from './stores.ts';

export const JOURNAL = 'lengjing.example/journal';
export const KEYS = makeJournalKey(JOURNAL);
export const SIGNER = readJournalKeys(KEYS.privateKey);
const AT_ONCE: SealPace = { everyMs: 0, entriesMax: 1_000 };

export type AuditStores = Pick<
  StoresUnderTest,
  'unitOfWork' | 'journalStore' | 'holdStore' | 'sealStore' | 'entryReader'
> & { readonly personStore?: Pick<PersonStore, 'restricted'> };

/** Restrictions are kept by the database alone. */
const NOBODY_RESTRICTED = { restricted: () => Promise.resolve(new Set<string>()) };

/** The drafts of one batch: a decision with its hold and alert, one that lets pass, a refusal, and the batch's own. */
export function batchOf(payer: string, number: number, at: Instant): readonly EntryDraft[] {
  // Opaque, as ours are: a body names nobody.
  const short = payer.slice(-2);
  const ids = { decisionId: `d-${short}-${number}`, holdId: `h-${short}-${number}` };
  const personal = {
    payer,
    subject: { source: 'urn:platform', id: `转账-${payer}-${number}` },
    refs: [`urn:platform#${number}`],
  };
  return [
    draft('decision.made', at, decisionBody(ids, 460), personal, payer),
    draft(
      'hold.placed',
      at,
      {
        holdId: ids.holdId,
        decisionId: ids.decisionId,
        order: 'hold',
        actor: 'clock',
        reason: 'decided',
      },
      { payer },
      payer,
    ),
    draft(
      'alert.requested',
      at,
      { holdId: ids.holdId, template: 'hold-code' },
      { payer, notice: { text: '钱还没有转出。' } },
      payer,
    ),
    draft(
      'record.refused',
      at,
      { topic: 'payments.transfers', partition: 0, offset: number * 3 + 2, code: 'not_json' },
      { letter: { value: null } },
    ),
    draft(
      'batch.consumed',
      at,
      {
        ranges: [{ topic: 'payments.transfers', from: number * 3, to: number * 3 + 3, records: 3 }],
        counts: { kept: 2, repeated: 0, ignored: 0, refused: 1, decided: 1, superseded: 0 },
      },
      {},
    ),
  ];
}

function decisionBody(ids: { readonly decisionId: string }, score: number) {
  return {
    decisionId: ids.decisionId,
    sequence: 1,
    outcome: 'hold',
    tier: 'T4',
    score,
    reasons: [
      {
        code: 'CD1',
        tenths: score,
        refs: [0],
        text: { 'zh-CN': '金额与验证码相同', en: 'The amount is the code' },
      },
    ],
    policy: { id: 'lengjing-cn', version: '2026.11.1', digest: 'd'.repeat(64) },
  };
}

function draft(
  type: EntryDraft['type'],
  at: Instant,
  body: EntryDraft['body'],
  personal: EntryDraft['personal'],
  payerId?: string,
): EntryDraft {
  return { type, at, body, personal, ...(payerId === undefined ? {} : { payerId }) };
}

/** Appends `batches` batches to each of the chains 0 and 1, a second apart by their own clock. */
export async function fill(stores: AuditStores, batches: number): Promise<void> {
  const numbers = Array.from({ length: batches }, (_, number) => number);
  const drafts = new Map(
    [0, 1].map((chain) => [
      chain,
      numbers.flatMap((number) =>
        batchOf(`acct-6222-${chain}${number % 3}`, number, T0 + number * 1_000),
      ),
    ]),
  );
  await stores.unitOfWork.run((tx) => stores.journalStore.append(tx, drafts));
}

export function sealerOf(stores: AuditStores, pace: SealPace = AT_ONCE): Sealer {
  const deps = { seals: stores.sealStore, signer: SIGNER, hashing: NODE_HASHING, clock: CLOCK };
  return new Sealer(deps, pace);
}

export const CLOCK = { now: (): Instant => T0 + 3_600_000 };

export const RANGE: Omit<ExportRequest, 'exportId'> = {
  query: { kind: 'range' },
  mask: 'closed',
  disclosed: [],
  by: 'auditor',
  purpose: 'yearly audit',
};

export interface Bundle extends Exported {
  readonly folder: string;
}

const folders: string[] = [];

/** A complete bundle in a folder of its own, its receipt sealed. */
export async function bundleOf(
  stores: AuditStores,
  asked: Omit<ExportRequest, 'exportId'> = RANGE,
  heads?: NamedHeads,
): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), 'lengjing-bundle-'));
  folders.push(folder);
  const request = { ...asked, exportId: exportIdOf(asked, NODE_HASHING) };
  const deps = exportDeps(stores, folder);
  const plans = await planExport({ ...deps, holds: stores.holdStore }, request.query, heads);
  const exported = await makeExport(deps, request, plans);
  await sealerOf(stores).sealDue();
  if (!(await writeReceipt(deps, exported.entry))) throw new Error('the receipt is not sealed');
  return { ...exported, folder };
}

export function exportDeps(stores: AuditStores, folder: string): ExportDeps {
  return {
    unitOfWork: stores.unitOfWork,
    journal: stores.journalStore,
    reader: stores.entryReader,
    seals: stores.sealStore,
    persons: stores.personStore ?? NOBODY_RESTRICTED,
    clock: CLOCK,
    hashing: NODE_HASHING,
    sink: makeBundleFolder(folder),
    journalName: JOURNAL,
  };
}

export async function removeBundles(): Promise<void> {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
}
