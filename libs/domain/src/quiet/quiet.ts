/** A payer who was verified is left alone with one payee until a day that was fixed when somebody vouched for it. */
import { DAY_MS, type Instant } from '../kernel/instant.ts';

/** Entered by staff. Counts for requests from `from` on and before `until`, by event time. */
export interface PayeeQuiet {
  readonly payeeId: string;
  readonly from: Instant;
  readonly until: Instant;
}

/** Nobody is vouched for longer than a quarter: a payee can be sold, hacked or turn. */
export const QUIET_DAYS_MAX = 90;

export type QuietRefusal = 'until_past' | 'until_too_far';

/** Why a quiet may not be entered now, or undefined where it may. */
export function quietRefusal(now: Instant, until: Instant): QuietRefusal | undefined {
  if (until <= now) return 'until_past';
  return until - now > QUIET_DAYS_MAX * DAY_MS ? 'until_too_far' : undefined;
}

/** The one that counts for a payment at `at`; of several the one that ends last. */
export function quietAt(
  quiets: readonly PayeeQuiet[],
  payeeId: string,
  at: Instant,
): PayeeQuiet | undefined {
  let found: PayeeQuiet | undefined;
  for (const quiet of quiets) {
    if (quiet.payeeId !== payeeId || at < quiet.from || at >= quiet.until) continue;
    if (found === undefined || quiet.until > found.until) found = quiet;
  }
  return found;
}
