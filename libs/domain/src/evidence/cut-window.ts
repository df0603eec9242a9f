/** How a payer's evidence is cut to a window: the same for every store (SCORING §1). */
import type { PlatformEvent } from '../event/event.ts';
import { compareEvents } from '../event/order.ts';
import type { Instant } from '../kernel/instant.ts';
import { ORDERS_EXTRA_MS, WINDOW_EVENTS_MAX, cutSums, evidenceClass } from './kept-evidence.ts';
import type { CutSum } from './payer-window.ts';

export interface CutWindow {
  readonly events: PlatformEvent[];
  readonly cut: readonly CutSum[];
  readonly windowTruncated: boolean;
}

/**
 * The window from `from` on: the newest events up to the maximum, everything older that is never cut, orders of four days more,
 * and sums of the attempts that were cut. `events` MUST be sorted by `compareEvents`; so is what comes back.
 */
export function cutWindow(events: readonly PlatformEvent[], from: Instant): CutWindow {
  let start = events.length;
  while (start > 0 && (events[start - 1] as PlatformEvent).time >= from) start -= 1;
  const orders: PlatformEvent[] = [];
  for (let i = start - 1; i >= 0; i -= 1) {
    const event = events[i] as PlatformEvent;
    if (event.time < from - ORDERS_EXTRA_MS) break;
    if (event.kind === 'merchant.ordered') orders.push(event);
  }
  orders.reverse();
  const within = events.length - start;
  if (within <= WINDOW_EVENTS_MAX) {
    const kept = events.slice(start);
    return {
      events: orders.length === 0 ? kept : [...orders, ...kept],
      cut: [],
      windowTruncated: false,
    };
  }
  const cutAt = events.length - WINDOW_EVENTS_MAX;
  const older = events.slice(start, cutAt);
  const kept = older.filter((event) => evidenceClass(event) !== 'ordinary');
  return {
    events: [...orders, ...kept, ...events.slice(cutAt)].sort(compareEvents),
    cut: cutSums(older, events.slice(start)),
    windowTruncated: true,
  };
}
