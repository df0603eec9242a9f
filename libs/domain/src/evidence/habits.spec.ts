/** What makes a habit, by SCORING M8: paid within 24 h of a draw that was repaid later, counted for a year, in whatever order it is told. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PlatformEvent } from '../event/event.ts';
import { compareEvents } from '../event/order.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type Instant } from '../kernel/instant.ts';
import {
  NOON,
  OWN,
  SHOP,
  ago,
  cancelled,
  drawCancelled,
  drawRequested,
  drawn,
  failed,
  repaid,
  transfer,
} from '../testing/events.ts';
import { NO_HABITS, habitCount, habitsAfter, habitsKnownAt, type Habits } from './habits.ts';

/** As the engine does it: batch by batch, stored as JSON in between. */
function after(events: readonly PlatformEvent[], size = 1, before: Habits = NO_HABITS): Habits {
  let habits = before;
  for (let from = 0; from < events.length; from += size) {
    const news = events.slice(from, from + size);
    habits = habitsAfter(habits, news, events.slice(0, from));
    habits = JSON.parse(JSON.stringify(habits)) as Habits;
  }
  return habits;
}
const count = (events: readonly PlatformEvent[], at: Instant = NOON, payee = 'payee-1') =>
  habitCount(after(events), payee, at);

const T = ago(2 * DAY_MS);
const draw = drawn({ time: T, drawId: 'd1', yuan: 1000 });
const pay = transfer({ time: T + HOUR_MS });
const back = repaid({ time: T + 2 * HOUR_MS, yuan: 1000 });

describe('a habit', () => {
  it.each<[string, readonly PlatformEvent[], number]>([
    ['drawn, paid, repaid', [draw, pay, back], 1],
    ['not repaid', [draw, pay], 0],
    ['repaid before it was paid', [draw, repaid({ time: T + 1, yuan: 1000 }), pay], 0],
    [
      'repaid in parts',
      [draw, pay, repaid({ time: T + 2, yuan: 400 }), repaid({ time: ago(2), yuan: 600 })],
      1,
    ],
    ['a fen short', [draw, pay, repaid({ time: ago(1), yuan: 999.99 })], 0],
    ['another product repaid', [draw, pay, repaid({ time: ago(1), product: 'huabei' })], 0],
    ['only requested', [drawRequested({ time: T, drawId: 'd1' }), pay, back], 0],
    [
      'a draw that was cancelled',
      [draw, pay, drawCancelled({ time: T + 2, drawId: 'd1' }), back],
      0,
    ],
    ['paid before the draw', [transfer({ time: T - 1 }), draw, back], 0],
    [
      'paid 24 h after the draw',
      [draw, transfer({ time: T + DAY_MS }), repaid({ time: ago(1) })],
      1,
    ],
    ['paid later', [draw, transfer({ time: T + DAY_MS + 1 }), repaid({ time: ago(1) })], 0],
    [
      'paid to an own account',
      [draw, transfer({ time: T + 1, to: { ...OWN, accountId: 'payee-1' } }), back],
      0,
    ],
    [
      'paid to a shop',
      [draw, transfer({ time: T + 1, to: { ...SHOP, accountId: 'payee-1' } }), back],
      1,
    ],
    ['that failed', [draw, pay, failed(pay, { time: T + 2 * HOUR_MS }), back], 0],
    [
      'that failed after it was repaid, told within the day',
      [draw, pay, back, failed(pay, { time: ago(1) })],
      0,
    ],
    ['cancelled', [draw, pay, cancelled(pay, { time: T + 2 * HOUR_MS }), back], 0],
    ['two payments of one loan', [draw, pay, transfer({ time: T + 2 }), back], 2],
    [
      'told again under another id',
      [draw, drawn({ time: ago(1), drawId: 'd1' }), pay, back, repaid({ time: NOON })],
      1,
    ],
    ['every event twice', [draw, draw, pay, pay, back, back], 1],
  ])('%s: %p', (_title, events, expected) => {
    expect(count(events)).toBe(expected);
  });

  it('belongs to the payee, and to the newest loan before the payment', () => {
    const second = drawn({ time: T + 30 * MINUTE_MS, drawId: 'd2', yuan: 500 });
    const events = [draw, second, pay, repaid({ time: ago(1), yuan: 500 })];
    expect(count(events)).toBe(1);
    expect(count(events, NOON, 'payee-2')).toBe(0);
  });

  it('counts as of the transfer that asks, and for a year', () => {
    const habits = after([draw, pay, back]);
    expect(habitCount(habits, 'payee-1', back.time - 1)).toBe(0);
    expect(habitCount(habits, 'payee-1', back.time)).toBe(1);
    expect(habitCount(habits, 'payee-1', back.time + 365 * DAY_MS - 1)).toBe(1);
    expect(habitCount(habits, 'payee-1', back.time + 365 * DAY_MS)).toBe(0);
    expect(habitsKnownAt(habits)).toBe(back.time);
  });

  it('is not the business of who neither borrows nor repays', () => {
    expect(after([pay, failed(pay), transfer()])).toEqual(NO_HABITS);
    expect(habitsAfter(NO_HABITS, [pay], [])).toBe(NO_HABITS);
  });

  it('stays the same object where nothing is new', () => {
    const habits = after([draw, pay, back]);
    expect(habitsAfter(habits, [draw, pay, back], [])).toBe(habits);
  });

  it('ignores what comes more than 72 h late, except that something came to nothing', () => {
    const late = [draw, pay, repaid({ time: T + 80 * HOUR_MS, yuan: 1 })];
    const habits = after([...late, repaid({ time: T + 3 * HOUR_MS, yuan: 1000 })]);
    expect(habitCount(habits, 'payee-1', T + 90 * HOUR_MS)).toBe(0);
    const nothing = after([...late, failed(pay, { time: T + 2 * HOUR_MS })]);
    const closed = after([repaid({ time: T + 81 * HOUR_MS, yuan: 1000 })], 1, nothing);
    expect(habitCount(closed, 'payee-1', T + 90 * HOUR_MS)).toBe(0);
    const open = after([repaid({ time: T + 81 * HOUR_MS, yuan: 1000 })], 1, after(late));
    expect(habitCount(open, 'payee-1', T + 90 * HOUR_MS)).toBe(1);
  });
});

