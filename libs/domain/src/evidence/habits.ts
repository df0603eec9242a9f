/** Whom a payer uses to pay with borrowed money and repays: a habit that speaks for the next such payment (SCORING M8). */
import type { CreditDraw, CreditRepaid, PlatformEvent, TransferRequested } from '../event/event.ts';
import { DAY_MS, type Instant } from '../kernel/instant.ts';

/** A loan that is not repaid yet, and what was paid within a day of it. */
export interface OpenLoan {
  readonly lender: string;
  readonly product: string;
  readonly drawId: string;
  readonly at: Instant;
  readonly minor: number;
  readonly repaidMinor: number;
  readonly payments: readonly { readonly payeeId: string; readonly transferId: string }[];
}

/** Of one payer. Kept 12 months; bounded in every direction. */
export interface Habits {
  readonly loans: readonly OpenLoan[];
  /** Payments to the payee whose loan was repaid since. */
  readonly payees: readonly {
    readonly payeeId: string;
    readonly count: number;
    readonly at: Instant;
  }[];
}

export const NO_HABITS: Habits = { loans: [], payees: [] };

const KEPT_MS = 365 * DAY_MS;
const LOANS_MAX = 50;
const PAYMENTS_MAX = 20;
const PAYEES_MAX = 200;

/** Whether the event can change anybody's habits at all. */
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
 * The habits after an event. `sent` says of a transfer request that it is not held. Events are expected in order of time; one that
 * comes late is taken as of now. Returns the same object where nothing changed.
 */
export function habitsAfter(habits: Habits, event: PlatformEvent, sent: boolean): Habits {
  switch (event.kind) {
    case 'credit.drawn':
      return drawn(forget(habits, event.time), event);
    case 'credit.draw-cancelled':
      return withoutLoan(habits, event);
    case 'credit.repaid':
      return repaid(forget(habits, event.time), event);
    case 'transfer.requested':
      return sent ? paid(habits, event) : habits;
    case 'transfer.failed':
    case 'transfer.cancelled':
      return withoutPayment(habits, event.transferId);
    default:
      return habits;
  }
}

function forget(habits: Habits, now: Instant): Habits {
  const from = now - KEPT_MS;
  return {
    loans: habits.loans.filter((loan) => loan.at >= from),
    payees: habits.payees.filter((payee) => payee.at >= from),
  };
}

function isLoan(loan: OpenLoan, draw: CreditDraw): boolean {
  return (
    loan.drawId === draw.drawId && loan.lender === draw.lender && loan.product === draw.product
  );
}

function drawn(habits: Habits, draw: CreditDraw): Habits {
  if (habits.loans.some((loan) => isLoan(loan, draw))) return habits;
  const { lender, product, drawId, time, amount } = draw;
  const loan = {
    lender,
    product,
    drawId,
    at: time,
    minor: amount.minor,
    repaidMinor: 0,
    payments: [],
  };
  return { ...habits, loans: [...habits.loans, loan].slice(-LOANS_MAX) };
}

function withoutLoan(habits: Habits, draw: CreditDraw): Habits {
  if (!habits.loans.some((loan) => isLoan(loan, draw))) return habits;
  return { ...habits, loans: habits.loans.filter((loan) => !isLoan(loan, draw)) };
}

/** Belongs to the newest loan of the day before. */
function paid(habits: Habits, { time, payee, transferId }: TransferRequested): Habits {
  if (payee.ownership === 'own') return habits;
  const at = habits.loans.findLastIndex((loan) => loan.at <= time && time - loan.at <= DAY_MS);
  const loan = habits.loans[at];
  if (loan === undefined || loan.payments.length >= PAYMENTS_MAX) return habits;
  const payments = [...loan.payments, { payeeId: payee.accountId, transferId }];
  return { ...habits, loans: habits.loans.with(at, { ...loan, payments }) };
}

function withoutPayment(habits: Habits, transferId: string): Habits {
  const isIt = (payment: { readonly transferId: string }): boolean =>
    payment.transferId === transferId;
  if (!habits.loans.some((loan) => loan.payments.some(isIt))) return habits;
  const loans = habits.loans.map((loan) => ({
    ...loan,
    payments: loan.payments.filter((payment) => !isIt(payment)),
  }));
  return { ...habits, loans };
}

/** The newest loans of the product first; what is paid in full turns its payments into habit. */
function repaid(habits: Habits, event: CreditRepaid): Habits {
  let left = event.amount.minor;
  const loans: OpenLoan[] = [];
  let { payees } = habits;
  for (const loan of habits.loans.toReversed()) {
    const mine = loan.lender === event.lender && loan.product === event.product;
    const minor = mine ? Math.min(left, loan.minor - loan.repaidMinor) : 0;
    left -= minor;
    const repaidMinor = loan.repaidMinor + minor;
    if (repaidMinor < loan.minor) loans.unshift({ ...loan, repaidMinor });
    else
      payees = loan.payments.reduce(
        (all, { payeeId }) => counted(all, payeeId, event.time),
        payees,
      );
  }
  return { loans, payees };
}

function counted(payees: Habits['payees'], payeeId: string, at: Instant): Habits['payees'] {
  const known = payees.find((payee) => payee.payeeId === payeeId);
  const others = payees.filter((payee) => payee.payeeId !== payeeId);
  return [...others, { payeeId, count: (known?.count ?? 0) + 1, at }].slice(-PAYEES_MAX);
}

/** By payee, for the window. */
export function habitCounts(habits: Habits): ReadonlyMap<string, number> {
  return new Map(habits.payees.map(({ payeeId, count }) => [payeeId, count]));
}
