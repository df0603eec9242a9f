/** What a legal profile says of holds: how long, until when at most, and what happens then. All of it is data of the policy. */
import type { ExpiryAction } from '../hold/hold.ts';
import type { Calendar } from './business-days.ts';
import type { HeldTier } from './policy.ts';

export const PROFILES = ['CN', 'UK', 'SG', 'neutral'] as const;
export type ProfileName = (typeof PROFILES)[number];

/** From when the hold is really placed. */
export type HoldLength =
  | { readonly minutes: number }
  /** 次日: that time of the next calendar day. */
  | { readonly nextDayAt: string }
  /** The end of the nth business day after the order came. */
  | { readonly businessDays: number };

export type HoldDuration = HoldLength & {
  /** Counted from the end of a call that runs while the payment waits. */
  readonly fromCallEnd: boolean;
};

export interface HoldProfile {
  readonly calendar: Calendar;
  readonly durations: Readonly<Record<HeldTier, HoldDuration>>;
  /** No hold lasts longer. Business days count from when the order came. */
  readonly ceiling: { readonly hours: number } | { readonly businessDays: number };
  /** Grounds found after the end of this business day after the order came do not allow a new hold. */
  readonly groundsWithin?: { readonly businessDays: number };
  readonly expiryAction: Readonly<Record<HeldTier, ExpiryAction>>;
}

/**
 * Beyond these no hold lasts, whatever a policy says; the database keeps them too (constraint `holds_profile_ceiling`). CN and neutral: the
 * design's 72 h; SG: 24 h (ABS 2025); UK: four business days never span more than ten days, with Christmas and Easter.
 */
export const CEILING_HOURS_MAX: Readonly<Record<ProfileName, number>> = {
  CN: 72,
  neutral: 72,
  SG: 24,
  UK: 240,
};
