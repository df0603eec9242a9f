/** Money: what is borrowed, what was attempted and sent, what came in. */
import { trace, type TakenPart } from '../evidence/borrowed-pool.ts';
import { isAttempted, isSent, type TransferState } from '../evidence/subject-state.ts';
import type { DrawState } from '../evidence/timeline.ts';
import type { FundsReceived, TransferRequested } from '../event/event.ts';
import type { CutSum } from '../evidence/payer-window.ts';
import type {
  AttemptFacts,
  Facts,
  ProductDraws,
  RecentAmount,
  TracedFacts,
  TracedPart,
} from './facts.ts';
import { orNone, since, type Gathering } from './gathering.ts';

/** At most so many earlier amounts of enough digits are kept, the newest. */
const RECENT_AMOUNTS_MAX = 50;
/** At most so many attempts are named as evidence; sums and counts take all. */
const NAMED_ATTEMPTS_MAX = 20;

/** Borrowed money in the transfer; undefined where there is none, and for own accounts. */
export function gatherTraced(g: Gathering, transfer: TransferRequested): TracedFacts | undefined {
  if (g.standing?.own === true) return undefined;
  if (transfer.fundingSource === 'credit') {
    return { minor: transfer.amount.minor, ageMs: 0, parts: [] };
  }
  const taken = trace(g.timeline.pool, transfer.amount, transfer.time - g.spans.pool);
  if (taken.length === 0) return undefined;
  const parts = taken.map((part) => tracedPart(g, part));
  return {
    minor: parts.reduce((sum, part) => sum + part.minor, 0),
    ageMs: Math.min(...parts.map((part) => part.ageMs)),
    parts,
  };
}

function tracedPart(g: Gathering, { draw, minor }: TakenPart): TracedPart {
  const { event } = draw;
  return {
    lender: event.lender,
    product: event.product,
    minor,
    drawnMinor: event.amount.minor,
    ageMs: Math.max(0, g.subject.time - event.time),
    ref: g.refs.of(event),
  };
}

/** The draws of a day, by product in order of their first draw. */
export function gatherDraws(g: Gathering): readonly ProductDraws[] | undefined {
  const dayAgo = g.subject.time - g.spans.day;
  const products = new Map<string, DrawState[]>();
  for (const draw of g.timeline.draws) {
    if (draw.cancelled || draw.lastAt < dayAgo) continue;
    const key = `${draw.event.lender}\n${draw.event.product}`;
    const known = products.get(key);
    if (known === undefined) products.set(key, [draw]);
    else known.push(draw);
  }
  return orNone([...products.values()].map((draws) => productDraws(g, draws, dayAgo)));
}

function productDraws(g: Gathering, draws: readonly DrawState[], dayAgo: number): ProductDraws {
  const { lender, product } = (draws[0] as DrawState).event;
  const { currency } = g.subject.amount;
  const sameCurrency = draws.filter((draw) => draw.event.amount.currency === currency);
  const paid = sameCurrency.filter((draw) => draw.paidAt !== undefined && draw.paidAt >= dayAgo);
  const limit =
    sameCurrency.findLast((draw) => draw.limit !== undefined)?.limit ??
    lineLimit(g, { lender, product });
  const lines = g.timeline.lines.filter(
    (line) =>
      line.time >= g.subject.time - g.spans.evidence &&
      line.lender === lender &&
      line.product === product &&
      draws.some((draw) => openedInSession(g, line, draw)),
  );
  return {
    lender,
    product,
    count: draws.length,
    minor: sum(sameCurrency),
    paidMinor: sum(paid),
    ...(limit === undefined ? {} : { limit }),
    firstDraw: g.refs.all(draws.flatMap((draw) => draw.firstDraw ?? [])),
    lineOpened: g.refs.all(lines),
    refs: g.refs.all(draws.map((draw) => draw.events.at(-1) ?? draw.event)),
  };
}

/** As told when the line was opened, where no draw says it. */
function lineLimit(
  g: Gathering,
  of: { readonly lender: string; readonly product: string },
): number | undefined {
  const { currency } = g.subject.amount;
  return g.timeline.lines.findLast(
    ({ lender, product, limit }) =>
      lender === of.lender && product === of.product && limit?.currency === currency,
  )?.limit?.minor;
}

function sum(draws: readonly DrawState[]): number {
  return draws.reduce((total, draw) => total + draw.minor, 0);
}

/** The line was opened before the draw, in the session of the draw. */
function openedInSession(
  g: Gathering,
  line: { readonly time: number; readonly payer: { readonly sessionId?: string } },
  draw: DrawState,
): boolean {
  if (line.time > draw.at) return false;
  const from = Math.min(draw.sessionStart, draw.at - g.spans.sessionMin);
  const { sessionId } = draw.event.payer;
  return line.time >= from || (sessionId !== undefined && line.payer.sessionId === sessionId);
}

