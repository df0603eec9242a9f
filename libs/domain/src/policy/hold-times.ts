/** How long a hold of a tier lasts (SCORING §5), by the policy's profile. */
import { HOUR_MS, MINUTE_MS, type Instant } from '../kernel/instant.ts';
import type { ExpiryAction } from '../hold/hold.ts';
import { endOfBusinessDay, nextDayAt } from './business-days.ts';
import { CEILING_HOURS_MAX, type HoldLength, type HoldProfile } from './hold-profile.ts';
import type { HeldTier, Policy } from './policy.ts';

export interface HoldTimes {
  /** What the payer is told. Never after `ceilingAt`. */
  readonly dueAt: Instant;
  readonly ceilingAt: Instant;
  readonly expiryAction: ExpiryAction;
}

/** The part of a policy that says how long. */
export type HoldPolicy = Pick<Policy, 'profile' | 'holds'>;

/**
 * Due after the tier's duration, counted from when the hold is really placed; a ceiling in business days counts from when the order came.
 * A call that is still running then moves `dueAt` later, when it is known how long it ran. The ceiling is fixed.
 */
export function holdTimes(
  tier: HeldTier,
  {
    placedAt,
    receivedAt = placedAt,
  }: { readonly placedAt: Instant; readonly receivedAt?: Instant },
  policy: HoldPolicy,
): HoldTimes {
  const profile = policy.holds[policy.profile];
  // An order that says it came after it was held, came when it was held.
  const ceilingAt = ceilingOf(placedAt, Math.min(receivedAt, placedAt), policy);
  const dueAt = after(placedAt, profile.durations[tier], profile);
  return { dueAt: Math.min(dueAt, ceilingAt), ceilingAt, expiryAction: profile.expiryAction[tier] };
}

/** The ceiling of a hold that would be placed on an order at once. */
export function holdCeiling(at: Instant, policy: HoldPolicy): Instant {
  return ceilingOf(at, at, policy);
}

function ceilingOf(placedAt: Instant, receivedAt: Instant, policy: HoldPolicy): Instant {
  const { ceiling, calendar } = policy.holds[policy.profile];
  const hardest = placedAt + CEILING_HOURS_MAX[policy.profile] * HOUR_MS;
  if ('hours' in ceiling) return Math.min(placedAt + ceiling.hours * HOUR_MS, hardest);
  const end = endOfBusinessDay(receivedAt, ceiling.businessDays, calendar);
  return Math.max(placedAt, Math.min(end, hardest));
}

/** The end of a wait that begins at `at`. */
export function after(at: Instant, length: HoldLength, { calendar }: HoldProfile): Instant {
  if ('minutes' in length) return at + length.minutes * MINUTE_MS;
  if ('nextDayAt' in length) return nextDayAt(at, length.nextDayAt, calendar);
  return endOfBusinessDay(at, length.businessDays, calendar);
}

/**
 * Whether grounds found at `at` still allow a hold of an order that came at `receivedAt` (UK: by the end of the next business day, PSRs 2017
 * reg. 86(2A)). A hold that was placed in time stays.
 */
export function groundsInTime(receivedAt: Instant, at: Instant, policy: HoldPolicy): boolean {
  const { groundsWithin, calendar } = policy.holds[policy.profile];
  if (groundsWithin === undefined) return true;
  return at < endOfBusinessDay(receivedAt, groundsWithin.businessDays, calendar);
}
