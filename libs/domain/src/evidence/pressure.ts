/** Whether somebody is at the payer's ear or screen right now: then nothing that the payer confirms counts. */
import type { PlatformEvent } from '../event/event.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Policy } from '../policy/policy.ts';
import { screenWatched } from './payee-standing.ts';
import { runsAt } from './spans.ts';
import { emptyTimeline, observe } from './timeline.ts';

/** An unsaved call runs, or the screen is or was shortly before shared or steered (CO2). `events` MUST be in order. */
export function underPressure(
  events: readonly PlatformEvent[],
  at: Instant,
  policy: Policy,
): boolean {
  const timeline = emptyTimeline();
  for (const event of events) {
    if (event.time > at) break;
    if (event.kind === 'session.observed') observe(timeline, event, policy);
  }
  return runsAt(timeline.calls, at) || screenWatched(timeline, at, policy);
}