/** Sums of what was attempted and sent, the transfer itself included where the name of the sum says nothing else. */
export function gatherAttempts(g: Gathering, transfer: TransferRequested): AttemptFacts {
  const { currency } = transfer.amount;
  const at = transfer.time;
  const toPayee: TransferState[] = [];
  let [othersMinor, ownMoneyMinor] = [0, 0];
  for (const state of since(g.timeline.transfers, timeOf, at - g.spans.day)) {
    if (state.event.amount.currency !== currency || !isAttempted(state)) continue;
    if (samePayee(state, transfer)) toPayee.push(state);
    if (state.standing.own) continue;
    othersMinor += state.event.amount.minor;
    ownMoneyMinor += ownMoneyOf(state);
  }
  const lastHour = since(toPayee, timeOf, at - g.spans.hour);
  const twoHours = since(toPayee, timeOf, at - g.spans.received);
  const cut = cutSince(g, at - g.spans.day, currency);
  const cutToPayee = cut.filter((one) => one.payeeId === transfer.payee.accountId);
  const cutToOthers = cutMinor(cut.filter((one) => !one.own));
  const self = transfer.amount.minor;
  return {
    payee24hMinor: self + minorOf(toPayee) + cutMinor(cutToPayee),
    payee24h: named(g, toPayee),
    payee60min: named(g, lastHour),
    payee60minCount: 1 + lastHour.length + cutCount(cutToPayee, at - g.spans.hour),
    others24hMinor: (g.standing?.own === true ? 0 : self) + othersMinor + cutToOthers,
    ownMoneySent24hMinor: ownMoneyMinor + cutToOthers,
    payee2hMinor: self + minorOf(twoHours),
  };
}

function timeOf(state: TransferState): number {
  return state.event.time;
}

/** Sums of the attempts that were cut from the window, of which nearly every window has none. */
function cutSince(g: Gathering, from: number, currency: string): readonly CutSum[] {
  const { cut } = g.window;
  return cut.length === 0
    ? cut
    : cut.filter((one) => one.hour >= from && (one.currency ?? currency) === currency);
}

/** Attempts of 24 h to persons, without the subject. */
export function personsAttempted(g: Gathering, currency: string, at: number): number {
  return minorOf(
    since(g.timeline.transfers, timeOf, at - g.spans.day).filter(
      (state) =>
        state.event.time <= at &&
        state.standing.person &&
        state.event.amount.currency === currency &&
        isAttempted(state),
    ),
  );
}

function named(g: Gathering, states: readonly TransferState[]): readonly number[] {
  return g.refs.all(states.slice(-NAMED_ATTEMPTS_MAX).map((state) => state.event));
}

function samePayee(state: TransferState, transfer: TransferRequested): boolean {
  return state.event.payee.accountId === transfer.payee.accountId;
}

function minorOf(states: readonly TransferState[]): number {
  return states.reduce((total, state) => total + state.event.amount.minor, 0);
}

/** What was sent and not borrowed. */
function ownMoneyOf(state: TransferState): number {
  if (!isSent(state) || state.event.fundingSource === 'credit') return 0;
  const borrowed = (state.taken ?? []).reduce((total, part) => total + part.minor, 0);
  return state.event.amount.minor - borrowed;
}

function cutMinor(sums: readonly CutSum[]): number {
  return sums.reduce((total, one) => total + one.minor, 0);
}

function cutCount(sums: readonly CutSum[], from: number): number {
  return sums.reduce((total, one) => total + (one.hour >= from ? one.count : 0), 0);
}

/** The requests of the last hour whose digits the amount may repeat, newest last. */
export function gatherRecentAmounts(
  g: Gathering,
  transfer: TransferRequested,
): readonly RecentAmount[] | undefined {
  const { CD4, CD5 } = g.policy.signals;
  // Of shorter amounts no code is made of: many small ones must not crowd out the one that matters.
  const digitsMin = Math.min(CD4.minDigits, CD5.minDigits);
  const states = since(g.timeline.transfers, timeOf, transfer.time - g.spans.hour).filter(
    (state) =>
      state.event.amount.currency === transfer.amount.currency &&
      (samePayee(state, transfer) || (state.standing.person && state.standing.isNew)) &&
      String(state.event.amount.minor).length >= digitsMin,
  );
  return orNone(
    states.slice(-RECENT_AMOUNTS_MAX).map((state) => ({
      minor: state.event.amount.minor,
      samePayee: samePayee(state, transfer),
      newPerson: state.standing.person && state.standing.isNew,
      given: isGiven(state.event),
      ref: g.refs.of(state.event),
    })),
  );
}

/** The amount was chosen by a shop or read from a picture, not by the payer. */
export function isGiven(transfer: TransferRequested): boolean {
  const mode = transfer.amountInput?.mode;
  return transfer.order !== undefined || mode === 'order' || mode === 'scanned';
}

/** What persons sent to the payer in the last two hours. */
export function gatherReceived(g: Gathering): Facts['received'] {
  const { time, amount } = g.subject;
  const received = since(
    g.timeline.received,
    (event) => event.time,
    time - g.spans.received,
  ).filter((event) => fromPerson(event, amount.currency));
  if (received.length === 0) return undefined;
  return {
    minor: received.reduce((total, event) => total + event.amount.minor, 0),
    refs: g.refs.all(received),
  };
}

function fromPerson(event: FundsReceived, currency: string): boolean {
  const { kind, ownership } = event.from;
  return (
    (kind === 'bank_card' || kind === 'wallet') &&
    ownership === 'other' &&
    event.amount.currency === currency
  );
}

/** The largest share taken out of a savings product lately. */
export function gatherSavings(g: Gathering): Facts['savings'] {
  const { time } = g.subject;
  const lately = since(g.timeline.savings, (event) => event.time, time - g.spans.savings);
  let best = lately[0];
  for (const event of lately) {
    if (best !== undefined && event.sharePercent >= best.sharePercent) best = event;
  }
  if (best === undefined) return undefined;
  return {
    sharePercent: best.sharePercent,
    ageMs: Math.max(0, time - best.time),
    ref: g.refs.of(best),
  };
}
