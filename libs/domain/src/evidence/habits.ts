/** Whom a payer uses to pay with borrowed money and repays: a habit that speaks for the next such payment (SCORING M8). */
import type { CreditDraw, CreditRepaid, PlatformEvent, TransferRequested } from '../event/event.ts';
import { eventRank } from '../event/order.ts';
import { DAY_MS, HOUR_MS, type Instant } from '../kernel/instant.ts';

/**
 * Of one payer: what lies so far back that nothing new comes before it, and what happened since in the order of events. Bounded in
 * every direction; a JSON value.
 */
export interface Habits {
  readonly settled: Ledger;
  readonly recent: readonly HabitEvent[];
}

/** Loans that are not repaid yet, and payments whose loan was repaid. */
interface Ledger {
  readonly loans: readonly OpenLoan[];
  readonly payees: readonly { readonly payeeId: string; readonly repaidAt: readonly Instant[] }[];
}

interface OpenLoan extends Product {
  readonly drawId: string;
  readonly at: Instant;
  readonly minor: number;
  readonly repaidMinor: number;
  /** What was paid to others within a day of it, unless a newer loan is closer. */
  readonly payments: readonly { readonly payeeId: string; readonly transfer: string }[];
}

interface Product {
  readonly lender: string;
  readonly product: string;
}

interface Heading {
  readonly source: string;
  readonly id: string;
  readonly time: Instant;
  readonly rank: number;
}

type HabitEvent = Heading &
  (
    | ({ readonly kind: 'drawn'; readonly drawId: string; readonly minor: number } & Product)
    | ({ readonly kind: 'draw_cancelled'; readonly drawId: string } & Product)
    | ({ readonly kind: 'repaid'; readonly minor: number } & Product)
    | { readonly kind: 'paid'; readonly payeeId: string; readonly transfer: string }
    | { readonly kind: 'came_to_nothing'; readonly transfer: string }
  );

const EMPTY: Ledger = { loans: [], payees: [] };
export const NO_HABITS: Habits = { settled: EMPTY, recent: [] };

/** Counters are kept 12 months (SCORING M8). */
export const HABITS_KEPT_MS = 365 * DAY_MS;
/** As long as evidence: what comes later than this takes no place in the order any more. */
const LATE_MS = 72 * HOUR_MS;
const RECENT_MAX = 100;
const LOANS_MAX = 50;
const PAYMENTS_MAX = 20;
const PAYEES_MAX = 100;
/** Of each payee the newest; three make a habit. */
const REPAID_MAX = 10;

/** Whether the event can change a payer's habits at all. */
export function bearsOnHabits(event: PlatformEvent): boolean {
  switch (event.kind) {
    case 'credit.drawn':
    case 'credit.draw-cancelled':
    case 'credit.repaid':
    case 'transfer.requested':
    case 'transfer.failed':
    case 'transfer.cancelled':
      return true;
    default:
      return false;
  }
}

/**
 * The habits after new events, in whatever order these come and however often: of events less than 72 h apart any order leads to the
 * same. `evidence` is what else is known of the payer lately, so that a draw that is told late finds the payments made with it. Returns
 * the same object where nothing changed.
 */
export function habitsAfter(
  habits: Habits,
  news: readonly PlatformEvent[],
  evidence: readonly PlatformEvent[],
): Habits {
  if (!news.some(bearsOnHabits)) return habits;
  const known = new Set(habits.recent.map(nameOf));
  const fresh = habitEvents(habits, news, evidence).filter((event) => {
    if (known.has(nameOf(event))) return false;
    known.add(nameOf(event));
    return true;
  });
  if (fresh.length === 0) return habits;
  const all = [...habits.recent, ...fresh];
  const horizon = all.reduce((newest, { time }) => Math.max(newest, time), 0) - LATE_MS;
  // What is settled already is not gone through again; that a payment came to nothing is heard at any time.
  const oldest = settledTo(habits) ?? Number.NEGATIVE_INFINITY;
  const inTime = all.filter((event) => event.time >= oldest || removes(event));
  inTime.sort(compareHabitEvents);
  const overdue = inTime.filter(
    ({ time }, index) => time < horizon || index < inTime.length - RECENT_MAX,
  );
  return {
    settled: overdue.length === 0 ? habits.settled : fold(habits.settled, overdue),
    recent: inTime.slice(overdue.length),
  };
}

