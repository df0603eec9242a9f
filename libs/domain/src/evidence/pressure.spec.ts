/** DESIGN, Hold life: a payer reconfirms only in a fresh session without a call; nor does it count with the screen watched. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { PlatformEvent } from '../event/event.ts';
import { HOUR_MS, MINUTE_MS } from '../kernel/instant.ts';
import { NOON, ago, call, session, transfer } from '../testing/events.ts';
import { makeScorer } from '../testing/scorer.ts';
import { underPressure } from './pressure.ts';

const { policy } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);

describe('pressure at noon', () => {
  it.each<[string, readonly PlatformEvent[], boolean]>([
    ['nothing happened', [], false],
    ['a call runs', call({ start: MINUTE_MS }), true],
    ['a call has just begun', call({ start: 0 }), true],
    ['a call runs with a saved number', call({ start: MINUTE_MS, caller: 'saved' }), true],
    ['a call is over', call({ start: HOUR_MS, end: 1 }), false],
    ['a call ends in a moment', call({ start: HOUR_MS, end: -1 }), true],
    ['a call began 5 h ago and has no end', call({ start: 5 * HOUR_MS }), false],
    ['a call begins in a moment', call({ start: -1 }), false],
    ['the screen is shared', [session('screen_share_started', { time: ago(MINUTE_MS) })], true],
    [
      'sharing ended half an hour ago',
      [
        session('screen_share_started', { time: ago(HOUR_MS) }),
        session('screen_share_ended', { time: ago(30 * MINUTE_MS) }),
      ],
      true,
    ],
    [
      'remote control 61 min ago',
      [session('remote_control', { time: ago(61 * MINUTE_MS) })],
      false,
    ],
    ['a transfer alone', [transfer({ time: ago(1) })], false],
  ])('%s: %p', (_title, events, pressed) => {
    expect(underPressure(events, NOON, policy)).toBe(pressed);
  });
});
