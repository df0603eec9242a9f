/** Times on the wire: RFC 3339 with any offset, read strictly. */
import { DAY_MS, MINUTE_MS, SECOND_MS, type Instant } from '#domain';

/** Years from 1970 to 9999. `T` and `Z` may be lower case (RFC 3339, 5.6); the blank that some write instead of `T` may not. */
export const RFC3339_PATTERN =
  '^(?:19[7-9][0-9]|[2-9][0-9]{3})-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]+)?(?:[Zz]|[+\\-][0-9]{2}:[0-9]{2})$';

const RFC3339 = new RegExp(RFC3339_PATTERN);
const LAST_INSTANT = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * Epoch milliseconds, or undefined for what is no real date and time. Digits beyond milliseconds are cut off. A leap second
 * (`23:59:60` UTC at the end of a month) is taken as the first instant of the next day.
 */
export function parseInstant(text: string): Instant | undefined {
  // The pattern fixes where each digit stands; taking them from there is several times faster than capturing groups.
  if (!RFC3339.test(text)) return undefined;
  const year = two(text, 0) * 100 + two(text, 2);
  const month = two(text, 5);
  const day = two(text, 8);
  const hour = two(text, 11);
  const minute = two(text, 14);
  const second = two(text, 17);
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const offset = offsetMs(text);
  if (offset === undefined) return undefined;
  if (second === 60) return leapSecond(Date.UTC(year, month - 1, day, hour, minute, 59) - offset);
  const at = Date.UTC(year, month - 1, day, hour, minute, second, millis(text)) - offset;
  return at <= LAST_INSTANT ? at : undefined;
}

/** The number of two digits at `index`. */
function two(text: string, index: number): number {
  return (text.charCodeAt(index) - ZERO) * 10 + text.charCodeAt(index + 1) - ZERO;
}

const ZERO = 0x30;
/** Where the fraction's point stands, if there is one. */
const POINT_AT = 19;

function millis(text: string): number {
  if (text[POINT_AT] !== '.') return 0;
  let value = 0;
  for (let i = POINT_AT + 1, scale = 100; scale >= 1; i += 1, scale /= 10) {
    const digit = text.charCodeAt(i) - ZERO;
    if (digit < 0 || digit > 9) break;
    value += digit * scale;
  }
  return value;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function offsetMs(text: string): number | undefined {
  const sign = text[text.length - 6];
  if (sign !== '+' && sign !== '-') return 0;
  const hour = two(text, text.length - 5);
  const minute = two(text, text.length - 2);
  if (hour > 23 || minute > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (hour * 60 + minute) * MINUTE_MS;
}

/** `before` is the second before the leap second. */
function leapSecond(before: Instant): Instant | undefined {
  const next = before + SECOND_MS;
  const endsMonth = next % DAY_MS === 0 && new Date(next).getUTCDate() === 1;
  return endsMonth && next <= LAST_INSTANT ? next : undefined;
}
