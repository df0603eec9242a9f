/** Points in time and durations: integers of milliseconds, so that arithmetic is exact and replayable. */

/** Milliseconds since 1970-01-01T00:00:00Z. Always an integer. */
export type Instant = number & { readonly __unit?: 'epoch ms' };

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** RFC 3339 in UTC with exactly three decimals, the only form in which times leave the system. */
export function formatInstant(at: Instant): string {
  const day = at - (at % DAY_MS);
  // Years of more or less than four digits have another form; of the rest only the day is worth asking a calendar for.
  if (!(day >= 0 && day <= LAST_PLAIN_DAY)) return new Date(at).toISOString();
  if (day !== formatted.day) formatted = { day, text: new Date(day).toISOString().slice(0, 11) };
  const ms = at - day;
  const [hour, minute] = [Math.floor(ms / HOUR_MS), Math.floor(ms / MINUTE_MS) % 60];
  const [second, milli] = [Math.floor(ms / SECOND_MS) % 60, ms % SECOND_MS];
  return `${formatted.text}${TWO[hour]}:${TWO[minute]}:${TWO[second]}.${milli < 100 ? '0' : ''}${TWO[milli] ?? milli}Z`;
}

/** The day that was written last: most instants that are written one after the other share it. Pure in effect. */
let formatted = { day: Number.NaN, text: '' };
const LAST_PLAIN_DAY = Date.UTC(9999, 11, 31);
const TWO = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'));