const event = fc.oneof(
  fc.record({ kind: fc.constant('drawn' as const), id: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constant('repaid' as const), id: fc.constantFrom(400, 1000, 2500) }),
  fc.record({ kind: fc.constant('cancelled' as const), id: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constant('paid' as const), id: fc.integer({ min: 1, max: 2 }) }),
  fc.record({ kind: fc.constant('failed' as const), id: fc.integer({ min: 1, max: 2 }) }),
);
const stream = fc
  .array(fc.tuple(event, fc.integer({ min: 0, max: 70 }), fc.boolean()), { maxLength: 25 })
  .chain((told) => {
    const events = told.flatMap(([{ kind, id }, hoursAgo, twice]): PlatformEvent[] => {
      const time = ago(hoursAgo * HOUR_MS);
      const one = ((): PlatformEvent[] => {
        switch (kind) {
          case 'drawn':
            return [drawn({ time, drawId: `d${id}`, yuan: 1000 })];
          case 'repaid':
            return [repaid({ time, yuan: id })];
          case 'cancelled':
            return [drawCancelled({ time, drawId: `d${id}` })];
          case 'paid':
            return [transfer({ time, to: { accountId: `payee-${id}` } })];
          case 'failed': {
            const request = transfer({ time, to: { accountId: `payee-${id}` } });
            return [request, failed(request, { time: time + HOUR_MS })];
          }
        }
      })();
      return twice ? [...one, ...one] : one;
    });
    return fc.record({
      inOrder: fc.constant([...new Set(events)].sort(compareEvents)),
      told: fc.shuffledSubarray(events, { minLength: events.length }),
      size: fc.integer({ min: 1, max: 6 }),
    });
  });

describe('habits told in any order, in any batches, twice', () => {
  it('are the same', () => {
    fc.assert(
      fc.property(stream, ({ inOrder, told, size }) => {
        const [one, other] = [after(inOrder, inOrder.length || 1), after(told, size)];
        for (const payee of ['payee-1', 'payee-2']) {
          for (const hoursAgo of [60, 40, 20, 5, 0, -5]) {
            const at = ago(hoursAgo * HOUR_MS);
            expect(habitCount(other, payee, at)).toBe(habitCount(one, payee, at));
          }
        }
      }),
      { numRuns: 400, seed: 56 },
    );
  });

  it('are bounded, however many there are', () => {
    const many: PlatformEvent[] = [];
    for (let i = 0; i < 1_000; i += 1) {
      const time = ago((1_000 - i) * 10 * MINUTE_MS);
      const to = { accountId: `payee-${i % 400}` };
      many.push(drawn({ time, drawId: `d${i}` }), transfer({ time: time + 1, to }));
      if (i % 3 === 0) many.push(repaid({ time: time + 2, yuan: 1000 }));
    }
    let habits: Habits = NO_HABITS;
    for (const one of many) habits = habitsAfter(habits, [one], []);
    expect(JSON.stringify(habits).length).toBeLessThan(100_000);
    expect(habits.recent.length).toBeLessThanOrEqual(100);
  });
});
