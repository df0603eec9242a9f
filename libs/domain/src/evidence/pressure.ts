/** Whether somebody is at the payer's ear or screen right now: then nothing that the payer confirms counts. */
import type { PlatformEvent } from '../event/event.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Policy } from '../policy/policy.ts';
import { screenWatched } from './payee-standing.ts';
import { policySpans } from '../policy/spans.ts';
import { endSpan, runsAt, startSpan, type Span } from './spans.ts';
import { emptyTimeline, observe } from './timeline.ts';

/** A call runs, whoever calls, or the screen is or was shortly before shared or steered (CO2). `events` MUST be in order. */
export function underPressure(
  events: readonly PlatformEvent[],
  at: Instant,
  policy: Policy,
): boolean {
  const timeline = emptyTimeline();
  const spans = policySpans(policy);
  const calls: Span[] = [];
  for (const event of events) {
    if (event.time > at) break;
    if (event.kind !== 'session.observed') continue;
    observe(timeline, event, spans);
    if (event.signal === 'call_started') startSpan(calls, event, spans.callMax, 0);
    else if (event.signal === 'call_ended') endSpan(calls, event);
  }
  return runsAt(calls, at) || screenWatched(timeline, at, spans);
}
