/** How long a hold of a tier lasts (SCORING §5). */
import { HOUR_MS, MINUTE_MS, type Instant } from '../kernel/instant.ts';
import type { ExpiryAction } from '../hold/hold.ts';
import type { HeldTier, Policy } from './policy.ts';

export interface HoldTimes {
  /** What the payer is told. Never after `ceilingAt`. */
  readonly dueAt: Instant;
  readonly ceilingAt: Instant;
  readonly expiryAction: ExpiryAction;
}

/**
 * Due after the tier's duration, counted from when the hold is really placed. A call that is still running then moves `dueAt`
 * later, when it is known how long it ran. The ceiling is fixed.
 */
export function holdTimes(tier: HeldTier, placedAt: Instant, policy: Policy): HoldTimes {
  const ceilingAt = placedAt + policy.holds.ceilingHours * HOUR_MS;
  return {
    dueAt: Math.min(placedAt + policy.holds.durations[tier].minutes * MINUTE_MS, ceilingAt),
    ceilingAt,
    expiryAction: policy.holds.expiryAction[tier],
  };
}
