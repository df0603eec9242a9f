/** Days as the law counts them: local midnights and business days of a calendar with holidays, daylight saving included. */
import { DAY_MS, MINUTE_MS, type Instant } from '../kernel/instant.ts';

export interface Calendar {
  /** IANA name, as `Europe/London`. */
  readonly timeZone: string;
  /** Local dates on which nobody works, `YYYY-MM-DD`, besides Saturdays and Sundays. */
  readonly holidays: readonly string[];
}

/** A local date as the number of days since 1970-01-01, so that arithmetic is exact. */
type DayNumber = number;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Throws `RangeError` for a zone that nobody knows. Pure in effect: the cache only spares the construction. */
function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formatters.set(timeZone, formatter);
  }
  return formatter;
}

/** The wall clock of the zone, as if it were UTC. */
function wallClock(at: Instant, timeZone: string): number {
  const parts = new Map(
    formatterOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  const whole = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return whole + (((at % 1_000) + 1_000) % 1_000);
}

/** The instant at which the zone's clocks show this; of a time that clocks skip, the moment at which they do. */
function instantOf(wall: number, timeZone: string): Instant {
  // The offset a day before and after brackets any change; the second look settles it.
  let at = wall - (wallClock(wall, timeZone) - wall);
  at = wall - (wallClock(at, timeZone) - at);
  return at;
}

function dayOf(at: Instant, { timeZone }: Calendar): DayNumber {
  return Math.floor(wallClock(at, timeZone) / DAY_MS);
}

function isBusinessDay(day: DayNumber, { holidays }: Calendar): boolean {
  // 1970-01-01 was a Thursday.
  const weekday = (day + 4) % 7;
  if (weekday === 0 || weekday === 6) return false;
  return !holidays.includes(new Date(day * DAY_MS).toISOString().slice(0, 10));
}

/**
 * The end of the `count`th business day after the day of `at`: the midnight that ends it, exclusive. The day of `at` itself is day 0 whether
 * anybody works on it or not, as reg. 86(2A) of the UK Payment Services Regulations counts from receipt.
 */
export function endOfBusinessDay(at: Instant, count: number, calendar: Calendar): Instant {
  let day = dayOf(at, calendar);
  for (let left = count; left > 0;) {
    day += 1;
    if (isBusinessDay(day, calendar)) left -= 1;
  }
  return instantOf((day + 1) * DAY_MS, calendar.timeZone);
}

/** `HH:MM` of the next calendar day: 次日到账, which is not 24 hours (REGULATION §1.1, bank practice). */
export function nextDayAt(at: Instant, time: string, calendar: Calendar): Instant {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const midnight = (dayOf(at, calendar) + 1) * DAY_MS;
  return instantOf(midnight + (hours * 60 + minutes) * MINUTE_MS, calendar.timeZone);
}
