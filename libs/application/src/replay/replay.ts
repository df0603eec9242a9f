/**
 * Decides a stream of events without any server: the same steps and the same entries as the engine's, one event at a time in the
 * order given. Time is the events' own.
 */
import {
  DAY_MS,
  NO_HABITS,
  TOPIC_OF,
  compareEvents,
  cutWindow,
  evidenceRef,
  feedHealth,
  habitsAfter,
  isSubjectEvent,
  movesMoney,
  payeeActivityChange,
  policySpans,
  pulseAfter,
  subjectKey,
  subjectKeyOf,
  underPressure,
  withHeldRequests,
  type EntryDraft,
  type EventInput,
  type FeedPulses,
  type Habits,
  type PayeeNumbers,
  type PayeeQuiet,
  type Instant,
  type PayerWindow,
  type PlatformEvent,
  type PolicySpans,
} from '#domain';
import type { DecisionSettings } from '../engine/batch-types.ts';
import { decide, type DecisionContext } from '../engine/decisions.ts';
import { BatchHolds, applyResponses, change } from '../engine/hold-responses.ts';
import { assessTargets, targetsOf } from '../engine/payer-assessment.ts';
import { mayBePerson } from '../engine/payee-knowledge.ts';
import { isEvidence, refreshHolds, type PayerOnRecord } from '../engine/payer-evidence.ts';
import { withHabits } from '../engine/payer-habits.ts';
import type { PayerInputs } from '../engine/payer-inputs.ts';
import type { Hashing } from '../ports/clock.ts';
import type { PayerProfile, StoredSubject } from '../ports/engine-store.ts';
import { PayeeBook } from './payee-book.ts';
import { SteadyTime } from './steady-time.ts';

export type ReplayResult =
  /** Entries in order, decisions among them; none where nothing came of the event. */
  | { readonly kind: 'taken'; readonly entries: readonly EntryDraft[] }
  /** An event or subject that was there already, with the same content. */
  | { readonly kind: 'repeated' }
  /** A subject that is on record with other content. */
  | { readonly kind: 'conflict' };

interface PayerState {
  readonly payerId: string;
  /** In order of events. */
  readonly events: PlatformEvent[];
  readonly refs: Set<string>;
  readonly recorded: Map<string, StoredSubject>;
  /** Of the subjects so far, in the order of events. */
  lastSubjectAt: Instant;
  /** Whether anything of the payer was ever held. */
  held: boolean;
  habits: Habits;
}

/** Evidence is kept for the windows of subjects that late evidence may still touch. */
const KEPT_MS = 7 * DAY_MS;
const TRIM_EVERY = 256;

export class Replay {
  readonly #settings: DecisionSettings;
  readonly #spans: PolicySpans;
  readonly #hashing: Hashing;
  readonly #payers = new Map<string, PayerState>();
  readonly #subjects = new Map<string, string>();
  readonly #profiles = new Map<string, PayerProfile>();
  readonly #holds = new BatchHolds(new Map());
  readonly #steady = new SteadyTime();
  readonly #payees: PayeeBook;
  readonly #quiets: ReadonlyMap<string, readonly PayeeQuiet[]>;
  /** The stream is one partition. */
  #feeds: FeedPulses = {};

  /** `quiets` by payer: whom staff vouched for, since no event says so. */
  constructor(
    settings: DecisionSettings,
    hashing: Hashing,
    quiets: ReadonlyMap<string, readonly PayeeQuiet[]> = new Map(),
  ) {
    this.#quiets = quiets;
    this.#settings = settings;
    this.#spans = policySpans(settings.policy);
    this.#hashing = hashing;
    this.#payees = new PayeeBook(settings.policy);
  }

  /** `contentHash` as on `EventInput`, of subject events. */
  offer(event: PlatformEvent, contentHash?: string): ReplayResult {
    this.#hear(event);
    this.#steady.take(event.time);
    const state = this.#stateOf(event.payer.accountId);
    const ref = evidenceRef(event);
    if (state.refs.has(ref)) return { kind: 'repeated' };
    if (isSubjectEvent(event)) {
      const key = subjectKeyOf(event);
      const known = this.#subjects.get(key);
      // The content says who pays, too.
      const identity = contentHash ?? event.payer.accountId;
      if (known !== undefined) return { kind: known === identity ? 'repeated' : 'conflict' };
      this.#subjects.set(key, identity);
      state.lastSubjectAt = Math.max(state.lastSubjectAt, event.time);
    }
    state.refs.add(ref);
    if (event.kind === 'payer.updated') this.#keepProfile(event);
    if (isEvidence(event)) insert(state.events, event);
    state.habits = habitsAfter(state.habits, [event], lately(state, event));
    const entries = this.#work(state, event, contentHash);
    entries.push(...this.#followPayees(state, event));
    if (state.refs.size % TRIM_EVERY === 0) trim(state, this.#steady.time - KEPT_MS);
    return { kind: 'taken', entries };
  }

  /** What is on record of a payer's subjects, by `subjectKey`. */
  recorded(payerId: string): ReadonlyMap<string, StoredSubject> {
    return this.#payers.get(payerId)?.recorded ?? NOTHING_RECORDED;
  }

  #hear(event: PlatformEvent): void {
    const topic = TOPIC_OF[event.kind];
    const known = this.#feeds[topic];
    const pulse = pulseAfter(known, event.time);
    if (pulse !== known) this.#feeds = { ...this.#feeds, [topic]: pulse };
  }

  #stateOf(payerId: string): PayerState {
    let state = this.#payers.get(payerId);
    if (state === undefined) {
      state = {
        payerId,
        events: [],
        refs: new Set(),
        recorded: new Map(),
        lastSubjectAt: Number.NEGATIVE_INFINITY,
        held: false,
        habits: NO_HABITS,
      };
      this.#payers.set(payerId, state);
    }
    return state;
  }

