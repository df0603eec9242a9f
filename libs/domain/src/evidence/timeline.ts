/**
 * What is known of a payer as of one point in the order of events: the events seen so far, sorted into the places where the facts look
 * for them, the borrowed pool, and where every earlier subject stands.
 */
import type { Tier, Verdict } from '../assessment/assessment.ts';
import type {
  CodeObserved,
  CreditContext,
  CreditDraw,
  EventHeader,
  FundsReceived,
  MerchantOrdered,
  PayerResponded,
  PlatformEvent,
  SavingsRedeemed,
  SessionObserved,
  SessionSignal,
  SubjectEvent,
  TransferEnded,
  TransferRequested,
} from '../event/event.ts';
import type { HoldActor, HoldEnd } from '../hold/hold.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Policy } from '../policy/policy.ts';
import { policySpans } from '../policy/spans.ts';
import {
  cancelDraw,
  payOut,
  putBack,
  repay,
  sameDraw,
  takeOut,
  trace,
  type BorrowedPool,
  type TakenPart,
} from './borrowed-pool.ts';
import type { PayeeStanding } from './payee-standing.ts';
import { endSpan, runsAt, startSpan, type Span } from './spans.ts';

/** An earlier subject and what became of it so far. */
export interface SubjectState {
  readonly event: SubjectEvent;
  readonly verdict: Verdict;
  /** Own tier of the effect, where the processor was told to hold: what is held stays held though assessed milder since. */
  readonly heldTier?: Tier;
  readonly ceilingAt: Instant;
  /** `settled` also stands for a draw that was paid out. */
  ended?: 'settled' | 'failed' | 'cancelled';
  holdEnd?: HoldEnd;
  /** The hold ended because somebody made sure: released by staff or an authority, or reconfirmed (CO6). */
  verified?: true;
}

export interface TransferState extends SubjectState {
  readonly event: TransferRequested;
  readonly standing: PayeeStanding;
  failure?: TransferEnded;
  /** Borrowed money it took out of the pool; undefined while it has not been sent. */
  taken?: readonly TakenPart[];
}

/** One draw, from whichever of its events were seen. */
export interface DrawState {
  readonly event: CreditDraw;
  readonly events: CreditDraw[];
  /** Of its first event: before it a line may have been opened in session. */
  readonly at: Instant;
  readonly sessionStart: Instant;
  /** Of the last request or payout seen. */
  lastAt: Instant;
  paidAt?: Instant;
  minor: number;
  limit?: number;
  firstDraw?: CreditDraw;
  paid: boolean;
  cancelled: boolean;
}

export interface Timeline {
  readonly transfers: TransferState[];
  readonly drawSubjects: SubjectState[];
  readonly draws: DrawState[];
  readonly pool: BorrowedPool;
  readonly calls: Span[];
  readonly shares: Span[];
  readonly signals: Partial<Record<SessionSignal, SessionObserved[]>>;
  /** Accounts added and cards bound while an unsaved call was running. */
  readonly addedInCall: SessionObserved[];
  readonly codes: CodeObserved[];
  readonly lines: CreditContext[];
  readonly limitViews: CreditContext[];
  readonly savings: SavingsRedeemed[];
  readonly received: FundsReceived[];
  readonly orders: MerchantOrdered[];
  readonly answers: PayerResponded[];
  readonly outcomes: Map<string, TransferEnded[]>;
  /** Start of the payer's current run of own events without a long gap. */
  sessionStart: Instant;
  lastOwnEvent: Instant;
}

export function emptyTimeline(): Timeline {
  return {
    transfers: [],
    drawSubjects: [],
    draws: [],
    pool: [],
    calls: [],
    shares: [],
    signals: {},
    addedInCall: [],
    codes: [],
    lines: [],
    limitViews: [],
    savings: [],
    received: [],
    orders: [],
    answers: [],
    outcomes: new Map(),
    sessionStart: Number.NEGATIVE_INFINITY,
    lastOwnEvent: Number.NEGATIVE_INFINITY,
  };
}

/**
 * Takes in one event as context; of a transfer request only that the payer was active. Events MUST come in the order of
 * events. Subjects enter with `enterTransfer` and `enterDraw` once they are assessed.
 */
