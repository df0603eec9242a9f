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
 * Due after the tier's duration, counted from the later of `decidedAt` and, where the tier says so, `callEndsAt` (the end, known or
 * at the latest possible, of a call that runs). The ceiling is counted from `decidedAt` alone.
 */
export function holdTimes(
  tier: HeldTier,
  decidedAt: Instant,
  callEndsAt: Instant | undefined,
  policy: Policy,
): HoldTimes {
  const { minutes, fromCallEnd } = policy.holds.durations[tier];
  const from = fromCallEnd && callEndsAt !== undefined ? Math.max(decidedAt, callEndsAt) : decidedAt;
  const ceilingAt = decidedAt + policy.holds.ceilingHours * HOUR_MS;
  return {
    dueAt: Math.min(from + minutes * MINUTE_MS, ceilingAt),
    ceilingAt,
    expiryAction: policy.holds.expiryAction[tier],
  };
}
