/** CO1 by SCORING §3: an unsaved call of ≥ 3 min, or a burst of call-backs; 10 dB, after hang-up falling linearly to 0 over 2 h. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/instant.ts';
import {
  NOON,
  OWN,
  SHOP,
  ago,
  call,
  drawRequested,
  session,
  transfer,
} from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const check = (row: Row): void => expect(decibansOf('CO1', row)).toBe(row.db);

describe('CO1, a call that runs', () => {
  it.each<Row>([
    { when: 'no call', db: 0 },
    { when: 'for 3 min', before: call({ start: 3 * MINUTE_MS }), db: 10 },
    { when: 'for 3 min less 1 ms', before: call({ start: 3 * MINUTE_MS - 1 }), db: 0 },
    { when: 'with a saved number', before: call({ start: HOUR_MS, caller: 'saved' }), db: 0 },
    {
      when: 'with a number of which nothing is said',
      before: [session('call_started', { time: ago(HOUR_MS) })],
      db: 0,
    },
    { when: 'for 3 h without an end', before: call({ start: 3 * HOUR_MS }), db: 10 },
    { when: 'for 4 h without an end', before: call({ start: 4 * HOUR_MS }), db: 10 },
    { when: '5 h after a start without an end', before: call({ start: 5 * HOUR_MS }), db: 5 },
    { when: '6 h after a start without an end', before: call({ start: 6 * HOUR_MS }), db: 0 },
    {
      when: 'and ends 5 s after',
      before: call({ start: HOUR_MS, end: -5 * SECOND_MS }),
      db: 10,
    },
    {
      when: 'since 5 s after',
      before: call({ start: -5 * SECOND_MS }),
      db: 0,
    },
  ])('$when: $db dB', check);
});

describe('CO1, after hang-up', () => {
  const over = (when: string, since: number, db: number): Row => ({
    when,
    before: call({ start: since + 10 * MINUTE_MS, end: since }),
    db,
  });
  it.each<Row>([
    over('at once', 0, 10),
    over('6 min', 6 * MINUTE_MS, 9.5),
    over('30 min', 30 * MINUTE_MS, 7.5),
    over('60 min: half', HOUR_MS, 5),
    over('90 min', 90 * MINUTE_MS, 2.5),
    over('119 min', 119 * MINUTE_MS, 0.1),
    over('2 h', 2 * HOUR_MS, 0),
    over('3 h', 3 * HOUR_MS, 0),
    {
      when: 'a call of exactly 3 min',
      before: call({ start: 3 * MINUTE_MS, end: 0 }),
      db: 10,
    },
    {
      when: 'a call of less than 3 min',
      before: call({ start: 3 * MINUTE_MS, end: 1 }),
      db: 0,
    },
    {
      when: 'an end without a start',
      before: [session('call_ended', { time: ago(MINUTE_MS), caller: 'unsaved' })],
      db: 0,
    },
    {
      when: 'two calls: the one that weighs more',
      before: [
        ...call({ start: 130 * MINUTE_MS, end: 90 * MINUTE_MS }),
        ...call({ start: 40 * MINUTE_MS, end: 30 * MINUTE_MS }),
      ],
      db: 7.5,
    },
    {
      when: 'a long call, then a short one within 10 min: a row of two',
      before: [
        ...call({ start: 80 * MINUTE_MS, end: 60 * MINUTE_MS }),
        ...call({ start: 55 * MINUTE_MS, end: 54 * MINUTE_MS }),
      ],
      db: 5,
    },
  ])('$when: $db dB', check);
});

describe('CO1, a burst of call-backs', () => {
  /** Calls of one minute; each begins so long after the end of the one before; the last ends at noon. */
  const burst = (count: number, gap: number, caller: 'saved' | 'unsaved' = 'unsaved') =>
    Array.from({ length: count }, (_, i) => {
      const end = i * (gap + MINUTE_MS);
      return call({ start: end + MINUTE_MS, end, caller });
    }).flat();
  it.each<Row>([
    { when: 'two calls', before: burst(2, MINUTE_MS), db: 0 },
    { when: 'three calls', before: burst(3, MINUTE_MS), db: 10 },
    { when: 'three calls, 10 min between', before: burst(3, 10 * MINUTE_MS), db: 10 },
    { when: 'three calls, 10 min and 1 ms between', before: burst(3, 10 * MINUTE_MS + 1), db: 0 },
    { when: 'three saved calls', before: burst(3, MINUTE_MS, 'saved'), db: 0 },
    {
      when: 'the third just begun',
      before: [
        ...call({ start: 9 * MINUTE_MS, end: 8 * MINUTE_MS }),
        ...call({ start: 5 * MINUTE_MS, end: 4 * MINUTE_MS }),
        ...call({ start: SECOND_MS }),
      ],
      db: 10,
    },
    ...[5 * SECOND_MS, 5 * SECOND_MS + 1].map((late, index) => ({
      when: `the third begins ${late} ms after the request`,
      before: [
        ...call({ start: 9 * MINUTE_MS, end: 8 * MINUTE_MS }),
        ...call({ start: 5 * MINUTE_MS, end: 4 * MINUTE_MS }),
        ...call({ start: -late }),
      ],
      db: index === 0 ? 10 : 0,
    })),
    {
      when: 'the third begins with the request',
      before: [
        ...call({ start: 9 * MINUTE_MS, end: 8 * MINUTE_MS }),
        ...call({ start: 5 * MINUTE_MS, end: 4 * MINUTE_MS }),
        ...call({ start: 0 }),
      ],
      db: 10,
    },
    {
      when: 'an hour after the third',
      before: [
        ...call({ start: 69 * MINUTE_MS, end: 68 * MINUTE_MS }),
        ...call({ start: 65 * MINUTE_MS, end: 64 * MINUTE_MS }),
        ...call({ start: 61 * MINUTE_MS, end: 60 * MINUTE_MS }),
      ],
      db: 5,
    },
  ])('$when: $db dB', check);
});

describe('CO1, subjects', () => {
  const before = call({ start: HOUR_MS });
  it.each<Row>([
    { when: 'a shop', before, subject: transfer({ to: SHOP }), db: 10 },
    { when: 'an own account', before, subject: transfer({ to: OWN }), db: 10 },
    { when: 'a draw', before, subject: drawRequested(), db: 10 },
    {
      when: 'another session',
      before: call({ start: HOUR_MS, session: 's1' }),
      subject: transfer({ session: 's2' }),
      db: 10,
    },
    {
      when: 'a call that began 5.001 s after',
      before: [session('call_started', { time: NOON + 5001, caller: 'unsaved' })],
      db: 0,
    },
  ])('$when: $db dB', check);
});
