/** Pressure on the payer: who talks to them, who sees their screen, what they were told to write, how they hesitate. */
import { isWatched, type Span } from '../evidence/spans.ts';
import type { TransferState } from '../evidence/subject-state.ts';
import { inSession } from '../evidence/timeline.ts';
import type {
  EventHeader,
  SessionObserved,
  SessionSignal,
  TransferRequested,
} from '../event/event.ts';
import type { CallFacts, PretextFacts, Ref, ScreenFacts } from './facts.ts';
import { personsAttempted } from './gather-money.ts';
import { orNone, since, type Gathering } from './gathering.ts';
import { findPretext } from './pretext.ts';

/** Unsaved calls that run or whose end is not long past. */
export function gatherCalls(g: Gathering): readonly CallFacts[] | undefined {
  const at = g.subject.time;
  const calls = g.timeline.calls.filter(
    (call) => call.start <= at + g.spans.skew && at - call.end < g.spans.callFade,
  );
  return orNone(
    calls.map((call) => ({
      durationMs: Math.max(0, Math.min(call.end, at) - call.start),
      sinceEndMs: Math.max(0, at - call.end),
      running: at < call.end,
      inRow: call.inRow,
      refs: refsOfSpan(g, call),
    })),
  );
}

/** Of a row of calls every start is evidence; here the call's own events. */
function refsOfSpan(g: Gathering, span: Span): readonly Ref[] {
  return g.refs.all(span.events);
}

/** Screens that are shared or steered, or were until a short while ago. */
export function gatherScreens(g: Gathering): readonly ScreenFacts[] | undefined {
  const at = g.subject.time;
  const shares: ScreenFacts[] = g.timeline.shares
    .filter((share) => isWatched(share, at, g.spans.screenAfter))
    .map((share) => ({
      kind: 'share',
      sinceEndMs: Math.max(0, at - share.end),
      refs: refsOfSpan(g, share),
    }));
  const remote = since(
    g.timeline.signals.remote_control ?? [],
    (event) => event.time,
    at - g.spans.screenAfter,
  ).at(-1);
  const steered: ScreenFacts[] =
    remote === undefined
      ? []
      : [
          {
            kind: 'remote_control',
            sinceEndMs: Math.max(0, at - remote.time),
            refs: [g.refs.of(remote)],
          },
        ];
  return orNone([...shares, ...steered]);
}

/** The pretext in the subject's own remark or, for a draw, in that of a transfer of the last hour. */
export function gatherPretext(g: Gathering): PretextFacts | undefined {
  const { subject } = g;
  if (subject.kind === 'transfer.requested') {
    const person = g.standing?.person === true;
    return person ? pretextOf(g, subject, subject.amount.minor) : undefined;
  }
  const lastHour = since(g.timeline.transfers, timeOf, subject.time - g.spans.hour);
  for (const state of lastHour.toReversed()) {
    const found = state.standing.person ? pretextOf(g, state.event, 0) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `selfMinor`: what is not among the entered attempts yet. */
function pretextOf(
  g: Gathering,
  transfer: TransferRequested,
  selfMinor: number,
): PretextFacts | undefined {
  if (transfer.payer.role === 'merchant' || transfer.remark === undefined) return undefined;
  const found = findPretext(transfer.remark, g.policy);
  if (found === undefined) return undefined;
  const { currency } = transfer.amount;
  const orders = since(
    g.timeline.orders,
    (order) => order.time,
    transfer.time - g.spans.orders,
  ).filter((order) => order.time <= transfer.time + g.spans.skew);
  const ofCurrency = orders.filter((order) => order.amount.currency === currency);
  return {
    ...found,
    ageMs: Math.max(0, g.subject.time - transfer.time),
    ...(ofCurrency.length === 0
      ? {}
      : { orders7dMinor: ofCurrency.reduce((sum, order) => sum + order.amount.minor, 0) }),
    persons24hMinor: selfMinor + personsAttempted(g, currency, transfer.time),
    ref: g.refs.of(transfer),
  };
}

function timeOf(state: TransferState): number {
  return state.event.time;
}

function eventsInSession(g: Gathering, signal: SessionSignal): readonly SessionObserved[] {
  const events = g.timeline.signals[signal];
  if (events === undefined) return NO_EVENTS;
  return events.filter((event) => inSession(g.timeline, g.subject, event, g.spans));
}

const NO_EVENTS: readonly SessionObserved[] = [];

/** The payer's signals of one kind in session. */
export function inSessionRefs(g: Gathering, signal: SessionSignal): readonly Ref[] | undefined {
  const events = eventsInSession(g, signal);
  return events.length === 0 ? undefined : g.refs.all(events);
}

/** Looks at the balance just after a request. */
export function gatherBalanceAfterRequest(g: Gathering): readonly Ref[] | undefined {
  const views = eventsInSession(g, 'balance_viewed');
  if (views.length === 0) return undefined;
  const requests: readonly EventHeader[] = [
    ...g.timeline.transfers.map((state) => state.event),
    ...g.timeline.drawSubjects.map((state) => state.event),
  ];
  const soonAfter = views.filter((view) =>
    requests.some(
      (request) => request.time <= view.time && view.time - request.time <= g.spans.balance,
    ),
  );
  return orNone(g.refs.all(soonAfter));
}

/** The most screenshots that lie within the policy's minutes of each other. */
export function gatherScreenshots(g: Gathering): readonly Ref[] | undefined {
  const shots = eventsInSession(g, 'screenshot');
  let best: readonly SessionObserved[] = [];
  let start = 0;
  shots.forEach((shot, index) => {
    while (shot.time - (shots[start] as SessionObserved).time > g.spans.screenshots) start += 1;
    if (index + 1 - start > best.length) best = shots.slice(start, index + 1);
  });
  return orNone(g.refs.all(best));
}

/** Limits or scores looked at shortly before. */
export function gatherCreditViewed(g: Gathering): readonly Ref[] | undefined {
  const from = g.subject.time - g.spans.creditViewed;
  const scores = g.timeline.signals.credit_score_viewed ?? [];
  const views: readonly EventHeader[] = [
    ...since(g.timeline.limitViews, (event) => event.time, from),
    ...since(scores, (event) => event.time, from),
  ].sort((a, b) => a.time - b.time);
  return orNone(g.refs.all(views));
}
