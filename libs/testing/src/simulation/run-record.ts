/** What a run leaves behind, simulated or on real servers, in the form in which it is checked. */
import type { HoldRow, OutboundMessage } from '#application';
import { readRecord } from '#contracts';
import type {
  AlertBody,
  BatchBody,
  DecisionBody,
  EntryType,
  HoldBody,
  Input,
  Instant,
  Json,
  RefusedBody,
  SealedEntry,
  SubjectRef,
} from '#domain';
import type { RawRecord } from '#application';

export interface RunRecord {
  /** Every record of the input topics as the product reads it. */
  readonly inputs: readonly Input[];
  /** The whole journal by chain, in order. */
  readonly chains: ReadonlyMap<number, readonly SealedEntry[]>;
  /** Everything on the output topics in order per topic and partition, repeats included. */
  readonly published: readonly OutboundMessage[];
  readonly holds: readonly HoldRow[];
}

export function readInputs(records: readonly RawRecord[], partitionCount: number): Input[] {
  return records.map((record) => readRecord(record, { partitionCount }));
}

/** What an entry says, personal values disclosed. */
export interface EntryContent {
  readonly chain: number;
  readonly sequence: number;
  readonly type: EntryType;
  readonly at: Instant;
  readonly body: Json;
  readonly personal: { readonly [name: string]: Json };
}

export function contentOf(entry: SealedEntry): EntryContent {
  const { chain, sequence, type, at } = entry;
  const { body } = JSON.parse(entry.canonical) as { readonly body: Json };
  const personal = Object.fromEntries(entry.disclosures.map(({ name, value }) => [name, value]));
  return { chain, sequence, type, at, body, personal };
}

export interface JournaledDecision {
  readonly chain: number;
  readonly sequence: number;
  readonly subject: SubjectRef;
  readonly payerId: string;
  readonly body: DecisionBody;
}

export interface JournaledHold {
  readonly chain: number;
  readonly sequence: number;
  readonly type: EntryType;
  readonly at: Instant;
  readonly body: HoldBody;
}

export interface JournaledBatch {
  readonly chain: number;
  readonly sequence: number;
  readonly body: BatchBody;
}

export interface JournaledRefusal {
  readonly chain: number;
  readonly sequence: number;
  readonly body: RefusedBody;
}

/** The journal sorted by what its entries speak of. */
export interface JournalContent {
  readonly decisions: readonly JournaledDecision[];
  readonly holds: readonly JournaledHold[];
  readonly batches: readonly JournaledBatch[];
  readonly refusals: readonly JournaledRefusal[];
  readonly alerts: number;
}

export function readJournal(chains: RunRecord['chains']): JournalContent {
  const decisions: JournaledDecision[] = [];
  const holds: JournaledHold[] = [];
  const batches: JournaledBatch[] = [];
  const refusals: JournaledRefusal[] = [];
  let alerts = 0;
  for (const entry of [...chains.values()].flat()) {
    const { chain, sequence, type, at, body, personal } = contentOf(entry);
    switch (type) {
      case 'decision.made': {
        const decision = body as DecisionBody;
        const { source, id } = personal['subject'] as {
          readonly source: string;
          readonly id: string;
        };
        const subject = { source, kind: decision.subjectKind, id };
        const payerId = personal['payer'] as string;
        decisions.push({ chain, sequence, subject, payerId, body: decision });
        break;
      }
      case 'batch.consumed':
        batches.push({ chain, sequence, body: body as BatchBody });
        break;
      case 'record.refused':
        refusals.push({ chain, sequence, body: body as RefusedBody });
        break;
      case 'alert.requested':
        if ((body as AlertBody).audience === 'payer') alerts += 1;
        break;
      case 'hold.placed':
      case 'hold.extended':
      case 'hold.matured':
      case 'hold.released':
      case 'hold.cancelled':
      case 'hold.expired':
        holds.push({ chain, sequence, type, at, body: body as HoldBody });
        break;
      // Whatever else is written says nothing of these.
      default:
    }
  }
  return { decisions, holds, batches, refusals, alerts };
}
