/** CR2 by SCORING §3: of the draws in 24 h one has `firstDraw: true`, or its line was opened in session before it; 8 dB. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { HoldEnd } from '../../hold/hold.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/instant.ts';
import {
  INSTITUTION,
  OWN,
  SHOP,
  ago,
  drawCancelled,
  drawRequested,
  drawn,
  lineOpened,
  repaid,
  responded,
  session,
  transfer,
} from '../../testing/events.ts';
import { makeScorer, onRecord, specHoldId, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const check = (row: Row): void => expect(decibansOf('CR2', row)).toBe(row.db);

const first = (ms: number) => [drawn({ time: ago(ms), firstDraw: true, drawId: 'd' })];

describe('CR2, first draw', () => {
  it.each<Row>([
    { when: 'no draw', db: 0 },
    { when: 'a first draw', before: first(MINUTE_MS), db: 8 },
    { when: 'a later draw', before: [drawn({ time: ago(1), firstDraw: false })], db: 0 },
    { when: 'nothing is said of it', before: [drawn({ time: ago(1) })], db: 0 },
    { when: '5 s after the request', before: first(-5 * SECOND_MS), db: 8 },
    { when: '5.001 s after the request', before: first(-5 * SECOND_MS - 1), db: 0 },
    { when: '24 h', before: first(DAY_MS), db: 8 },
    { when: '24 h and 1 ms', before: first(DAY_MS + 1), db: 0 },
    {
      when: 'one of two',
      before: [...first(HOUR_MS), drawn({ time: ago(1), firstDraw: false })],
      db: 8,
    },
    {
      when: 'only requested so far',
      before: [drawRequested({ time: ago(1), firstDraw: true })],
      db: 8,
    },
    {
      when: 'said by the request, not by the payout',
      before: [
        drawRequested({ time: ago(MINUTE_MS), firstDraw: true, drawId: 'd' }),
        drawn({ time: ago(1), drawId: 'd' }),
      ],
      db: 8,
    },
    {
      when: 'requested more than 24 h before, paid out now',
      before: [
        drawRequested({ time: ago(DAY_MS + HOUR_MS), firstDraw: true, drawId: 'd' }),
        drawn({ time: ago(1), drawId: 'd' }),
      ],
      db: 8,
    },
    {
      when: 'requested more than 24 h before and not paid out',
      before: [drawRequested({ time: ago(DAY_MS + HOUR_MS), firstDraw: true })],
      db: 0,
    },
    {
      when: 'cancelled',
      before: [...first(MINUTE_MS), drawCancelled({ time: ago(1), drawId: 'd' })],
      db: 0,
    },
    {
      when: 'another one cancelled',
      before: [...first(MINUTE_MS), drawCancelled({ time: ago(1), drawId: 'other' })],
      db: 8,
    },
    {
      when: 'repaid: it was drawn all the same',
      before: [...first(MINUTE_MS), repaid({ time: ago(1) })],
      db: 8,
    },
  ])('$when: $db dB', check);
});

describe('CR2, a first draw that is held', () => {
  const request = drawRequested({ time: ago(HOUR_MS), firstDraw: true, drawId: 'd' });
  const holdId = specHoldId({ source: '', kind: 'draw', id: 'd' });
  const recorded = (end?: HoldEnd) => {
    const record = onRecord(request, 'T3');
    if (record.hold === undefined) throw new Error('not held');
    const ended =
      end === undefined ? {} : { ended: { at: ago(MINUTE_MS), end, actor: 'payer' as const } };
    return { recorded: [{ ...record, hold: { ...record.hold, ...ended } }], targets: ['t'] };
  };
  const before = [request];
  const subject = transfer({ transferId: 't' });
  it.each<Row>([
    { when: 'and waits', before, subject, beside: recorded(), db: 8 },
    { when: 'and was released', before, subject, beside: recorded('released'), db: 8 },
    { when: 'and was cancelled', before, subject, beside: recorded('cancelled'), db: 0 },
    { when: 'and expired', before, subject, beside: recorded('expired'), db: 0 },
    {
      when: 'and was cancelled by the payer a moment ago',
      before: [request, responded(holdId, 'cancel', { time: ago(1) })],
      subject,
      beside: recorded(),
      db: 0,
    },
    {
      when: 'and was paid out before its hold ended',
      before: [request, drawn({ time: ago(2 * MINUTE_MS), drawId: 'd' })],
      subject,
      beside: recorded('cancelled'),
      db: 8,
    },
  ])('$when: $db dB', check);
});

/** A line opened so long before noon and a draw on it a minute before. */
const opened = (ms: number, given: { lender?: string; product?: string } = {}) => [
  lineOpened({ time: ago(ms), ...given }),
  drawn({ time: ago(MINUTE_MS) }),
];