/**
 * Payments to a payee within a day of a draw that was repaid, of the 12 months before `at` and as far as it was known by then; ten at
 * most.
 */
export function habitCount(habits: Habits, payeeId: string, at: Instant): number {
  const ledger = fold(
    habits.settled,
    habits.recent.filter(({ time }) => time <= at),
  );
  const repaidAt = ledger.payees.find((payee) => payee.payeeId === payeeId)?.repaidAt ?? [];
  return repaidAt.filter((time) => time > at - HABITS_KEPT_MS && time <= at).length;
}

/** Of the newest event. */
export function habitsKnownAt({ recent, settled }: Habits): Instant {
  const times = [
    ...recent.map(({ time }) => time),
    ...settled.loans.map(({ at }) => at),
    ...settled.payees.flatMap(({ repaidAt }) => repaidAt),
  ];
  return times.reduce((newest, time) => Math.max(newest, time), 0);
}

function settledTo({ recent }: Habits): Instant | undefined {
  const newest = recent.at(-1)?.time;
  if (newest === undefined) return undefined;
  return recent.length === RECENT_MAX ? recent[0]?.time : newest - LATE_MS;
}

function removes({ kind }: HabitEvent): boolean {
  return kind === 'came_to_nothing' || kind === 'draw_cancelled';
}

function nameOf({ source, id, kind }: HabitEvent): string {
  return `${kind}\n${source}\n${id}`;
}

function compareHabitEvents(a: HabitEvent, b: HabitEvent): number {
  if (a.time !== b.time) return a.time - b.time;
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (a.source !== b.source) return a.source < b.source ? -1 : 1;
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}

/** Draws and repayments always; payments where a draw of the day before is known, and that one of these came to nothing. */
function habitEvents(
  habits: Habits,
  news: readonly PlatformEvent[],
  evidence: readonly PlatformEvent[],
): HabitEvent[] {
  const found = news.flatMap((event) => creditEvent(event) ?? []);
  const isDraw = (event: HabitEvent): boolean => event.kind === 'drawn';
  const draws = [...habits.recent, ...found].filter(isDraw).map(({ time }) => time);
  const near = (time: Instant): boolean =>
    draws.some((draw) => draw <= time && time - draw <= DAY_MS);
  for (const event of found.some(isDraw) ? [...evidence, ...news] : news) {
    if (event.kind !== 'transfer.requested' || event.payee.ownership === 'own') continue;
    if (near(event.time)) found.push(paymentEvent(event));
  }
  const payments = paymentsOf([...habits.recent, ...found], habits.settled);
  if (payments.size === 0) return found;
  for (const event of [...evidence, ...news]) {
    if (event.kind !== 'transfer.failed' && event.kind !== 'transfer.cancelled') continue;
    const transfer = transferKey(event);
    if (!payments.has(transfer)) continue;
    found.push({ ...headingOf(event), kind: 'came_to_nothing', transfer });
  }
  return found;
}

function paymentsOf(events: readonly HabitEvent[], { loans }: Ledger): ReadonlySet<string> {
  const ofLoans = loans.flatMap(({ payments }) => payments.map(({ transfer }) => transfer));
  return new Set([
    ...ofLoans,
    ...events.flatMap((event) => (event.kind === 'paid' ? [event.transfer] : [])),
  ]);
}

function headingOf(event: PlatformEvent): Heading {
  const { source, id, time } = event;
  return { source, id, time, rank: eventRank(event) };
}

function transferKey(event: { readonly source: string; readonly transferId: string }): string {
  return `${event.source}\n${event.transferId}`;
}

function creditEvent(event: PlatformEvent): HabitEvent | undefined {
  switch (event.kind) {
    case 'credit.drawn':
      return { ...drawOf(event), kind: 'drawn', minor: event.amount.minor };
    case 'credit.draw-cancelled':
      return { ...drawOf(event), kind: 'draw_cancelled' };
    case 'credit.repaid':
      return { ...productOf(event), kind: 'repaid', minor: event.amount.minor };
    default:
      return undefined;
  }
}

function productOf(event: CreditDraw | CreditRepaid): Heading & Product {
  const { lender, product } = event;
  return { ...headingOf(event), lender, product };
}

