/** What PY3 looks at across payers: who paid this person lately for the first time, and whether the money leaves again at once. */
import type { FundsReceived, PlatformEvent, TransferRequested } from '../event/event.ts';
import { compareEvents } from '../event/order.ts';
import { DAY_MS, MINUTE_MS, type Instant } from '../kernel/instant.ts';
import { CURRENCY_DIGITS } from '../kernel/money.ts';

/** Activity within a day of the subject counts, on either side: it counts whatever its time (SCORING §1). */
export const PAYEE_ACTIVITY_MS = DAY_MS;
/** PY3 needs three payers; four are counted at least, so that "more than enough" shows. */
export const PAYEE_PAYERS_MAX = 4;
/** Points of one payer that can lie within a day of a subject, on either side: first and last of three days. */
export const POINTS_PER_PAYER_MAX = 6;

/**
 * `attempt`: the payer has attempted enough by then · `cash_out`: by then most of what the payee received had left at once; the payee
 * is its own payer.
 */
export type PayeeActivityKind = 'attempt' | 'cash_out';

/** A point in time at which something that PY3 counts was true of a payee. */
export interface PayeeActivity {
  readonly payeeId: string;
  readonly kind: PayeeActivityKind;
  readonly at: Instant;
  readonly payerId: string;
}

/** Attempted in 24 h, in whole units of the currency (SCORING PY3). */
const ATTEMPTED_MIN = 300;
const RECEIVED_MIN = 1_000;
const RECEIVED_PAYERS_MIN = 2;
const CASH_OUT_MS = 10 * MINUTE_MS;
const CASH_OUT_PERCENT = 80;

/** Whether a request may count for PY3: to somebody else's card or wallet, new to the payer, not a declared contact. */
function countsForPayee(request: TransferRequested): boolean {
  const { payee, payer, time } = request;
  const person =
    (payee.kind === 'bank_card' || payee.kind === 'wallet') && payee.ownership === 'other';
  const isNew =
    payee.paidCount === 0 || (payee.firstPaidAt !== undefined && payee.firstPaidAt > time - DAY_MS);
  return person && isNew && payee.declaredContact !== true && payee.accountId !== payer.accountId;
}

/**
 * When a payer had attempted ≥ ¥300 to a payee within 24 h, from the payer's own events: the times of the attempts that reached it,
 * of each day (UTC) the first and the last. These tell for any moment whether there was such a time less than a day before or
 * after it. Failed and cancelled attempts are none; other currencies count by as many units of their own, each for itself.
 */
export function attemptPoints(
  events: readonly PlatformEvent[],
  payeeId: string,
): readonly Instant[] {
  const attempts = standingRequests(events).filter(
    (request) => request.payee.accountId === payeeId && countsForPayee(request),
  );
  const reached: Instant[] = [];
  for (const [currency, ofCurrency] of Map.groupBy(attempts, ({ amount }) => amount.currency)) {
    let [sum, oldest] = [0, 0];
    for (const { time, amount } of ofCurrency) {
      sum += amount.minor;
      for (; (ofCurrency[oldest]?.time ?? time) <= time - DAY_MS; oldest += 1) {
        sum -= ofCurrency[oldest]?.amount.minor ?? 0;
      }
      if (sum >= ATTEMPTED_MIN * unitOf(currency)) reached.push(time);
    }
  }
  return firstAndLastOfDays(reached);
}

/**
 * When a payee had passed on at once what came in, from the payee's own events: the times of outgoing transfers by which, of
 * ≥ ¥1,000 received from ≥ 2 payers in the 24 h before, ≥ 80 % had left within 10 min of the payment it came with. Of each day from
 * `since` on the first and the last such time. Moving money to an own account counts as well: that is how a mule's wallet empties.
 */
export function cashOutPoints(
  own: readonly PlatformEvent[],
  since: Instant = Number.NEGATIVE_INFINITY,
): readonly Instant[] {
  const received = own.filter((event) => event.kind === 'funds.received').sort(compareEvents);
  if (new Set(received.map(({ from }) => from.accountId)).size < RECEIVED_PAYERS_MIN) return [];
  const sent = standingRequests(own);
  const points = sent.filter(({ time, amount: { currency } }) => {
    if (time < since) return false;
    const counts = (event: FundsReceived | TransferRequested): boolean =>
      event.amount.currency === currency && event.time <= time && event.time > time - DAY_MS;
    return leftAtOnce(received.filter(counts), sent.filter(counts), currency);
  });
  return firstAndLastOfDays(points.map(({ time }) => time));
}

function leftAtOnce(
  received: readonly FundsReceived[],
  sent: readonly TransferRequested[],
  currency: string,
): boolean {
  const minor = received.reduce((sum, { amount }) => sum + amount.minor, 0);
  if (minor < RECEIVED_MIN * unitOf(currency)) return false;
  if (new Set(received.map(({ from }) => from.accountId)).size < RECEIVED_PAYERS_MIN) return false;
  return leftSoon(received.map(flowOf), sent.map(flowOf)) * 100 >= CASH_OUT_PERCENT * minor;
}

interface Flow {
  readonly at: Instant;
  left: number;
}

function flowOf({ time, amount }: FundsReceived | TransferRequested): Flow {
  return { at: time, left: amount.minor };
}

