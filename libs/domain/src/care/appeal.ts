/** What a payer may ask of people: that a hold is looked at again, explained, or lifted at once because it cannot wait. */
import { DAY_MS, MINUTE_MS, type Instant } from '../kernel/instant.ts';

/**
 * `appeal`: against the hold (Anti-Telecom-Fraud Law art. 32) · `review`: a person instead of the machine, with an explanation in plain words
 * (Personal Information Protection Law art. 24) · `emergency`: an honest payer who cannot wait, at any hour.
 */
export type AppealKind = 'appeal' | 'review' | 'emergency';
export const APPEAL_KINDS: readonly AppealKind[] = ['appeal', 'review', 'emergency'];

export type AppealState = 'open' | 'upheld' | 'rejected';

/** Policy data. */
export interface AppealTerms {
  /** Until an appeal or a review has to be answered. */
  readonly days: number;
  /** Until somebody on duty has to answer an emergency. */
  readonly emergencyMinutes: number;
}

export function appealDueAt(kind: AppealKind, receivedAt: Instant, terms: AppealTerms): Instant {
  return kind === 'emergency'
    ? receivedAt + terms.emergencyMinutes * MINUTE_MS
    : receivedAt + terms.days * DAY_MS;
}
