/** SCORING §1: holds are never cut from a window, however crowded it is and however long ago the request was. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { PlatformEvent, TransferRequested } from '../event/event.ts';
import { compareEvents } from '../event/order.ts';
import { assessPayer } from '../assessment/assess-payer.ts';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../kernel/instant.ts';
import { subjectKey, subjectOf } from '../subject/subject.ts';
import { NEW, NOON, ago, session, transfer } from '../testing/events.ts';
import { SPEC_CODES, makeScorer, onRecord, specHoldId, windowOf } from '../testing/scorer.ts';
import { cutWindow } from './cut-window.ts';
import { withHeldRequests } from './held-requests.ts';
import type { RecordedSubject } from './payer-window.ts';

const { policy } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const noise: PlatformEvent[] = Array.from({ length: 500 }, (_, i) =>
  session('help_searched', { time: ago((i + 1) * SECOND_MS) }),
);
const next = transfer({ transferId: 'next', yuan: 5_000, to: { ...NEW, accountId: 'another' } });

function assessed(held: TransferRequested, record: RecordedSubject, others: PlatformEvent[]) {
  const all = [held, ...others, next].sort(compareEvents);
  const recorded = new Map([[subjectKey(record.subject), record]]);
  const cut = cutWindow(all, NOON - 3 * DAY_MS);
  const window = { ...windowOf([]), ...cut, recorded, ...withHeldRequests(cut, recorded) };
  const targets = new Set([subjectKey(subjectOf(next))]);
  const [found] = assessPayer(window, targets, policy, SPEC_CODES, { holdIdOf: specHoldId });
  return found;
}

describe('an open hold', () => {
  it('still holds what comes next after 500 other events', () => {
    const held = transfer({ transferId: 'held', yuan: 8_000, to: NEW, time: ago(HOUR_MS) });
    const record = { ...onRecord(held, 'T4'), request: held };
    const found = assessed(held, record, noise);
    expect(found?.tier).toBe('T4');
    expect(found?.reasons.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['HELD_WITH', 'CO6']),
    );
    // Neither lost with the cut nor counted twice.
    expect(found?.facts.attempts?.others24hMinor).toBe(13_000_00);
  });

  it('still holds what comes next when its request has left the window', () => {
    const held = transfer({ transferId: 'held', yuan: 8_000, to: NEW, time: ago(80 * HOUR_MS) });
    const on = onRecord(held, 'T4');
    const hold = { holdId: specHoldId(on.subject), placedAt: ago(60 * HOUR_MS) };
    const times = { dueAt: ago(36 * HOUR_MS), ceilingAt: NOON + 12 * HOUR_MS };
    const record = { ...on, hold: { ...hold, ...times }, request: held };
    expect(assessed(held, record, [])?.tier).toBe('T4');
  });
});
