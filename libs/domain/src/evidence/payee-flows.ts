/** What PY3 looks at across payers: who paid this person lately for the first time, and whether the money leaves again at once. */
import type { PlatformEvent, TransferRequested } from '../event/event.ts';
import { DAY_MS, MINUTE_MS, type Instant } from '../kernel/instant.ts';
import { CURRENCY_DIGITS } from '../kernel/money.ts';

/** Three others make a payee suspicious (SCORING PY3); four are counted, so that "more than enough" shows. */
export const PAYEE_PAYERS_MAX = 4;
/** Activity within a day of the subject counts, on either side: it counts whatever its time (SCORING §1). */
export const PAYEE_ACTIVITY_MS = DAY_MS;
/** Of a payee's own flows at most so many are looked at, the newest. */
export const PAYEE_FLOWS_MAX = 60;

/** What a payer attempted to a person who was new to them, within a day up to the last attempt. */
export interface PayeeActivity {
  readonly payeeId: string;
  readonly payerId: string;
  /** Of the last attempt. */
  readonly at: Instant;
  /** Minor units, summed over the day. */
  readonly minor: number;
}

const ACTIVITY_MIN = 300;

/** Whether a request may count for PY3: to somebody else's card or wallet, new to the payer, not a declared contact. */
export function countsForPayee(request: TransferRequested): boolean {
  const { payee, time } = request;
  const person =
    (payee.kind === 'bank_card' || payee.kind === 'wallet') && payee.ownership === 'other';
  const isNew =
    payee.paidCount === 0 || (payee.firstPaidAt !== undefined && payee.firstPaidAt > time - DAY_MS);
  return person && isNew && payee.declaredContact !== true;
}

/**
 * A payer's activity towards a payee from the payer's own events; undefined where less than ¥300 (or as many units of another
 * currency) of attempts are left, failed and cancelled ones being none.
 */
export function payeeActivityOf(
  events: readonly PlatformEvent[],
  payeeId: string,
): PayeeActivity | undefined {
  const ended = endedTransfers(events);
  const attempts = events.filter(
    (event): event is TransferRequested =>
      event.kind === 'transfer.requested' &&
      event.payee.accountId === payeeId &&
      countsForPayee(event) &&
      !ended.has(transferKey(event)),
  );
  const last = attempts.reduce<TransferRequested | undefined>(
    (latest, event) => (latest === undefined || event.time >= latest.time ? event : latest),
    undefined,
  );
  if (last === undefined) return undefined;
  const minor = attempts
    .filter(
      (event) => event.time > last.time - DAY_MS && event.amount.currency === last.amount.currency,
    )
    .reduce((sum, event) => sum + event.amount.minor, 0);
  if (minor < ACTIVITY_MIN * 10 ** (CURRENCY_DIGITS[last.amount.currency] ?? 2)) return undefined;
  return { payeeId, payerId: last.payer.accountId, at: last.time, minor };
}

function transferKey(event: { readonly source: string; readonly transferId: string }): string {
  return `${event.source}\n${event.transferId}`;
}

function endedTransfers(events: readonly PlatformEvent[]): ReadonlySet<string> {
  const ended = new Set<string>();
  for (const event of events) {
    if (event.kind === 'transfer.failed' || event.kind === 'transfer.cancelled') {
      ended.add(transferKey(event));
    }
  }
  return ended;
}

/** Money that came to a payee from somebody. */
export interface Inflow {
  readonly payerId: string;
  readonly at: Instant;
  readonly minor: number;
}

const CASH_OUT_MS = 10 * MINUTE_MS;
const CASH_OUT_PERCENT = 80;
const RECEIVED_MIN_MINOR = 1_000_00;
const RECEIVED_PAYERS_MIN = 2;

/**
 * Whether, of what a payee received from at least two payers in the day around `at`, at least 80 % left within ten minutes of the
 * payment it came with. `own` are the payee's own events, `attempts` what payers are known to have sent them: used where the
 * platform does not report what they received.
 */
export function cashesOutFast(
  own: readonly PlatformEvent[],
  attempts: readonly Inflow[],
  at: Instant,
): boolean {
  const near = (time: Instant): boolean => Math.abs(time - at) < PAYEE_ACTIVITY_MS;
  const reported = own.flatMap((event): Inflow[] =>
    event.kind === 'funds.received' && near(event.time)
      ? [{ payerId: event.from.accountId, at: event.time, minor: event.amount.minor }]
      : [],
  );
  const inflows = reported.length > 0 ? reported : attempts.filter((inflow) => near(inflow.at));
  const received = inflows.reduce((sum, inflow) => sum + inflow.minor, 0);
  const payers = new Set(inflows.map((inflow) => inflow.payerId));
  if (payers.size < RECEIVED_PAYERS_MIN || received < RECEIVED_MIN_MINOR) return false;
  return leftSoon(inflows, outflowsOf(own)) * 100 >= CASH_OUT_PERCENT * received;
}

interface Outflow {
  readonly at: Instant;
  left: number;
}

function outflowsOf(own: readonly PlatformEvent[]): Outflow[] {
  const ended = endedTransfers(own);
  return own
    .filter(
      (event): event is TransferRequested =>
        event.kind === 'transfer.requested' && !ended.has(transferKey(event)),
    )
    .map((event) => ({ at: event.time, left: event.amount.minor }))
    .sort((a, b) => a.at - b.at);
}

/** Each yuan that goes out belongs to one payment that came in within the ten minutes before. */
function leftSoon(inflows: readonly Inflow[], outflows: Outflow[]): number {
  let soon = 0;
  for (const inflow of [...inflows].sort((a, b) => a.at - b.at)) {
    let waiting = inflow.minor;
    for (const outflow of outflows) {
      if (outflow.at < inflow.at || outflow.at > inflow.at + CASH_OUT_MS) continue;
      const minor = Math.min(waiting, outflow.left);
      outflow.left -= minor;
      waiting -= minor;
      soon += minor;
    }
  }
  return soon;
}