  #keepProfile(event: Extract<PlatformEvent, { kind: 'payer.updated' }>): void {
    const { payer, time, locale, contactRefs } = event;
    const known = this.#profiles.get(payer.accountId);
    if (known !== undefined && known.updatedAt >= time) return;
    this.#profiles.set(payer.accountId, {
      payerId: payer.accountId,
      updatedAt: time,
      ...(locale === undefined ? {} : { locale }),
      ...(contactRefs === undefined ? {} : { contactRefs }),
    });
  }

  #work(state: PayerState, event: PlatformEvent, contentHash: string | undefined): EntryDraft[] {
    const matters = this.#mayMatter(state, event);
    if (!matters && !state.held) return [];
    const now = event.time;
    const inputs: PayerInputs = {
      partition: 0,
      payerId: state.payerId,
      events: [{ place: 0, input: inputOf(event, contentHash) }],
      refused: [],
    };
    const payer: PayerOnRecord = { inputs, events: [event], recorded: state.recorded };
    const entries = this.#respond(state, payer, now);
    if (!matters) return entries;
    const from = isSubjectEvent(event) ? now : Math.min(now, this.#earliest(state, event));
    entries.push(...this.#assess(state, { payer, from, now }));
    return entries;
  }

  /** What becomes known of payees by the event, and the decisions about earlier transfers to them that follow from it. */
  #followPayees(state: PayerState, event: PlatformEvent): EntryDraft[] {
    if (!movesMoney(event)) return [];
    const from = earliestMoved(state, event) - this.#spans.evidence;
    const after = cutWindow(state.events, from).events.filter(movesMoney);
    const before = after.filter((one) => one !== event);
    const change = payeeActivityChange(before, after, [event]);
    const turned = this.#payees.apply(change, this.#steady.time);
    return [...Map.groupBy(turned, ({ payerId }) => payerId)].flatMap(([payerId, transfers]) => {
      const other = this.#stateOf(payerId);
      const payer: PayerOnRecord = {
        inputs: { partition: 0, payerId, events: [], refused: [] },
        events: [],
        recorded: other.recorded,
        turned: { keys: new Set(transfers.map(({ key }) => key)), place: 0 },
      };
      const [first] = transfers;
      return this.#assess(other, { payer, from: first?.requestedAt ?? 0, now: event.time });
    });
  }

  #assess(state: PayerState, { payer, from, now }: ReplayStep): EntryDraft[] {
    const tools = { ...this.#settings, hashing: this.#hashing };
    const numbers = new Map<string, PayeeNumbers>();
    const read = this.#window(state, from, numbers);
    const targets = targetsOf(payer, read, tools);
    if (targets.size === 0) return [];
    const window = withHabits(read, state.habits, targets, this.#settings.policy);
    this.#readPayees(window, targets, { numbers, now });
    const context: DecisionContext = {
      settings: this.#settings,
      feedsAt: () => feedHealth(this.#feeds, now),
      holds: this.#holds,
      profiles: this.#profiles,
      hashing: this.#hashing,
      now,
    };
    return assessTargets(payer, window, targets, tools).flatMap((assessed) => {
      const { drafts, write } = decide(assessed, payer.inputs, context);
      if (write !== undefined) this.#record(state, write.recorded);
      return drafts.map(({ draft }) => draft);
    });
  }

  #record(state: PayerState, recorded: StoredSubject): void {
    const key = subjectKey(recorded.subject);
    this.#payees.watch(state.payerId, state.recorded.get(key), recorded);
    state.recorded.set(key, recorded);
    if (recorded.hold !== undefined) state.held = true;
  }

  #readPayees(
    { payerId, events }: PayerWindow,
    targets: ReadonlySet<string>,
    { numbers, now }: { readonly numbers: Map<string, PayeeNumbers>; readonly now: Instant },
  ): void {
    for (const event of events) {
      if (event.kind !== 'transfer.requested' || !mayBePerson(event)) continue;
      const key = subjectKeyOf(event);
      if (!targets.has(key)) continue;
      const request = { payeeId: event.payee.accountId, payerId, at: event.time };
      numbers.set(key, this.#payees.numbers(request, now));
    }
  }

  /** What the event does to holds directly. */
  #respond(state: PayerState, payer: PayerOnRecord, now: Instant): EntryDraft[] {
    if (!state.held) return [];
    const matured = this.#mature(state, payer, now);
    const drafts = applyResponses(payer.inputs, {
      holds: this.#holds,
      hashing: this.#hashing,
      now,
      underPressure: (_payer, at) => underPressure(state.events, at, this.#settings.policy),
      openHoldsOf: () =>
        [...state.recorded.values()].flatMap(({ hold }) =>
          hold === undefined || hold.ended !== undefined ? [] : [hold.holdId],
        ),
      sessionOf: (_payer, subject) => {
        const key = subjectKey(subject);
        const request = state.events.find(
          (event) => isSubjectEvent(event) && subjectKeyOf(event) === key,
        );
        return request?.payer.sessionId;
      },
    });
    if (drafts.length + matured.length > 0) {
      refreshHolds([payer], new Map(this.#holds.changed().map((row) => [row.holdId, row])));
    }
    return [...matured, ...drafts.map(({ draft }) => draft)];
  }

  /** What the clock would have done before a payer answers, who can reconfirm only what is due. */
  #mature(state: PayerState, { events: [event] }: PayerOnRecord, now: Instant): EntryDraft[] {
    if (event?.kind !== 'payer.responded') return [];
    return [...state.recorded.values()].flatMap(({ hold }) => {
      const row = hold === undefined ? undefined : this.#holds.get(hold.holdId);
      if (row === undefined) return [];
      return change(row, { type: 'mature' }, { holds: this.#holds, now }).draft ?? [];
    });
  }

  /** A first, cheap look: most context comes in order and touches nothing that was decided. */
  #mayMatter(state: PayerState, event: PlatformEvent): boolean {
    if (isSubjectEvent(event)) return true;
    if (state.recorded.size === 0) return false;
    if (event.kind === 'code.matched' || event.kind === 'payer.responded') return true;
    return event.time <= state.lastSubjectAt + this.#spans.skew;
  }

  /** Time of the first subject that the event may touch. */
  #earliest(state: PayerState, event: PlatformEvent): Instant {
    const { skew } = this.#spans;
    const any = event.kind === 'code.matched' || event.kind === 'payer.responded';
    const first = state.events.find(
      (one) => isSubjectEvent(one) && (any || one.time + skew >= event.time),
    );
    return first?.time ?? event.time;
  }

  #window(
    state: PayerState,
    from: Instant,
    payees: ReadonlyMap<string, PayeeNumbers>,
  ): PayerWindow {
    const window = cutWindow(state.events, from - this.#spans.evidence);
    return {
      payerId: state.payerId,
      ...window,
      ...withHeldRequests(window, state.recorded),
      recorded: state.recorded,
      payees,
      listedPayees: NO_PAYEES,
      quiets: this.#quiets.get(state.payerId) ?? NO_QUIETS,
    };
  }
}

interface ReplayStep {
  readonly payer: PayerOnRecord;
  /** Time of the first subject that may be assessed. */
  readonly from: Instant;
  readonly now: Instant;
}

/** What habits look for besides the event itself: payments that a draw told late was used for, and what came to nothing. */
function lately({ events }: PayerState, event: PlatformEvent): readonly PlatformEvent[] {
  return event.kind === 'credit.drawn' || event.kind === 'transfer.requested' ? events : [];
}

/** Time of the event, or of the request that came to nothing. */
function earliestMoved({ events }: PayerState, event: PlatformEvent): Instant {
  if (event.kind !== 'transfer.failed' && event.kind !== 'transfer.cancelled') return event.time;
  const request = events.find(
    (one) =>
      one.kind === 'transfer.requested' &&
      one.source === event.source &&
      one.transferId === event.transferId,
  );
  return request?.time ?? event.time;
}

const NO_PAYEES: ReadonlySet<string> = new Set();
const NO_QUIETS: readonly PayeeQuiet[] = [];
const NOTHING_RECORDED: ReadonlyMap<string, StoredSubject> = new Map();

function inputOf(event: PlatformEvent, contentHash: string | undefined): EventInput {
  return {
    kind: 'event',
    topic: TOPIC_OF[event.kind],
    partition: 0,
    offset: 0,
    brokerTime: event.time,
    event,
    ...(contentHash === undefined ? {} : { contentHash }),
    droppedSecrets: 0,
    deadLetter: noDeadLetter,
  };
}

function noDeadLetter(): never {
  throw new Error('a replayed event has no dead letter');
}

/** Keeps the order; most events belong at the end. */
function insert(events: PlatformEvent[], event: PlatformEvent): void {
  let at = events.length;
  while (at > 0 && compareEvents(events[at - 1] as PlatformEvent, event) > 0) at -= 1;
  if (at === events.length) events.push(event);
  else events.splice(at, 0, event);
}

function trim(state: PayerState, from: Instant): void {
  const count = state.events.findIndex((event) => event.time >= from);
  if (count <= 0) return;
  for (const event of state.events.splice(0, count)) {
    state.refs.delete(evidenceRef(event));
    if (isSubjectEvent(event)) state.recorded.delete(subjectKeyOf(event));
  }
}
