/**
 * What is known of a payer as of one point in the order of events: the events seen so far, sorted into the places where the facts look
 * for them, the borrowed pool, and where every earlier subject stands.
 */
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
import type { PolicySpans } from '../policy/spans.ts';
import {
  cancelDraw,
  payOut,
  putBack,
  repay,
  sameDraw,
  takeOut,
  trace,
  type BorrowedPool,
} from './borrowed-pool.ts';
import { endSpan, runsAt, startSpan, type Span } from './spans.ts';
import { isAttempted, type SubjectState, type TransferState } from './subject-state.ts';

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
  /** By transfer id; two sources may use the same one. */
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
export function observe(timeline: Timeline, event: PlatformEvent, spans: PolicySpans): void {
  switch (event.kind) {
    case 'session.observed':
      ownEvent(timeline, event.time, spans);
      return observeSession(timeline, event, spans);
    case 'savings.redeemed':
      ownEvent(timeline, event.time, spans);
      timeline.savings.push(event);
      return;
    case 'credit.line-opened':
      ownEvent(timeline, event.time, spans);
      timeline.lines.push(event);
      return;
    case 'credit.limit-viewed':
      ownEvent(timeline, event.time, spans);
      timeline.limitViews.push(event);
      return;
    case 'credit.draw-requested':
    case 'credit.drawn':
    case 'credit.draw-cancelled':
      ownEvent(timeline, event.time, spans);
      return observeDraw(timeline, event);
    case 'credit.repaid':
      repay(timeline.pool, event);
      return;
    case 'transfer.settled':
    case 'transfer.failed':
    case 'transfer.cancelled':
      return observeOutcome(timeline, event, spans);
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
      ownEvent(timeline, event.time, spans);
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
function ownEvent(timeline: Timeline, at: Instant, spans: PolicySpans): void {
  if (at - timeline.lastOwnEvent > spans.sessionGap) timeline.sessionStart = at;
  if (at > timeline.lastOwnEvent) timeline.lastOwnEvent = at;
}

function observeSession(timeline: Timeline, event: SessionObserved, spans: PolicySpans): void {
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

function observeOutcome(timeline: Timeline, event: TransferEnded, spans: PolicySpans): void {
  const known = timeline.outcomes.get(event.transferId);
  if (known === undefined) timeline.outcomes.set(event.transferId, [event]);
  else known.push(event);
  for (let i = timeline.transfers.length - 1; i >= 0; i -= 1) {
    const state = timeline.transfers[i] as TransferState;
    if (isOutcomeOf(event, state.event)) {
      return applyOutcome(timeline, state, event, spans);
    }
  }
}

function isOutcomeOf(event: TransferEnded, transfer: TransferRequested): boolean {
  return event.transferId === transfer.transferId && event.source === transfer.source;
}

/** What failed or was cancelled stays so; what settled may still come back. */
function applyOutcome(
  timeline: Timeline,
  state: TransferState,
  event: TransferEnded,
  spans: PolicySpans,
): void {
  if (state.ended === 'failed' || state.ended === 'cancelled') return;
  if (event.kind === 'transfer.settled') {
    state.ended = 'settled';
    send(timeline, state, spans);
    return;
  }
  state.ended = event.kind === 'transfer.failed' ? 'failed' : 'cancelled';
  if (event.kind === 'transfer.failed') state.failure = event;
  comeBack(state);
}

/** Enters a decided transfer. What is not held is sent at once. */
export function enterTransfer(timeline: Timeline, state: TransferState, spans: PolicySpans): void {
  timeline.transfers.push(state);
  if (state.verdict.outcome !== 'hold') send(timeline, state, spans);
  // Outcomes that were stamped just before or at the request.
  for (const event of timeline.outcomes.get(state.event.transferId) ?? NO_OUTCOMES) {
    if (isOutcomeOf(event, state.event)) applyOutcome(timeline, state, event, spans);
  }
}

const NO_OUTCOMES: readonly TransferEnded[] = [];

export function enterDraw(timeline: Timeline, state: SubjectState): void {
  timeline.drawSubjects.push(state);
  for (const draw of timeline.draws) settleDraw(state, draw);
}

/** A hold has ended: a release sends the transfer, every other end takes it back. */
export function endHold(
  timeline: Timeline,
  state: SubjectState | TransferState,
  { end, actor }: { readonly end: HoldEnd; readonly actor: HoldActor },
  spans: PolicySpans,
): void {
  if (state.holdEnd !== undefined) return;
  state.holdEnd = end;
  if (end === 'released' && actor !== 'clock' && actor !== 'processor') state.verified = true;
  if (!('standing' in state)) {
    if (end !== 'released') cancelHeldDraw(timeline, state);
  } else if (end === 'released') {
    send(timeline, state, spans);
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

function send(timeline: Timeline, state: TransferState, spans: PolicySpans): void {
  if (state.taken !== undefined || !isAttempted(state)) return;
  const { event, standing } = state;
  if (standing.own || event.fundingSource === 'credit') {
    state.taken = [];
    return;
  }
  state.taken = trace(timeline.pool, event.amount, event.time - spans.pool);
  takeOut(state.taken);
}

function comeBack(state: TransferState): void {
  putBack(state.taken ?? []);
  state.taken = undefined;
}

/**
 * Whether an event belongs to the session of a subject: the same session id, the payer's current run of own events, or the
 * last hour, whichever reaches further back (SCORING §1).
 */
export function inSession(
  timeline: Timeline,
  subject: SubjectEvent,
  event: EventHeader,
  { sessionMin, evidence }: PolicySpans,
): boolean {
  const from = Math.min(timeline.sessionStart, subject.time - sessionMin);
  if (event.time >= from) return true;
  // The window may reach further back than this subject's own evidence.
  if (event.time < subject.time - evidence) return false;
  const { sessionId } = subject.payer;
  return sessionId !== undefined && event.payer.sessionId === sessionId;
}