describe('CR2, line opened in session before the draw', () => {
  it.each<Row>([
    { when: 'a minute before it', before: opened(2 * MINUTE_MS), db: 8 },
    { when: 'another product’s line', before: opened(2 * MINUTE_MS, { product: 'huabei' }), db: 0 },
    { when: 'another lender’s line', before: opened(2 * MINUTE_MS, { lender: 'webank' }), db: 0 },
    { when: 'after it', before: opened(MINUTE_MS - 1), db: 0 },
    { when: '60 min before it', before: opened(61 * MINUTE_MS), db: 8 },
    {
      when: '60 min and 1 ms before it, nothing between',
      before: opened(61 * MINUTE_MS + 1),
      db: 0,
    },
    {
      when: '80 min before it, in a session of gaps of 30 min',
      before: [
        lineOpened({ time: ago(81 * MINUTE_MS) }),
        session('login', { time: ago(51 * MINUTE_MS) }),
        session('help_searched', { time: ago(21 * MINUTE_MS) }),
        drawn({ time: ago(MINUTE_MS) }),
      ],
      db: 8,
    },
    {
      when: '80 min before it, with a gap of more than 30 min',
      before: [
        lineOpened({ time: ago(81 * MINUTE_MS) }),
        session('login', { time: ago(51 * MINUTE_MS - 1) }),
        session('help_searched', { time: ago(21 * MINUTE_MS) }),
        drawn({ time: ago(MINUTE_MS) }),
      ],
      db: 0,
    },
    {
      when: 'two hours before it in the same session id',
      before: [
        lineOpened({ time: ago(121 * MINUTE_MS), session: 's' }),
        drawn({ time: ago(MINUTE_MS), session: 's' }),
      ],
      subject: transfer({ session: 's' }),
      db: 8,
    },
    {
      when: 'two hours before it in another session id',
      before: [
        lineOpened({ time: ago(121 * MINUTE_MS), session: 's1' }),
        drawn({ time: ago(MINUTE_MS), session: 's2' }),
      ],
      subject: transfer({ session: 's2' }),
      db: 0,
    },
    { when: 'a line and no draw', before: [lineOpened({ time: ago(MINUTE_MS) })], db: 0 },
    {
      when: 'on a draw that was cancelled',
      before: [
        lineOpened({ time: ago(3 * MINUTE_MS) }),
        drawn({ time: ago(2 * MINUTE_MS), drawId: 'd' }),
        drawCancelled({ time: ago(MINUTE_MS), drawId: 'd' }),
      ],
      db: 0,
    },
    {
      when: 'before the request of a draw that was paid out two hours later',
      before: [
        lineOpened({ time: ago(131 * MINUTE_MS) }),
        drawRequested({ time: ago(130 * MINUTE_MS), drawId: 'd' }),
        drawn({ time: ago(MINUTE_MS), drawId: 'd' }),
      ],
      db: 8,
    },
  ])('$when: $db dB', check);
});

describe('CR2, payees and draws', () => {
  const before = first(MINUTE_MS);
  it.each<Row>([
    { when: 'a shop from ¥1,000', before, subject: transfer({ to: SHOP }), db: 8 },
    { when: 'a shop below ¥1,000', before, subject: transfer({ to: SHOP, yuan: 999.99 }), db: 0 },
    {
      when: 'a hospital below ¥1,000',
      before,
      subject: transfer({ to: INSTITUTION, yuan: 10 }),
      db: 0,
    },
    { when: 'an own account', before, subject: transfer({ to: OWN }), db: 0 },
    { when: 'a draw after a first one', before, subject: drawRequested({ drawId: 'd2' }), db: 8 },
    { when: 'a draw that is the first itself', subject: drawRequested({ firstDraw: true }), db: 8 },
    { when: 'a draw that is not the first', subject: drawRequested({ firstDraw: false }), db: 0 },
    {
      when: 'a draw whose line was opened a minute before',
      before: [lineOpened({ time: ago(MINUTE_MS) })],
      subject: drawRequested(),
      db: 8,
    },
    { when: 'a draw of a few fen', subject: drawRequested({ firstDraw: true, yuan: 0.05 }), db: 8 },
  ])('$when: $db dB', check);
});