/** Each yuan that goes out belongs to one payment that came in within the ten minutes before, the earliest first. Both by time. */
function leftSoon(inflows: readonly Flow[], outflows: readonly Flow[]): number {
  let [soon, next] = [0, 0];
  for (const inflow of inflows) {
    // What went out before this payment, or is accounted for, is so for every later one.
    while (next < outflows.length && isOver(outflows[next], inflow)) next += 1;
    for (let i = next; i < outflows.length && inflow.left > 0; i += 1) {
      const outflow = outflows[i] as Flow;
      if (outflow.at > inflow.at + CASH_OUT_MS) break;
      const minor = Math.min(inflow.left, outflow.left);
      outflow.left -= minor;
      inflow.left -= minor;
      soon += minor;
    }
  }
  return soon;
}

function isOver(outflow: Flow | undefined, inflow: Flow): boolean {
  return outflow !== undefined && (outflow.left === 0 || outflow.at < inflow.at);
}

function unitOf(currency: string): number {
  return 10 ** (CURRENCY_DIGITS[currency] ?? 2);
}

/** Requests that neither failed nor were cancelled, each once, in the order of events. */
function standingRequests(events: readonly PlatformEvent[]): TransferRequested[] {
  const ended = new Set<string>();
  for (const event of events) {
    if (event.kind === 'transfer.failed' || event.kind === 'transfer.cancelled') {
      ended.add(transferKey(event));
    }
  }
  const standing = new Map<string, TransferRequested>();
  for (const event of events) {
    if (event.kind !== 'transfer.requested' || ended.has(transferKey(event))) continue;
    const known = standing.get(transferKey(event));
    if (known === undefined || compareEvents(event, known) < 0) {
      standing.set(transferKey(event), event);
    }
  }
  return [...standing.values()].sort(compareEvents);
}

function transferKey(event: { readonly source: string; readonly transferId: string }): string {
  return `${event.source}\n${event.transferId}`;
}

function firstAndLastOfDays(times: readonly Instant[]): readonly Instant[] {
  const ofDay = Map.groupBy(
    times.toSorted((a, b) => a - b),
    (time) => Math.floor(time / DAY_MS),
  );
  return [...ofDay.values()].flatMap((day) => {
    const [first, last] = [day[0] as Instant, day.at(-1) as Instant];
    return first === last ? [first] : [first, last];
  });
}

/** What became true of payees, and what is true no longer. */
export interface PayeeActivityChange {
  readonly added: readonly PayeeActivity[];
  readonly gone: readonly PayeeActivity[];
}

/**
 * What new events of one payer change in what is known of payees, that payer among them. `before` and `after` are the payer's
 * evidence without and with the new ones, back to two days before the earliest request that these add or end.
 */
export function payeeActivityChange(
  before: readonly PlatformEvent[],
  after: readonly PlatformEvent[],
  news: readonly PlatformEvent[],
): PayeeActivityChange {
  const added: PayeeActivity[] = [];
  const gone: PayeeActivity[] = [];
  const payerId = news[0]?.payer.accountId;
  const touched = requestsTouched(after, news);
  const times = [...touched, ...news.filter((one) => one.kind === 'funds.received')];
  if (payerId === undefined || times.length === 0) return { added, gone };
  const earliest = Math.min(...times.map(({ time }) => time));
  // Earlier days are as they were: a point looks back only.
  const since = earliest - (earliest % DAY_MS);
  const compare = (
    activity: Omit<PayeeActivity, 'at'>,
    pointsOf: (events: readonly PlatformEvent[]) => readonly Instant[],
  ): void => {
    const [was, is] = [before, after].map(
      (events) => new Set(pointsOf(events).filter((at) => at >= since)),
    ) as [Set<Instant>, Set<Instant>];
    for (const at of is) if (!was.has(at)) added.push({ ...activity, at });
    for (const at of was) if (!is.has(at)) gone.push({ ...activity, at });
  };
  for (const payeeId of new Set(
    touched.filter(countsForPayee).map(({ payee }) => payee.accountId),
  )) {
    compare({ payeeId, kind: 'attempt', payerId }, (events) => attemptPoints(events, payeeId));
  }
  compare({ payeeId: payerId, kind: 'cash_out', payerId }, (own) => cashOutPoints(own, since));
  return { added, gone };
}

/** Requests that are new or came to nothing. */
function requestsTouched(
  after: readonly PlatformEvent[],
  news: readonly PlatformEvent[],
): TransferRequested[] {
  const keys = new Set<string>();
  for (const event of news) {
    if (
      event.kind === 'transfer.requested' ||
      event.kind === 'transfer.failed' ||
      event.kind === 'transfer.cancelled'
    ) {
      keys.add(transferKey(event));
    }
  }
  if (keys.size === 0) return [];
  return after.filter(
    (event) => event.kind === 'transfer.requested' && keys.has(transferKey(event)),
  ) as TransferRequested[];
}

/** Whether an event may change what is known of a payee. */
export function movesMoney(event: PlatformEvent): boolean {
  switch (event.kind) {
    case 'transfer.requested':
    case 'transfer.failed':
    case 'transfer.cancelled':
    case 'funds.received':
      return true;
    default:
      return false;
  }
}