export function observe(timeline: Timeline, event: PlatformEvent, policy: Policy): void {
  switch (event.kind) {
    case 'session.observed':
      ownEvent(timeline, event.time, policy);
      return observeSession(timeline, event, policy);
    case 'savings.redeemed':
      ownEvent(timeline, event.time, policy);
      timeline.savings.push(event);
      return;
    case 'credit.line-opened':
      ownEvent(timeline, event.time, policy);
      timeline.lines.push(event);
      return;
    case 'credit.limit-viewed':
      ownEvent(timeline, event.time, policy);
      timeline.limitViews.push(event);
      return;
    case 'credit.draw-requested':
    case 'credit.drawn':
    case 'credit.draw-cancelled':
      ownEvent(timeline, event.time, policy);
      return observeDraw(timeline, event);
    case 'credit.repaid':
      repay(timeline.pool, event);
      return;
    case 'transfer.settled':
    case 'transfer.failed':
    case 'transfer.cancelled':
      return observeOutcome(timeline, event, policy);
    case 'funds.received':
      timeline.received.push(event);
      return;
    case 'merchant.ordered':
      timeline.orders.push(event);
      return;
    case 'code.observed':
      timeline.codes.push(event);
      return;
    case 'payer.responded':
      timeline.answers.push(event);
      return;
    case 'transfer.requested':
      ownEvent(timeline, event.time, policy);
      return;
    // Bound to its transfer whatever its time; read by the fold, not from here.
    case 'code.matched':
    case 'payer.updated':
    case 'hold.acknowledged':
    case 'instruction.received':
      return;
  }
}

/** Keeps the start of the payer's session, which own events without a long gap make up. */
function ownEvent(timeline: Timeline, at: Instant, policy: Policy): void {
  if (at - timeline.lastOwnEvent > policySpans(policy).sessionGap) timeline.sessionStart = at;
  if (at > timeline.lastOwnEvent) timeline.lastOwnEvent = at;
}

function observeSession(timeline: Timeline, event: SessionObserved, policy: Policy): void {
  const spans = policySpans(policy);
  switch (event.signal) {
    case 'call_started':
      // Who calls must be known to be unsaved: what is not reported is no evidence.
      if (event.caller === 'unsaved') {
        startSpan(timeline.calls, event, spans.callMax, spans.callBack);
      }
      return;
    case 'call_ended':
      if (event.caller !== 'saved') endSpan(timeline.calls, event);
      return;
    case 'screen_share_started':
      startSpan(timeline.shares, event, spans.screenMax, 0);
      return;
    case 'screen_share_ended':
      endSpan(timeline.shares, event);
      return;
    case 'card_bound':
    case 'payee_added':
      if (runsAt(timeline.calls, event.time)) timeline.addedInCall.push(event);
      break;
    default:
  }
  (timeline.signals[event.signal] ??= []).push(event);
}

function observeDraw(timeline: Timeline, event: CreditDraw): void {
  let draw = timeline.draws.find((known) => sameDraw(known.event, event));
  if (draw === undefined) {
    draw = {
      event,
      events: [],
      at: event.time,
      sessionStart: timeline.sessionStart,
      lastAt: event.time,
      minor: event.amount.minor,
      paid: false,
      cancelled: false,
    };
    timeline.draws.push(draw);
  }
  draw.events.push(event);
  if (event.limit !== undefined) draw.limit = event.limit.minor;
  if (event.firstDraw === true) draw.firstDraw ??= event;
  if (event.kind !== 'credit.draw-cancelled') draw.lastAt = event.time;
  if (event.kind === 'credit.drawn' && !draw.cancelled) {
    draw.paid = true;
    draw.paidAt ??= event.time;
    draw.minor = event.amount.minor;
    payOut(timeline.pool, event);
  } else if (event.kind === 'credit.draw-cancelled') {
    draw.cancelled = true;
    cancelDraw(timeline.pool, event);
  }
  for (const subject of timeline.drawSubjects) settleDraw(subject, draw);
}

function settleDraw(subject: SubjectState, draw: DrawState): void {
  if (subject.event.kind === 'transfer.requested' || !sameDraw(subject.event, draw.event)) return;
  if (draw.cancelled) subject.ended = 'cancelled';
  else if (draw.paid) subject.ended = 'settled';
}

function outcomeKey(event: TransferEnded | TransferRequested): string {
  return `${event.source}\n${event.transferId}`;
}

