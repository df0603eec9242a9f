/** CO2 by SCORING §3: screen sharing active (without an end at most 4 h) or ended ≤ 60 min ago, remote control for 60 min; 15 dB. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { PlatformEvent } from '../../event/event.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/instant.ts';
import { OWN, SHOP, ago, drawRequested, session, transfer } from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf, assessRow } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const check = (row: Row): void => expect(decibansOf('CO2', row)).toBe(row.db);

const started = (ms: number) => session('screen_share_started', { time: ago(ms) });
const stopped = (ms: number) => session('screen_share_ended', { time: ago(ms) });
const remote = (ms: number) => session('remote_control', { time: ago(ms) });

describe('CO2: the screen is watched', () => {
  it.each<Row>([
    { when: 'nothing', db: 0 },
    { when: 'sharing', before: [started(MINUTE_MS)], db: 15 },
    { when: 'sharing since 5 s after', before: [started(-5 * SECOND_MS)], db: 15 },
    { when: 'sharing since 5.001 s after', before: [started(-5 * SECOND_MS - 1)], db: 0 },
    { when: 'sharing for 4 h, no end', before: [started(4 * HOUR_MS)], db: 15 },
    { when: 'started 6 h ago, no end', before: [started(6 * HOUR_MS)], db: 0 },
    { when: 'ended 60 min ago', before: [started(2 * HOUR_MS), stopped(HOUR_MS)], db: 15 },
    {
      when: 'ended 60 min and 1 ms ago',
      before: [started(2 * HOUR_MS), stopped(HOUR_MS + 1)],
      db: 0,
    },
    {
      when: 'ended, then started again',
      before: [started(5 * HOUR_MS), stopped(3 * HOUR_MS), started(HOUR_MS)],
      db: 15,
    },
    { when: 'remote control now', before: [remote(0)], db: 15 },
    { when: 'remote control 60 min ago', before: [remote(HOUR_MS)], db: 15 },
    { when: 'remote control 60 min and 1 ms ago', before: [remote(HOUR_MS + 1)], db: 0 },
    { when: 'both: one reason', before: [started(MINUTE_MS), remote(MINUTE_MS)], db: 15 },
    { when: 'to a shop', before: [started(MINUTE_MS)], subject: transfer({ to: SHOP }), db: 15 },
    {
      when: 'to an own account',
      before: [started(MINUTE_MS)],
      subject: transfer({ to: OWN }),
      db: 15,
    },
    { when: 'of a draw', before: [started(MINUTE_MS)], subject: drawRequested(), db: 15 },
    {
      when: 'a screenshot is no sharing',
      before: [session('screenshot', { time: ago(1) })],
      db: 0,
    },
  ])('$when: $db dB', check);

  it.each<[string, readonly PlatformEvent[], RegExp]>([
    ['shared', [started(MINUTE_MS)], /is being/],
    ['steered', [remote(0)], /is being/],
    ['no longer shared', [started(HOUR_MS), stopped(MINUTE_MS)], /within the last hour/],
    ['steered a while ago', [remote(MINUTE_MS)], /within the last hour/],
  ])('says whether the screen is watched or was: %s', (_title, before, says) => {
    const [reason] = assessRow({ before }).reasons;
    expect(reason?.text.en).toMatch(says);
  });
});
