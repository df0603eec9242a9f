/** A call that runs while a payment waits moves its due time: the payer is to think without a voice at the ear (SCORING §5). */
import type { PlatformEvent } from '../event/event.ts';
import { endSpan, startSpan, type Span } from '../evidence/spans.ts';
import { compareEvents } from '../event/order.ts';
import type { Instant } from '../kernel/instant.ts';
import { after, type HoldPolicy } from '../policy/hold-times.ts';
import { policySpans } from '../policy/spans.ts';
import type { Policy } from '../policy/policy.ts';
import type { HoldState } from './hold.ts';

/**
 * When the hold is really due at `now`, with the calls of its payer known so far, in any order: the tier's duration after the end of the last
 * call that ran while it waited, or after now where one still runs; never earlier than `dueAt`, never past the ceiling. A call whose end nobody
 * saw counts as ended after four hours. Whoever calls counts: a mule can be a contact (D-046).
 */
export function dueWithCalls(
  hold: Pick<HoldState, 'tier' | 'profile' | 'placedAt' | 'dueAt' | 'ceilingAt'>,
  calls: readonly PlatformEvent[],
  now: Instant,
  policy: Policy,
): Instant {
  const profile = policy.holds[hold.profile];
  const duration = profile.durations[hold.tier];
  if (!duration.fromCallEnd) return hold.dueAt;
  const last = spansOf(calls, now, policySpans(policy).callMax).at(-1);
  if (last === undefined || last.end <= hold.placedAt) return hold.dueAt;
  const quietSince = Math.min(last.end, now);
  return Math.min(Math.max(hold.dueAt, after(quietSince, duration, profile)), hold.ceilingAt);
}

/** Whether the due time of such a hold can be moved by calls at all. */
export function waitsForCalls(
  hold: Pick<HoldState, 'tier' | 'profile'>,
  policy: HoldPolicy,
): boolean {
  return policy.holds[hold.profile].durations[hold.tier].fromCallEnd;
}

function spansOf(events: readonly PlatformEvent[], now: Instant, callMaxMs: number): Span[] {
  const calls: Span[] = [];
  for (const event of [...events].sort(compareEvents)) {
    if (event.kind !== 'session.observed' || event.time > now) continue;
    if (event.signal === 'call_started') startSpan(calls, event, callMaxMs, 0);
    else if (event.signal === 'call_ended') endSpan(calls, event);
  }
  return calls;
}
