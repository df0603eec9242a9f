/** The borrowed money a payer still has, draw by draw, as it comes in, is repaid and is sent on (SCORING §2). */
import type { CreditDraw, CreditRepaid } from '../event/event.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Money } from '../kernel/money.ts';

export interface PoolDraw {
  readonly event: CreditDraw;
  remaining: number;
  cancelled: boolean;
}

export interface TakenPart {
  readonly draw: PoolDraw;
  readonly minor: number;
}

/** Draws in order of payout. */
export type BorrowedPool = PoolDraw[];

/** One draw keeps its id from request to payout or cancellation, whichever system reports it. */
export function sameDraw(a: CreditDraw, b: CreditDraw): boolean {
  return a.drawId === b.drawId && a.lender === b.lender && a.product === b.product;
}

/** Money paid out. A second payout report of the same draw adds nothing. */
export function payOut(pool: BorrowedPool, event: CreditDraw): void {
  if (pool.some((draw) => sameDraw(draw.event, event))) return;
  pool.push({ event, remaining: event.amount.minor, cancelled: false });
}

/** Nothing of a cancelled draw is left, and nothing returns to it. */
export function cancelDraw(pool: BorrowedPool, event: CreditDraw): void {
  for (const draw of pool) {
    if (!sameDraw(draw.event, event)) continue;
    draw.remaining = 0;
    draw.cancelled = true;
  }
}

/** Takes out of the same product's draws, the newest first. */
export function repay(pool: BorrowedPool, event: CreditRepaid): void {
  let left = event.amount.minor;
  for (let i = pool.length - 1; i >= 0 && left > 0; i -= 1) {
    const draw = pool[i] as PoolDraw;
    const { lender, product, amount } = draw.event;
    if (lender !== event.lender || product !== event.product) continue;
    if (amount.currency !== event.amount.currency) continue;
    const minor = Math.min(left, draw.remaining);
    draw.remaining -= minor;
    left -= minor;
  }
}

/** What a payment of `amount` would take, newest draw first, of draws paid out at or after `since`. Changes nothing. */
export function trace(pool: BorrowedPool, amount: Money, since: Instant): TakenPart[] {
  const parts: TakenPart[] = [];
  let left = amount.minor;
  for (let i = pool.length - 1; i >= 0 && left > 0; i -= 1) {
    const draw = pool[i] as PoolDraw;
    // Payouts are in order of time: every one before this is older still.
    if (draw.event.time < since) break;
    if (draw.remaining === 0 || draw.event.amount.currency !== amount.currency) continue;
    const minor = Math.min(left, draw.remaining);
    parts.push({ draw, minor });
    left -= minor;
  }
  return parts;
}

export function takeOut(parts: readonly TakenPart[]): void {
  for (const { draw, minor } of parts) draw.remaining -= minor;
}

/** A payment came back: its traced part returns to the draws it came from. */
export function putBack(parts: readonly TakenPart[]): void {
  for (const { draw, minor } of parts) if (!draw.cancelled) draw.remaining += minor;
}