function drawOf(event: CreditDraw): Heading & Product & { readonly drawId: string } {
  return { ...productOf(event), drawId: event.drawId };
}

function paymentEvent(event: TransferRequested): HabitEvent {
  const { payee } = event;
  return {
    ...headingOf(event),
    kind: 'paid',
    payeeId: payee.accountId,
    transfer: transferKey(event),
  };
}

/** Goes through the events in their order. */
function fold(ledger: Ledger, events: readonly HabitEvent[]): Ledger {
  const nothing = new Set(
    events.flatMap((event) => (event.kind === 'came_to_nothing' ? [event.transfer] : [])),
  );
  // A draw counts once, also when it is told again after it was repaid.
  const draws = new Set<string>();
  return events.reduce((before, event) => {
    switch (event.kind) {
      case 'drawn': {
        const name = `${event.lender}\n${event.product}\n${event.drawId}`;
        if (draws.has(name)) return before;
        draws.add(name);
        return drawn(before, event);
      }
      case 'draw_cancelled':
        return { ...before, loans: before.loans.filter((loan) => !isLoan(loan, event)) };
      case 'repaid':
        return repaid(before, event);
      case 'paid':
        return nothing.has(event.transfer) ? before : paid(before, event);
      case 'came_to_nothing':
        return withoutPayment(before, event.transfer);
    }
  }, ledger);
}

type Event<Kind extends HabitEvent['kind']> = Extract<HabitEvent, { readonly kind: Kind }>;

function isLoan(loan: OpenLoan, draw: Event<'drawn' | 'draw_cancelled'>): boolean {
  return (
    loan.drawId === draw.drawId && loan.lender === draw.lender && loan.product === draw.product
  );
}

function drawn(ledger: Ledger, draw: Event<'drawn'>): Ledger {
  if (ledger.loans.some((loan) => isLoan(loan, draw))) return ledger;
  const { lender, product, drawId, time, minor } = draw;
  const loan = { lender, product, drawId, at: time, minor, repaidMinor: 0, payments: [] };
  const kept = ledger.loans.filter(({ at }) => at > time - HABITS_KEPT_MS);
  return { ...ledger, loans: [...kept, loan].slice(-LOANS_MAX) };
}

/** Belongs to the newest loan of the day before. */
function paid(ledger: Ledger, { time, payeeId, transfer }: Event<'paid'>): Ledger {
  const { loans } = ledger;
  const at = loans.findLastIndex((loan) => loan.at <= time && time - loan.at <= DAY_MS);
  const loan = loans[at];
  if (loan === undefined || loan.payments.length >= PAYMENTS_MAX) return ledger;
  if (loan.payments.some((payment) => payment.transfer === transfer)) return ledger;
  const payments = [...loan.payments, { payeeId, transfer }];
  return { ...ledger, loans: loans.with(at, { ...loan, payments }) };
}

function withoutPayment(ledger: Ledger, transfer: string): Ledger {
  const loans = ledger.loans.map((loan) => ({
    ...loan,
    payments: loan.payments.filter((payment) => payment.transfer !== transfer),
  }));
  return { ...ledger, loans };
}

/** The newest loans of the product first; what is paid in full turns its payments into habit. */
function repaid(ledger: Ledger, event: Event<'repaid'>): Ledger {
  let left = event.minor;
  let { payees } = ledger;
  const loans: OpenLoan[] = [];
  for (const loan of ledger.loans.toReversed()) {
    const isOurs = loan.lender === event.lender && loan.product === event.product;
    const minor = isOurs ? Math.min(left, loan.minor - loan.repaidMinor) : 0;
    left -= minor;
    const repaidMinor = loan.repaidMinor + minor;
    if (repaidMinor < loan.minor) {
      loans.unshift({ ...loan, repaidMinor });
      continue;
    }
    for (const { payeeId } of loan.payments) payees = counted(payees, payeeId, event.time);
  }
  return { loans, payees };
}

function counted(payees: Ledger['payees'], payeeId: string, at: Instant): Ledger['payees'] {
  const known = payees.find((payee) => payee.payeeId === payeeId);
  const others = payees.filter((payee) => payee.payeeId !== payeeId);
  const repaidAt = [...(known?.repaidAt ?? []), at].slice(-REPAID_MAX);
  return [...others, { payeeId, repaidAt }].slice(-PAYEES_MAX);
}
