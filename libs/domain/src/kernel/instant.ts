/** Points in time and durations: integers of milliseconds, so that arithmetic is exact and replayable. */

/** Milliseconds since 1970-01-01T00:00:00Z. Always an integer. */
export type Instant = number & { readonly __unit?: 'epoch ms' };

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** RFC 3339 in UTC with exactly three decimals, the only form in which times leave the system. */
export function formatInstant(at: Instant): string {
  return new Date(at).toISOString();
}
