/** Reads what a payer's subjects are assessed on: only for payers of whom something is to be assessed. */
import {
  compareEvents,
  evidenceRef,
  isOutcome,
  policySpans,
  subjectKey,
  withHeldRequests,
  isSubjectEvent,
  type Input,
  type Instant,
  type PayeeNumbers,
  type PayerWindow,
  type PlatformEvent,
  type Policy,
  type RecordedSubject,
} from '#domain';
import type {
  EngineStore,
  HoldRow,
  StoredSubject,
  WindowEvidence,
  WindowRequest,
} from '../ports/engine-store.ts';
import type { Tx } from '../ports/unit-of-work.ts';
import { recordedHold } from '../holds/recorded-hold.ts';
import { asItWas } from '../shadow/as-it-was.ts';
import type { PartitionLot } from './batch-types.ts';
import type { PayerInputs } from './payer-inputs.ts';

export interface PayerOnRecord {
  readonly inputs: PayerInputs;
  readonly events: readonly PlatformEvent[];
  /** By `subjectKey`; with holds as locked, where they were. */
  readonly recorded: Map<string, StoredSubject>;
  /** Evidence back to here is needed; undefined where nothing is to be assessed. */
  readonly windowFrom?: Instant;
  /** Keys of decided subjects to assess again, because of what has become known of their payees; and the place that stands for it. */
  readonly turned?: { readonly keys: ReadonlySet<string>; readonly place: number };
}

/** What is on record of every payer in the batch; read before it is known which of the inputs are repeats. */
export function readRecorded(
  tx: Tx,
  store: EngineStore,
  lots: readonly PartitionLot[],
  policy: Policy,
): Promise<ReadonlyMap<string, readonly StoredSubject[]>> {
  const spans = policySpans(policy);
  const earliest = new Map<string, WindowRequest>();
  for (const { partition, inputs } of lots) {
    for (const input of inputs) {
      const asked = payerAsked(input);
      if (asked === undefined) continue;
      const from = asked.at - spans.evidence - spans.skew;
      const key = `${partition}\n${asked.payerId}`;
      const known = earliest.get(key);
      if (known === undefined || from < known.from) {
        earliest.set(key, { partition, payerId: asked.payerId, from });
      }
    }
  }
  return store.recordedSubjects(tx, [...earliest.values()]);
}

/** Whose record an input asks for, and around when. */
function payerAsked(input: Input): { readonly payerId: string; readonly at: Instant } | undefined {
  if (input.kind === 'event') return { payerId: input.event.payer.accountId, at: input.event.time };
  if (input.kind === 'ignored' || input.subject === undefined) return undefined;
  return { payerId: input.subject.payerId, at: input.subject.requestedAt };
}

/** The payers of a batch with what is on record of them, and whose window is needed. */
export function payersOnRecord(
  payers: readonly PayerInputs[],
  recorded: ReadonlyMap<string, readonly StoredSubject[]>,
  policy: Policy,
): readonly PayerOnRecord[] {
  const spans = policySpans(policy);
  return payers.map((inputs) => {
    const subjects = recorded.get(inputs.payerId) ?? [];
    const payer = payerOnRecord(inputs, subjects, policy);
    const from = assessedFrom(payer.events, subjects, spans.skew);
    return from === undefined ? payer : { ...payer, windowFrom: from - spans.evidence };
  });
}

/** A payer of whom nothing is to be assessed yet. */
export function payerOnRecord(
  inputs: PayerInputs,
  subjects: readonly StoredSubject[],
  { mode }: Policy,
): PayerOnRecord {
  return {
    inputs,
    events: inputs.events.map(({ input }) => input.event),
    recorded: new Map(
      subjects.map((subject) => [subjectKey(subject.subject), asItWas(subject, mode)]),
    ),
  };
}

/**
 * Time of the earliest subject that is new, or that late evidence may touch, or that came to nothing: what its payee is known for
 * then depends on what else the payer sent. A first, cheap look: `affectedSubjects` decides.
 */
function assessedFrom(
  events: readonly PlatformEvent[],
  recorded: readonly RecordedSubject[],
  skew: number,
): Instant | undefined {
  let from: Instant | undefined;
  const take = (at: Instant): void => {
    if (from === undefined || at < from) from = at;
  };
  for (const event of events) {
    if (isSubjectEvent(event)) take(event.time);
    for (const subject of recorded) {
      if (mayTouch(event, subject, skew) || cameToNothing(event, subject))
        take(subject.requestedAt);
    }
  }
  return from;
}

