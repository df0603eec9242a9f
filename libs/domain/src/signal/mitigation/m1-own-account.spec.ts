/** M1 by SCORING §1 and §3: own account of the same name, −40 dB; void with CO2, another name, or added or bound during an unsaved call. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/instant.ts';
import { NOON, OWN, ago, call, drawRequested, session, transfer } from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const check = (row: Row): void => expect(decibansOf('M1', row)).toBe(row.db);

const subject = transfer({ to: OWN });
const added = (ms: number, accountId = 'own-card') =>
  session('payee_added', { time: ago(ms), accountId });
const bound = (ms: number, accountId = 'own-card') =>
  session('card_bound', { time: ago(ms), accountId });
/** Half an hour of call, an hour ago. */
const calling = (caller: 'saved' | 'unsaved' = 'unsaved') =>
  call({ start: 90 * MINUTE_MS, end: HOUR_MS, caller });

describe('M1: an own account', () => {
  it.each<Row>([
    { when: 'own', subject, db: -40 },
    { when: 'another’s', subject: transfer(), db: 0 },
    {
      when: 'own, name matches',
      subject: transfer({ to: { ...OWN, nameMatch: 'match' } }),
      db: -40,
    },
    {
      when: 'own, name not compared',
      subject: transfer({ to: { ...OWN, nameMatch: 'unknown' } }),
      db: -40,
    },
    {
      when: 'own, another name',
      subject: transfer({ to: { ...OWN, nameMatch: 'mismatch' } }),
      db: 0,
    },
    { when: 'own wallet', subject: transfer({ to: { ...OWN, kind: 'wallet' } }), db: -40 },
    { when: 'of a draw', subject: drawRequested(), db: 0 },
  ])('$when: $db dB', check);
});

describe('M1, void with CO2', () => {
  it.each<Row>([
    {
      when: 'screen shared',
      before: [session('screen_share_started', { time: ago(MINUTE_MS) })],
      subject,
      db: 0,
    },
    {
      when: 'remote control 60 min ago',
      before: [session('remote_control', { time: ago(HOUR_MS) })],
      subject,
      db: 0,
    },
    {
      when: 'remote control longer ago',
      before: [session('remote_control', { time: ago(HOUR_MS + 1) })],
      subject,
      db: -40,
    },
  ])('$when: $db dB', check);
});

describe('M1, void where it came about during an unsaved call', () => {
  it.each<Row>([
    { when: 'a call alone', before: calling(), subject, db: -40 },
    {
      when: 'added during the call',
      before: [...calling(), added(70 * MINUTE_MS)],
      subject,
      db: 0,
    },
    {
      when: 'card bound during the call',
      before: [...calling(), bound(70 * MINUTE_MS)],
      subject,
      db: 0,
    },
    {
      when: 'added before the call',
      before: [...calling(), added(91 * MINUTE_MS)],
      subject,
      db: -40,
    },
    {
      when: 'added after the call',
      before: [...calling(), added(59 * MINUTE_MS)],
      subject,
      db: -40,
    },
    {
      when: 'added during a saved call',
      before: [...calling('saved'), added(70 * MINUTE_MS)],
      subject,
      db: -40,
    },
    {
      when: 'another account added',
      before: [...calling(), added(70 * MINUTE_MS, 'b')],
      subject,
      db: -40,
    },
    {
      when: 'added during a call that still runs',
      before: [...call({ start: 10 * MINUTE_MS }), added(MINUTE_MS)],
      subject,
      db: 0,
    },
    {
      when: 'added 3 h after a call began that has no end',
      before: [...call({ start: 4 * HOUR_MS }), added(HOUR_MS)],
      subject,
      db: 0,
    },
    {
      when: 'added 5 h after a call began that has no end',
      before: [...call({ start: 6 * HOUR_MS }), added(HOUR_MS)],
      subject,
      db: -40,
    },
    {
      when: 'added in a call five days ago, in a window that reaches so far',
      before: [
        ...call({ start: 121 * 60 * MINUTE_MS, end: 119 * 60 * MINUTE_MS }),
        added(120 * 60 * MINUTE_MS),
      ],
      subject,
      db: -40,
    },
    {
      when: 'added later',
      before: [
        ...call({ start: 10 * MINUTE_MS }),
        session('payee_added', { time: NOON + 5 * SECOND_MS + 1, accountId: 'own-card' }),
      ],
      subject,
      db: -40,
    },
  ])('$when: $db dB', check);
});
