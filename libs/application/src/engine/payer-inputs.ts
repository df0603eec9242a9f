/** Sorts a batch by payer and settles whose subjects are new, repeated or in conflict. */
import {
  isSubjectEvent,
  subjectKey,
  subjectOf,
  type EventInput,
  type Input,
  type RefusedInput,
  type RefusedSubject,
  type SubjectRef,
} from '#domain';
import type { KnownSubject } from '../ports/engine-store.ts';
import type { PartitionLot } from './batch-types.ts';

/** An input and its place in the batch. */
export interface Placed<T> {
  readonly place: number;
  readonly input: T;
}

export interface PayerInputs {
  readonly partition: number;
  readonly payerId: string;
  /** To be kept and looked at: new subjects and context, in the order taken. */
  readonly events: Placed<EventInput>[];
  /** Refused subjects that still get a decision. */
  readonly refused: (Placed<RefusedInput> & { readonly subject: RefusedSubject })[];
}

export interface SortedBatch {
  readonly payers: readonly PayerInputs[];
  /** Every refused input, conflicts among them. */
  readonly refused: readonly Placed<RefusedInput>[];
  readonly repeated: ReadonlyMap<number, number>;
  readonly ignored: ReadonlyMap<number, number>;
}

/** Subjects that the batch asks for, as events or refused. */
export function subjectsAsked(lots: readonly PartitionLot[]): SubjectRef[] {
  const asked = new Map<string, SubjectRef>();
  for (const input of lots.flatMap((lot) => lot.inputs)) {
    const subject = askedSubject(input);
    if (subject !== undefined) asked.set(subjectKey(subject), subject);
  }
  return [...asked.values()];
}

function askedSubject(input: Input): SubjectRef | undefined {
  if (input.kind === 'refused') return input.subject?.subject;
  return input.kind === 'event' && isSubjectEvent(input.event) ? subjectOf(input.event) : undefined;
}

/**
 * The same subject again with the same content is a repeat and changes nothing; with other content, partition or payer it is
 * refused (CONTRACT, Identity). Within the batch the first one taken stands.
 */
export function sortByPayer(
  lots: readonly PartitionLot[],
  known: readonly KnownSubject[],
): SortedBatch {
  const identities = new Map(known.map((one) => [subjectKey(one.subject), one]));
  const payers = new Map<string, PayerInputs>();
  const refused: Placed<RefusedInput>[] = [];
  const repeated = new Map<number, number>();
  const ignored = new Map<number, number>();
  const payerOf = (partition: number, payerId: string): PayerInputs => {
    const key = `${partition}\n${payerId}`;
    const found = payers.get(key) ?? { partition, payerId, events: [], refused: [] };
    payers.set(key, found);
    return found;
  };

  let place = 0;
  for (const { partition, inputs } of lots) {
    for (const input of inputs) {
      place += 1;
      if (input.kind === 'ignored') {
        count(ignored, partition);
        continue;
      }
      const identity = identityOf(input, partition);
      const before = identity === undefined ? undefined : identities.get(identity.key);
      if (identity !== undefined && before === undefined) {
        identities.set(identity.key, identity.known);
      }
      if (input.kind === 'refused') {
        refused.push({ place, input });
        const { subject } = input;
        if (subject === undefined || before !== undefined) continue;
        payerOf(partition, subject.payerId).refused.push({ place, input, subject });
      } else if (before === undefined) {
        payerOf(partition, input.event.payer.accountId).events.push({ place, input });
      } else if (isSame(before, identity?.known)) {
        count(repeated, partition);
      } else {
        refused.push({ place, input: conflict(input) });
      }
    }
  }
  return { payers: [...payers.values()], refused, repeated, ignored };
}

function count(counts: Map<number, number>, partition: number): void {
  counts.set(partition, (counts.get(partition) ?? 0) + 1);
}

interface Identity {
  readonly key: string;
  readonly known: KnownSubject;
}

function identityOf(input: EventInput | RefusedInput, partition: number): Identity | undefined {
  const subject = askedSubject(input);
  if (subject === undefined) return undefined;
  const payerId =
    input.kind === 'event' ? input.event.payer.accountId : (input.subject?.payerId ?? '');
  const contentHash =
    (input.kind === 'event' ? input.contentHash : input.subject?.contentHash) ?? '';
  return { key: subjectKey(subject), known: { subject, partition, payerId, contentHash } };
}

function isSame(a: KnownSubject, b: KnownSubject | undefined): boolean {
  return a.partition === b?.partition && a.payerId === b.payerId && a.contentHash === b.contentHash;
}

function conflict(input: EventInput): RefusedInput {
  const { topic, partition, offset, brokerTime } = input;
  const letter = input.deadLetter();
  return {
    kind: 'refused',
    topic,
    partition,
    offset,
    brokerTime,
    code: 'subject_conflict',
    deadLetter: {
      ...letter,
      errorDetail:
        'another request with this source, kind and id is on record with different content; use a new id',
    },
  };
}
