/** Calls and screen sharing as spans of time, built from starts and ends of which either may be missing. */
import type { SessionObserved } from '../event/event.ts';
import type { Instant } from '../kernel/instant.ts';

export interface Span {
  readonly start: Instant;
  /** Of the end that was seen, otherwise the longest a span may run. */
  end: Instant;
  endSeen: boolean;
  /** 1 for a span of its own, 2 for one that began soon after the last one's seen end, and so on. */
  readonly inRow: number;
  readonly events: SessionObserved[];
}

/** A start within a running span is the same state reported again. `maxRowGapMs` bounds the pause within a row. */
export function startSpan(
  spans: Span[],
  event: SessionObserved,
  maxMs: number,
  maxRowGapMs: number,
): void {
  const last = spans.at(-1);
  if (last !== undefined && !last.endSeen && event.time < last.end) return;
  const follows = last !== undefined && last.endSeen && event.time - last.end <= maxRowGapMs;
  spans.push({
    start: event.time,
    end: event.time + maxMs,
    endSeen: false,
    inRow: follows ? last.inRow + 1 : 1,
    events: [event],
  });
}

/** Ends the running span. An end without a start is nothing. */
export function endSpan(spans: Span[], event: SessionObserved): void {
  const last = spans.at(-1);
  if (last === undefined || last.endSeen || event.time >= last.end) return;
  last.end = event.time;
  last.endSeen = true;
  last.events.push(event);
}

export function runsAt(spans: readonly Span[], at: Instant): boolean {
  const last = spans.at(-1);
  return last !== undefined && last.start <= at && at < last.end;
}

/** Shared now, or until a while ago where the end was seen. A share whose end nobody saw counts as long as it may run. */
export function isWatched(share: Span, at: Instant, afterMs: number): boolean {
  return at - share.end <= (share.endSeen ? afterMs : 0);
}
