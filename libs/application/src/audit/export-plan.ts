/** Which entries an export takes, chain by chain, and under which head. */
import type { Instant } from '#domain';
import type { ChainEnd, EntryReader, SealStore, StoredCheckpoint } from '../ports/audit-store.ts';
import type { HoldStore } from '../ports/hold-store.ts';
import type { ExportQuery } from './export-request.ts';

export interface ChainPlan {
  readonly checkpoint: StoredCheckpoint;
  readonly from: number;
  readonly to: number;
  /** Single entries of the range: those with these sequences, or those whose text contains this. */
  readonly only?: { readonly sequences: readonly number[] } | { readonly containing: string };
}

export interface PlanDeps {
  readonly seals: SealStore;
  readonly reader: EntryReader;
  readonly holds: Pick<HoldStore, 'find'>;
}

/** Heads to stand under instead of the last ones, by chain: a bundle made again under the same heads has the same bytes. */
export type NamedHeads = ReadonlyMap<number, number>;

/** Nothing was sealed: there is no head to stand under. */
export class NotSealed extends Error {
  override readonly name = 'NotSealed';
}

/** Throws `NotSealed` where a chain that is asked for has no head, or not the named one. */
export async function planExport(
  deps: PlanDeps,
  query: ExportQuery,
  heads?: NamedHeads,
): Promise<readonly ChainPlan[]> {
  const plans: ChainPlan[] = [];
  const chosen = await chosenChains(deps, query);
  for (const end of await deps.seals.chainEnds()) {
    if (end.head === 0 || (chosen !== undefined && !chosen.has(end.chain))) continue;
    const size = heads?.get(end.chain);
    if (heads !== undefined && size === undefined) continue;
    const checkpoint =
      size === undefined ? end.sealed : await deps.seals.checkpointAt(end.chain, size);
    if (checkpoint === undefined) throw notSealed(end, size);
    const plan = await planChain(deps, query, checkpoint, chosen?.get(end.chain));
    if (plan !== undefined) plans.push(plan);
  }
  return plans;
}

function notSealed({ chain }: ChainEnd, size: number | undefined): NotSealed {
  return new NotSealed(
    size === undefined
      ? `chain ${chain} was never sealed: risk-worker seals it once LENGJING_JOURNAL_KEYS is set`
      : `chain ${chain} has no checkpoint of ${size} entries`,
  );
}

/** Chains in which the query can have entries, with their sequences where they are known; undefined where it may be any. */
async function chosenChains(
  { reader, holds }: PlanDeps,
  query: ExportQuery,
): Promise<ReadonlyMap<number, readonly number[] | undefined> | undefined> {
  if (query.kind === 'hold') {
    const hold = await holds.find(query.holdId);
    return hold === undefined ? undefined : new Map([[hold.partition, undefined]]);
  }
  if (query.kind !== 'payer') return undefined;
  const chosen = new Map<number, number[]>();
  for (const { chain, sequence } of await reader.placesOfPayer(query.payerId)) {
    const ofChain = chosen.get(chain) ?? [];
    ofChain.push(sequence);
    chosen.set(chain, ofChain);
  }
  return chosen;
}

async function planChain(
  { reader }: PlanDeps,
  query: ExportQuery,
  checkpoint: StoredCheckpoint,
  sequences: readonly number[] | undefined,
): Promise<ChainPlan | undefined> {
  const { chain, size } = checkpoint;
  switch (query.kind) {
    case 'range': {
      if (query.from === undefined && query.to === undefined)
        return { checkpoint, from: 1, to: size };
      return rangeWithEdges(await written(reader, chain, query), checkpoint);
    }
    case 'reason': {
      const range = await written(reader, chain, query);
      const only = { containing: `"code":${JSON.stringify(query.code)}` };
      return range && range.from <= size ? { checkpoint, ...atMost(range, size), only } : undefined;
    }
    case 'hold':
      return {
        checkpoint,
        from: 1,
        to: size,
        only: { containing: `"holdId":${JSON.stringify(query.holdId)}` },
      };
    case 'case':
      return {
        checkpoint,
        from: 1,
        to: size,
        only: { containing: `"caseId":${JSON.stringify(query.caseId)}` },
      };
    case 'payer': {
      const sealed = (sequences ?? []).filter((sequence) => sequence <= size);
      return sealed.length === 0
        ? undefined
        : { checkpoint, from: 1, to: size, only: { sequences: sealed } };
    }
  }
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function written(
  reader: EntryReader,
  chain: number,
  { from, to }: { readonly from?: Instant; readonly to?: Instant },
): Promise<Range | undefined> {
  return reader.writtenBetween(chain, from ?? 0, to ?? Number.MAX_SAFE_INTEGER);
}

/** With the entry before and the one behind, so that nothing at an edge of the time asked for can be left out unseen. */
function rangeWithEdges(
  range: Range | undefined,
  checkpoint: StoredCheckpoint,
): ChainPlan | undefined {
  if (range === undefined || range.from > checkpoint.size) return undefined;
  const wider = { from: Math.max(1, range.from - 1), to: range.to + 1 };
  return { checkpoint, ...atMost(wider, checkpoint.size) };
}

function atMost({ from, to }: Range, size: number): Range {
  return { from, to: Math.min(to, size) };
}
