/** What PY3 counts on a payee, by SCORING §3: who attempts how much, and how fast money leaves. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PlatformEvent, TransferRequested } from '../event/event.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type Instant } from '../kernel/instant.ts';
import {
  NEW,
  NOON,
  OWN,
  SHOP,
  ago,
  cancelled,
  drawRequested,
  failed,
  received,
  settled,
  transfer,
} from '../testing/events.ts';
import { attemptPoints, cashOutPoints, payeeActivityChange } from './payee-activity.ts';

const to = (given: Parameters<typeof transfer>[0] & object) =>
  transfer({ yuan: 300, to: NEW, ...given });
const points = (events: readonly PlatformEvent[]) => attemptPoints(events, 'payee-1');

describe('attempts that count on a payee', () => {
  it.each<[string, PlatformEvent, boolean]>([
    ['¥300', to({}), true],
    ['¥299.99', to({ yuan: 299.99 }), false],
    ['300 of another currency', to({ currency: 'USD' }), true],
    ['a wallet', to({ to: { ...NEW, kind: 'wallet' } }), true],
    ['a shop', to({ to: { ...SHOP, ...NEW, accountId: 'payee-1' } }), false],
    ['an own account', to({ to: { ...OWN, ...NEW, accountId: 'payee-1' } }), false],
    ['another payee', to({ to: { ...NEW, accountId: 'payee-2' } }), false],
    ['a declared contact', to({ to: { ...NEW, declaredContact: true } }), false],
    ['a payee paid before', to({ to: { paidCount: 1 } }), false],
    ['a payee of whom nothing is known', to({ to: {} }), false],
    [
      'a payee first paid an hour before',
      to({ to: { paidCount: 2, firstPaidAt: ago(HOUR_MS) } }),
      true,
    ],
    [
      'a payee first paid 24 h before',
      to({ to: { paidCount: 2, firstPaidAt: ago(DAY_MS) } }),
      false,
    ],
    ['the payer itself', to({ to: { ...NEW, accountId: 'payee-1' }, payerId: 'payee-1' }), false],
    ['a draw', drawRequested({ yuan: 300 }), false],
    ['an outcome', settled(to({})), false],
  ])('%s: %p', (_title, event, counts) => {
    expect(points([event])).toEqual(counts ? [NOON] : []);
  });

  const half = (time: Instant) => to({ yuan: 150, time });
  const one = to({ time: ago(HOUR_MS) });
  it.each<[string, readonly PlatformEvent[], readonly Instant[]]>([
    ['two halves within a day', [half(ago(DAY_MS - 1)), half(NOON)], [NOON]],
    ['two halves a day apart', [half(ago(DAY_MS)), half(NOON)], []],
    ['halves in two currencies', [half(ago(1)), to({ yuan: 150, currency: 'USD' })], []],
    ['a request sent twice', [half(NOON), half(NOON)].slice(0, 1).flatMap((e) => [e, e]), []],
    ['one that failed', [one, failed(one)], []],
    ['one that was cancelled', [one, cancelled(one)], []],
    ['one that settled', [one, settled(one)], [ago(HOUR_MS)]],
    ['one that failed in another system', [one, failed(one, { source: 'urn:other' })], [one.time]],
    [
      'the first and the last of a day',
      [3, 2, 1, 0].map((minutes) => to({ time: ago(minutes * MINUTE_MS) })),
      [ago(3 * MINUTE_MS), NOON],
    ],
  ])('%s', (_title, events, expected) => {
    expect(points(events)).toEqual(expected);
  });
});

const got = (from: string, minutesAgo: number, yuan: number) =>
  received({ by: { accountId: from }, time: ago(minutesAgo * MINUTE_MS), yuan });
const out = (minutesAgo: number, yuan: number, given: Parameters<typeof transfer>[0] = {}) =>
  transfer({ time: ago(minutesAgo * MINUTE_MS), yuan, ...given });

describe('money that leaves at once', () => {
  const two = [got('a', 20, 600), got('b', 5, 400)];
  it.each<[string, readonly PlatformEvent[], boolean]>([
    ['¥1,000 of two, all gone within ten minutes', [...two, out(12, 600), out(0, 400)], true],
    ['80 % gone', [...two, out(12, 500), out(0, 300)], true],
    ['79.9 % gone', [...two, out(12, 500), out(0, 299)], false],
    ['gone to an own card', [...two, out(12, 600, { to: OWN }), out(0, 400, { to: OWN })], true],
    ['of one payer', [got('a', 20, 600), got('a', 5, 400), out(12, 600), out(0, 400)], false],
    ['¥999', [got('a', 20, 599), got('b', 5, 400), out(12, 599), out(0, 400)], false],
    [
      'ten minutes and a second later',
      [got('a', 10.02, 600), got('b', 10.02, 600), out(0, 1200)],
      false,
    ],
    ['ten minutes later', [got('a', 10, 600), got('b', 10, 600), out(0, 1200)], true],
    ['it left before it came', [out(25, 600), out(24, 400), ...two, out(0, 1)], false],
    ['what left once does not leave twice', [...two, out(4, 500), out(0, 100)], false],
    ['a day apart', [got('a', 24 * 60, 600), got('b', 5, 400), out(0, 400)], false],
    ['nothing came', [out(0, 2000)], false],
  ])('%s: %p', (_title, events, leaves) => {
    expect(cashOutPoints(events).includes(NOON)).toBe(leaves);
  });

  it('counts what stands: a transfer that failed took nothing out', () => {
    const last = out(0, 400);
    const events = [...two, out(12, 600), last];
    expect(cashOutPoints(events)).toEqual([NOON]);
    expect(cashOutPoints([...events, failed(last)])).toEqual([]);
  });
});

describe('what changes', () => {
  it('is nothing for a repeat', () => {
    const one = to({});
    expect(payeeActivityChange([one], [one, one], [one])).toEqual({ added: [], gone: [] });
  });

  it('is named by payee and payer', () => {
    const one = to({});
    const activity = { payeeId: 'payee-1', kind: 'attempt', at: NOON, payerId: 'payer-1' };
    expect(payeeActivityChange([], [one], [one])).toEqual({ added: [activity], gone: [] });
    const end = failed(one);
    const change = payeeActivityChange([one], [one, end], [end]);
    expect(change).toEqual({ added: [], gone: [activity] });
  });

  const PAYEES = ['payee-1', 'payee-2'];
  const request = fc.record({
    hoursAgo: fc.integer({ min: 0, max: 60 }),
    yuan: fc.constantFrom(50, 150, 299, 300, 900),
    payee: fc.constantFrom(...PAYEES),
    paidCount: fc.constantFrom(0, 0, 0, 3),
    fails: fc.boolean(),
    repeated: fc.boolean(),
  });

  /** Whoever asks at `at` is told of the payer: read from the points, and from all of the attempts. */
  const nearPoint = (at: Instant, kept: ReadonlySet<Instant>): boolean =>
    [...kept].some((point) => Math.abs(point - at) < DAY_MS);
  function nearAttempt(at: Instant, attempts: readonly TransferRequested[]): boolean {
    return attempts.some(({ time }) => {
      const sum = attempts
        .filter((other) => other.time <= time && other.time > time - DAY_MS)
        .reduce((total, { amount }) => total + amount.minor, 0);
      return Math.abs(time - at) < DAY_MS && sum >= 300_00;
    });
  }

  it('leads to the same points in any order and any batches, and these tell all that the attempts tell', () => {
    const stream = fc.array(request, { minLength: 1, maxLength: 12 }).chain((requests) => {
      const events = requests.flatMap(({ hoursAgo, yuan, payee, paidCount, fails, repeated }) => {
        const one = transfer({
          time: ago(hoursAgo * HOUR_MS),
          yuan,
          to: { accountId: payee, paidCount },
        });
        return [one, ...(fails ? [failed(one)] : []), ...(repeated ? [one] : [])];
      });
      const order = fc.shuffledSubarray(events, { minLength: events.length });
      return fc.record({ order, size: fc.integer({ min: 1, max: 5 }) });
    });
    fc.assert(
      fc.property(stream, ({ order, size }) => {
        const kept = new Map(PAYEES.map((payee) => [payee, new Set<Instant>()]));
        for (let from = 0; from < order.length; from += size) {
          const news = order.slice(from, from + size);
          const before = order.slice(0, from);
          const { added, gone } = payeeActivityChange(before, [...before, ...news], news);
          for (const { payeeId, at } of gone) expect(kept.get(payeeId)?.delete(at)).toBe(true);
          for (const { payeeId, at } of added) kept.get(payeeId)?.add(at);
        }
        for (const [payee, ofPayee] of kept) {
          expect(ofPayee).toEqual(new Set(attemptPoints(order, payee)));
          const ended = new Set(
            order.flatMap((event) => (event.kind === 'transfer.failed' ? event.transferId : [])),
          );
          const attempts = [...new Set(order)].filter(
            (event): event is TransferRequested =>
              event.kind === 'transfer.requested' &&
              event.payee.accountId === payee &&
              event.payee.paidCount === 0 &&
              !ended.has(event.transferId),
          );
          for (let hours = -30; hours <= 90; hours += 1) {
            const at = ago(hours * HOUR_MS);
            expect(nearPoint(at, ofPayee)).toBe(nearAttempt(at, attempts));
          }
        }
      }),
      { numRuns: 300, seed: 55 },
    );
  });
});
