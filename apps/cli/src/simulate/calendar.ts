/** Days and hours as people in China live them: UTC+8, no daylight saving. */
import { DAY_MS, HOUR_MS, type Instant } from '#domain';
import type { Chance } from './chance.ts';

const OFFSET_MS = 8 * HOUR_MS;

/** Days since 1970-01-01 in local time. */
export function localDay(at: Instant): number {
  return Math.floor((at + OFFSET_MS) / DAY_MS);
}

export function startOfDay(day: number): Instant {
  return day * DAY_MS - OFFSET_MS;
}

/** Hours of local time with a fraction. */
export function localHour(at: Instant): number {
  return (at - startOfDay(localDay(at))) / HOUR_MS;
}

export function isWeekend(day: number): boolean {
  const weekday = (day + 4) % 7;
  return weekday === 0 || weekday === 6;
}

export interface MonthDay {
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
  readonly daysInMonth: number;
}

export function monthDay(day: number): MonthDay {
  const date = new Date(day * DAY_MS);
  const month = date.getUTCMonth() + 1;
  const daysInMonth = new Date(Date.UTC(date.getUTCFullYear(), month, 0)).getUTCDate();
  return { month, day: date.getUTCDate(), daysInMonth };
}

/** When in a day something tends to happen: weights of the 24 hours. */
export type HourShape = readonly number[];

/** Meals and errands: three bumps and a quiet night. */
export const SHOPPING: HourShape = [
  2, 1, 0.5, 0.3, 0.3, 1, 4, 9, 8, 6, 6, 10, 12, 7, 5, 5, 6, 10, 12, 10, 9, 8, 6, 4,
];
/** At home with the phone. */
export const EVENING: HourShape = [
  4, 2, 1, 0.5, 0.3, 0.3, 1, 3, 4, 4, 4, 5, 7, 5, 4, 4, 5, 6, 9, 12, 14, 14, 11, 7,
];
/** Offices, schools, hospitals, landlords. */
export const DAYTIME: HourShape = [
  0, 0, 0, 0, 0, 0, 0.5, 2, 6, 11, 12, 9, 5, 7, 11, 11, 10, 7, 4, 3, 3, 2, 1, 0.3,
];

export function timeOfDay(day: number, shape: HourShape, chance: Chance): Instant {
  let total = 0;
  for (const weight of shape) total += weight;
  let left = chance.next() * total;
  let hour = 0;
  for (; hour < 23; hour += 1) {
    left -= shape[hour] as number;
    if (left < 0) break;
  }
  return startOfDay(day) + Math.floor((hour + chance.next()) * HOUR_MS);
}