function observeOutcome(timeline: Timeline, event: TransferEnded, policy: Policy): void {
  const key = outcomeKey(event);
  const known = timeline.outcomes.get(key);
  if (known === undefined) timeline.outcomes.set(key, [event]);
  else known.push(event);
  for (let i = timeline.transfers.length - 1; i >= 0; i -= 1) {
    const state = timeline.transfers[i] as TransferState;
    if (state.event.transferId === event.transferId && state.event.source === event.source) {
      return applyOutcome(timeline, state, event, policy);
    }
  }
}

/** What failed or was cancelled stays so; what settled may still come back. */
function applyOutcome(
  timeline: Timeline,
  state: TransferState,
  event: TransferEnded,
  policy: Policy,
): void {
  if (state.ended === 'failed' || state.ended === 'cancelled') return;
  if (event.kind === 'transfer.settled') {
    state.ended = 'settled';
    send(timeline, state, policy);
    return;
  }
  state.ended = event.kind === 'transfer.failed' ? 'failed' : 'cancelled';
  if (event.kind === 'transfer.failed') state.failure = event;
  comeBack(state);
}

/** Enters a decided transfer. What is not held is sent at once. */
export function enterTransfer(timeline: Timeline, state: TransferState, policy: Policy): void {
  timeline.transfers.push(state);
  if (state.verdict.outcome !== 'hold') send(timeline, state, policy);
  // Outcomes that were stamped just before or at the request.
  for (const event of timeline.outcomes.get(outcomeKey(state.event)) ?? []) {
    applyOutcome(timeline, state, event, policy);
  }
}

export function enterDraw(timeline: Timeline, state: SubjectState): void {
  timeline.drawSubjects.push(state);
  for (const draw of timeline.draws) settleDraw(state, draw);
}

/** A hold has ended: a release sends the transfer, every other end takes it back. */
export function endHold(
  timeline: Timeline,
  state: SubjectState | TransferState,
  { end, actor }: { readonly end: HoldEnd; readonly actor: HoldActor },
  policy: Policy,
): void {
  if (state.holdEnd !== undefined) return;
  state.holdEnd = end;
  if (end === 'released' && actor !== 'clock' && actor !== 'processor') state.verified = true;
  if (!('standing' in state)) {
    if (end !== 'released') cancelHeldDraw(timeline, state);
  } else if (end === 'released') {
    send(timeline, state, policy);
  } else {
    comeBack(state);
  }
}

function cancelHeldDraw(timeline: Timeline, state: SubjectState): void {
  for (const draw of timeline.draws) {
    if (
      state.event.kind !== 'transfer.requested' &&
      sameDraw(state.event, draw.event) &&
      !draw.paid
    ) {
      draw.cancelled = true;
    }
  }
}

function send(timeline: Timeline, state: TransferState, policy: Policy): void {
  if (state.taken !== undefined || !isAttempted(state)) return;
  const { event, standing } = state;
  if (standing.own || event.fundingSource === 'credit') {
    state.taken = [];
    return;
  }
  state.taken = trace(timeline.pool, event.amount, event.time - policySpans(policy).pool);
  takeOut(state.taken);
}

function comeBack(state: TransferState): void {
  putBack(state.taken ?? []);
  delete state.taken;
}

/** From the request until it failed, was cancelled, or its hold ended without release. */
export function isAttempted(state: TransferState): boolean {
  return (
    state.ended !== 'failed' &&
    state.ended !== 'cancelled' &&
    state.holdEnd !== 'cancelled' &&
    state.holdEnd !== 'expired'
  );
}

export function isSent(state: TransferState): boolean {
  return state.taken !== undefined;
}

/**
 * Whether an event belongs to the session of a subject: the same session id, the payer's current run of own events, or the
 * last hour, whichever reaches further back (SCORING §1).
 */
export function inSession(
  timeline: Timeline,
  subject: SubjectEvent,
  event: EventHeader,
  policy: Policy,
): boolean {
  const { sessionMin, evidence } = policySpans(policy);
  const from = Math.min(timeline.sessionStart, subject.time - sessionMin);
  if (event.time >= from) return true;
  // The window may reach further back than this subject's own evidence.
  if (event.time < subject.time - evidence) return false;
  const { sessionId } = subject.payer;
  return sessionId !== undefined && event.payer.sessionId === sessionId;
}

/** Held and waiting: not settled, failed, cancelled, released, expired, and its ceiling not reached. */
export function isOpenHold(state: SubjectState, at: Instant): boolean {
  return (
    (state.verdict.outcome === 'hold' || state.heldTier !== undefined) &&
    state.ended === undefined &&
    state.holdEnd === undefined &&
    at < state.ceilingAt
  );
}
