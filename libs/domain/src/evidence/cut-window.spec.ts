/** SCORING §1: evidence of 72 h, newest 500 events; older ones as sums; draws, calls, codes and answers never cut; a cut is flagged. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { PlatformEvent, TransferRequested } from '../event/event.ts';
import { compareEvents } from '../event/order.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../kernel/instant.ts';
import {
  NEW,
  ago,
  call,
  cancelled,
  code,
  codeMatched,
  drawCancelled,
  drawRequested,
  drawn,
  failed,
  instructed,
  ordered,
  redeemed,
  repaid,
  responded,
  session,
  settled,
  transfer,
  type TransferGiven,
} from '../testing/events.ts';
import { makeScorer } from '../testing/scorer.ts';
import { cutWindow } from './cut-window.ts';

const { assess } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const FROM = ago(3 * DAY_MS);

/** So many events of no weight, one a second, the newest just before noon. */
const noise = (count: number): PlatformEvent[] =>
  Array.from({ length: count }, (_, i) =>
    session('help_searched', { time: ago((i + 1) * SECOND_MS) }),
  );
const sorted = (events: readonly PlatformEvent[]) => [...events].sort(compareEvents);

describe('a window', () => {
  it('of 500 events is whole', () => {
    const events = sorted(noise(500));
    expect(cutWindow(events, FROM)).toEqual({ events, cut: [], windowTruncated: false });
  });

  it('of 501 has lost the oldest and says so', () => {
    const events = sorted(noise(501));
    const cut = cutWindow(events, FROM);
    expect(cut.events).toEqual(events.slice(1));
    expect(cut.windowTruncated).toBe(true);
  });

  it.each([0, 1, 500])('begins at its beginning, with %d events besides', (count) => {
    const [at, before] = [ago(3 * DAY_MS), ago(3 * DAY_MS + 1)].map((time) =>
      session('login', { time }),
    );
    if (at === undefined || before === undefined) throw new Error('no events');
    const { events } = cutWindow(sorted([before, at, ...noise(count)]), FROM);
    expect(events.includes(at)).toBe(count < 500);
    expect(events.includes(before)).toBe(false);
  });

  it('keeps orders of 7 days and nothing else that is older than 72 h', () => {
    const [week, older, draw] = [
      ordered({ time: ago(7 * DAY_MS) }),
      ordered({ time: ago(7 * DAY_MS + 1) }),
      drawn({ time: ago(3 * DAY_MS + 1) }),
    ];
    expect(cutWindow(sorted([week, older, draw]), FROM).events).toEqual([week]);
  });

  const held = 'hold of transfer t';
  it.each<[string, PlatformEvent]>([
    ['a draw paid out', drawn({ time: ago(DAY_MS) })],
    ['a draw requested', drawRequested({ time: ago(DAY_MS) })],
    ['a draw cancelled', drawCancelled({ time: ago(DAY_MS) })],
    ['a repayment', repaid({ time: ago(DAY_MS) })],
    ['a call that begins', call({ start: DAY_MS })[0] ?? session('login')],
    ['a call that ends', session('call_ended', { time: ago(DAY_MS), caller: 'unsaved' })],
    ['a code', code('6919', { time: ago(DAY_MS) })],
    ['a code matched', codeMatched('t', { time: ago(DAY_MS) })],
    ['an answer', responded(held, 'coached_yes', { time: ago(DAY_MS) })],
    ['an instruction', instructed(held, 'stop', { time: ago(DAY_MS) })],
    ['an order', ordered({ time: ago(DAY_MS) })],
  ])('never loses %s', (_title, event) => {
    const { events, windowTruncated } = cutWindow(sorted([event, ...noise(600)]), FROM);
    expect(events).toContain(event);
    expect(events).toEqual(sorted(events));
    expect(windowTruncated).toBe(true);
  });

  it.each<[string, PlatformEvent]>([
    ['savings', redeemed({ time: ago(DAY_MS) })],
    ['a session signal', session('login_elsewhere', { time: ago(DAY_MS) })],
    ['an outcome', settled(transfer({ time: ago(2 * DAY_MS) }), { time: ago(DAY_MS) })],
  ])('loses %s behind 500 newer events', (_title, event) => {
    expect(cutWindow(sorted([event, ...noise(500)]), FROM).events).not.toContain(event);
  });
});

describe('what was cut still counts as sums', () => {
  const early = (given: TransferGiven, ms = 2 * HOUR_MS) =>
    transfer({ to: NEW, time: ago(ms), ...given });
  const subject = (given: TransferGiven): TransferRequested =>
    transfer({ to: NEW, transferId: 'subject', ...given });

  function assessCut(before: readonly PlatformEvent[], of: TransferRequested) {
    const { events, cut, windowTruncated } = cutWindow(
      sorted([...before, ...noise(600), of]),
      FROM,
    );
    expect(windowTruncated).toBe(true);
    for (const event of before) {
      if (event.kind === 'transfer.requested') expect(events).not.toContain(event);
    }
    const assessment = assess(events, { cut, truncated: windowTruncated }).get('subject');
    if (assessment === undefined) throw new Error('not assessed');
    return assessment;
  }
  const codesOf = (before: readonly PlatformEvent[], of: TransferRequested) =>
    assessCut(before, of).reasons.map((reason) => reason.code);

  it('in DR1', () => {
    const of = subject({ yuan: 400, liquid: 400 });
    expect(codesOf([early({ yuan: 600 })], of)).toContain('DR1');
    expect(codesOf([early({ yuan: 500 })], of)).not.toContain('DR1');
  });

  it('in DR2', () => {
    const of = subject({ yuan: 400 });
    const twice = [early({}, 20 * MINUTE_MS), early({}, 19 * MINUTE_MS)];
    expect(codesOf(twice, of)).toContain('DR2');
    expect(codesOf(twice.slice(1), of)).not.toContain('DR2');
  });

  it('in DR5', () => {
    const of = subject({ yuan: 500, p99: 1000 });
    expect(codesOf([early({ yuan: 1500 })], of)).toContain('DR5');
    expect(codesOf([early({ yuan: 1499 })], of)).not.toContain('DR5');
    expect(codesOf([early({ yuan: 1500, to: { accountId: 'other' } })], of)).not.toContain('DR5');
  });

  it('in rule (b)', () => {
    const yes = responded('h', 'coached_yes', { time: ago(HOUR_MS) });
    const of = subject({ yuan: 200 });
    expect(assessCut([yes, early({ yuan: 100 })], of).tier).toBe('T4');
    expect(assessCut([yes, early({ yuan: 99 })], of).tier).toBe('T1');
  });

  it('but for what failed or was cancelled, wherever its end stands', () => {
    const of = subject({ yuan: 500, p99: 1000 });
    for (const end of [failed, cancelled]) {
      const first = early({ yuan: 1500 });
      expect(codesOf([first, end(first, { time: ago(2 * HOUR_MS - 1) })], of)).not.toContain('DR5');
      expect(codesOf([first, end(first, { time: ago(1) })], of)).not.toContain('DR5');
    }
  });

  it('in its own currency', () => {
    const of = subject({ yuan: 500, p99: 1000 });
    expect(codesOf([early({ yuan: 1500, currency: 'HKD' })], of)).not.toContain('DR5');
  });

  it('and the facts say that the window was cut', () => {
    expect(assessCut([], subject({})).facts.windowTruncated).toBe(true);
    expect(assess([subject({})]).get('subject')?.facts.windowTruncated).toBe(false);
  });
});
