/** CO4 by SCORING §3: `login_elsewhere` in session; 8 dB. And SCORING §1: what a session is. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { PlatformEvent } from '../../event/event.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/instant.ts';
import {
  OWN,
  SHOP,
  ago,
  code,
  drawCancelled,
  drawRequested,
  drawn,
  lineOpened,
  limitViewed,
  ordered,
  received,
  redeemed,
  repaid,
  responded,
  session,
  settled,
  transfer,
} from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const check = (row: Row): void => expect(decibansOf('CO4', row)).toBe(row.db);

const elsewhere = (ms: number, sessionId?: string) =>
  session('login_elsewhere', {
    time: ago(ms),
    ...(sessionId === undefined ? {} : { session: sessionId }),
  });

describe('CO4: logged in elsewhere', () => {
  it.each<Row>([
    { when: 'not so', before: [session('login', { time: ago(1) })], db: 0 },
    { when: 'a minute ago', before: [elsewhere(MINUTE_MS)], db: 8 },
    { when: '5 s after', before: [elsewhere(-5 * SECOND_MS)], db: 8 },
    { when: '5.001 s after', before: [elsewhere(-5 * SECOND_MS - 1)], db: 0 },
    { when: 'to a shop', before: [elsewhere(1)], subject: transfer({ to: SHOP }), db: 8 },
    { when: 'to an own account', before: [elsewhere(1)], subject: transfer({ to: OWN }), db: 8 },
    { when: 'of a draw', before: [elsewhere(1)], subject: drawRequested(), db: 8 },
  ])('$when: $db dB', check);
});

describe('in session', () => {
  it.each<Row>([
    { when: '60 min before, no session', before: [elsewhere(HOUR_MS)], db: 8 },
    { when: '60 min and 1 ms before, no session', before: [elsewhere(HOUR_MS + 1)], db: 0 },
    {
      when: '72 h before, the same session id',
      before: [elsewhere(72 * HOUR_MS, 's1')],
      subject: transfer({ session: 's1' }),
      db: 8,
    },
    {
      when: '72 h and 1 ms before, the same session id, in a window that reaches further',
      before: [elsewhere(72 * HOUR_MS + 1, 's1')],
      subject: transfer({ session: 's1' }),
      db: 0,
    },
    {
      when: '60 min before, another session id: the longer counts',
      before: [elsewhere(HOUR_MS, 's1')],
      subject: transfer({ session: 's2' }),
      db: 8,
    },
    {
      when: '70 min before, another session id, nothing between',
      before: [elsewhere(70 * MINUTE_MS, 's1')],
      subject: transfer({ session: 's2' }),
      db: 0,
    },
    {
      when: '5 h before, the same session id',
      before: [elsewhere(5 * HOUR_MS, 's')],
      subject: transfer({ session: 's' }),
      db: 8,
    },
    {
      when: '90 min before, gaps of 30 min',
      before: [
        elsewhere(90 * MINUTE_MS),
        session('login', { time: ago(60 * MINUTE_MS) }),
        session('login', { time: ago(30 * MINUTE_MS) }),
      ],
      db: 8,
    },
    {
      when: '90 min before, gaps of 30 min over new session ids',
      before: [
        elsewhere(90 * MINUTE_MS, 's1'),
        session('login', { time: ago(60 * MINUTE_MS), session: 's2' }),
        session('login', { time: ago(30 * MINUTE_MS), session: 's3' }),
      ],
      subject: transfer({ session: 's4' }),
      db: 8,
    },
    {
      when: '90 min before, a gap of 30 min and 1 ms',
      before: [
        elsewhere(90 * MINUTE_MS),
        session('login', { time: ago(60 * MINUTE_MS - 1) }),
        session('login', { time: ago(30 * MINUTE_MS) }),
      ],
      db: 0,
    },
    {
      when: '90 min before, a gap of 30 min and 1 ms before the request',
      before: [
        elsewhere(90 * MINUTE_MS),
        session('login', { time: ago(60 * MINUTE_MS + 1) }),
        session('login', { time: ago(30 * MINUTE_MS + 1) }),
      ],
      db: 0,
    },
  ])('$when: $db dB', check);

  /** Bridges a gap of 60 min in the middle of 90. */
  const bridged = (bridge: PlatformEvent): Row['before'] => [
    elsewhere(90 * MINUTE_MS),
    session('login', { time: ago(70 * MINUTE_MS) }),
    bridge,
    session('login', { time: ago(15 * MINUTE_MS) }),
  ];
  const at = { time: ago(42 * MINUTE_MS) };
  it.each<[string, PlatformEvent]>([
    ['session.observed', session('help_searched', at)],
    ['savings.redeemed', redeemed(at)],
    ['credit.line-opened', lineOpened(at)],
    ['credit.limit-viewed', limitViewed(at)],
    ['credit.draw-requested', drawRequested(at)],
    ['credit.drawn', drawn(at)],
    ['credit.draw-cancelled', drawCancelled(at)],
    ['transfer.requested', transfer(at)],
  ])('%s is the payer’s own and goes on with the session', (_kind, bridge) => {
    expect(decibansOf('CO4', { before: bridged(bridge) ?? [] })).toBe(8);
  });

  it.each<[string, PlatformEvent]>([
    ['credit.repaid', repaid(at)],
    ['transfer.settled', settled(transfer({ time: ago(10 * HOUR_MS) }), at)],
    ['funds.received', received(at)],
    ['merchant.ordered', ordered(at)],
    ['code.observed', code('123456', at)],
    ['payer.responded', responded('hold', 'coached_no', at)],
  ])('%s does not', (_kind, bridge) => {
    expect(decibansOf('CO4', { before: bridged(bridge) ?? [] })).toBe(0);
  });
});