function cameToNothing(event: PlatformEvent, { subject }: RecordedSubject): boolean {
  return (
    (event.kind === 'transfer.failed' || event.kind === 'transfer.cancelled') &&
    subject.kind === 'transfer' &&
    subject.source === event.source &&
    subject.id === event.transferId
  );
}

function mayTouch(event: PlatformEvent, subject: RecordedSubject, skew: number): boolean {
  switch (event.kind) {
    case 'payer.updated':
    case 'hold.acknowledged':
    case 'instruction.received':
      return false;
    case 'code.matched':
      return subject.subject.id === event.transferId;
    case 'payer.responded':
      if (event.answer === 'coached_yes' || event.answer === 'reconfirm') return true;
      break;
    default:
      if (isOutcome(event) && 'transferId' in event && subject.subject.id === event.transferId) {
        return false;
      }
  }
  return event.time <= subject.requestedAt + skew;
}

/** Holds of which this batch may change something, in no order: whoever locks them sorts. */
export function holdsToLock(payers: readonly PayerOnRecord[]): string[] {
  const ids = new Set<string>();
  for (const { events, recorded, windowFrom } of payers) {
    for (const event of events) {
      if ('holdId' in event && event.holdId !== undefined) ids.add(event.holdId);
    }
    const touched =
      windowFrom !== undefined ||
      events.some((event) => isOutcome(event) || event.kind === 'instruction.received');
    if (!touched) continue;
    for (const { hold } of recorded.values()) {
      if (hold !== undefined && hold.ended === undefined) ids.add(hold.holdId);
    }
  }
  return [...ids];
}

/** Puts holds as they were when locked in place of what was read a moment before. */
export function refreshHolds(
  payers: readonly PayerOnRecord[],
  locked: ReadonlyMap<string, HoldRow>,
): void {
  for (const { recorded } of payers) {
    for (const [key, subject] of recorded) {
      const row = subject.hold === undefined ? undefined : locked.get(subject.hold.holdId);
      if (row !== undefined) recorded.set(key, { ...subject, hold: recordedHold(row) });
    }
  }
}

/** The windows of the payers that need one, in their order. */
export async function readWindows(
  tx: Tx,
  store: EngineStore,
  payers: readonly PayerOnRecord[],
): Promise<ReadonlyMap<PayerOnRecord, WindowEvidence>> {
  const needed = payers.filter((payer) => payer.windowFrom !== undefined);
  const windows = await store.windows(
    tx,
    needed.map(({ inputs, windowFrom }) => ({
      partition: inputs.partition,
      payerId: inputs.payerId,
      from: windowFrom ?? 0,
    })),
  );
  return new Map(needed.map((payer, index) => [payer, windows[index] as WindowEvidence]));
}

/** The window with the batch's own events, each once and in order. */
export function windowOf(
  payer: PayerOnRecord,
  evidence: WindowEvidence,
  payees: ReadonlyMap<string, PayeeNumbers>,
): PayerWindow {
  const own = distinct([...evidence.events, ...payer.events.filter(isEvidence)]);
  const kept = { events: own.sort(compareEvents), cut: evidence.cut };
  return {
    payerId: payer.inputs.payerId,
    ...withHeldRequests(kept, payer.recorded),
    recorded: payer.recorded,
    payees,
    windowTruncated: evidence.windowTruncated,
    listedPayees: NO_PAYEES,
  };
}

const NO_PAYEES: ReadonlySet<string> = new Set();

/** Profiles and acknowledgements have their own places. */
export function isEvidence(event: PlatformEvent): boolean {
  return event.kind !== 'payer.updated' && event.kind !== 'hold.acknowledged';
}

/** `source` + `id` is the event; of two with the same name the earlier one stands. */
function distinct(events: readonly PlatformEvent[]): PlatformEvent[] {
  const byRef = new Map<string, PlatformEvent>();
  for (const event of events) {
    const ref = evidenceRef(event);
    const known = byRef.get(ref);
    if (known === undefined || compareEvents(event, known) < 0) byRef.set(ref, event);
  }
  return [...byRef.values()];
}
