/** The one order in which events are taken, whatever order they arrived in (SCORING §1). */
import { TOPIC_OF, type PlatformEvent } from './event.ts';

/** Context 0, draws 1, transfers 2. `transfer.settled` and its kind rank with transfers, as outcomes of one. */
export function eventRank(event: PlatformEvent): number {
  switch (TOPIC_OF[event.kind]) {
    case 'payments.transfers':
      return 2;
    case 'credit.draws':
      return 1;
    default:
      return 0;
  }
}

/** Time, then rank, then source, then id: a total order over distinct events, independent of locale. */
export function compareEvents(a: PlatformEvent, b: PlatformEvent): number {
  if (a.time !== b.time) return a.time - b.time;
  const rank = eventRank(a) - eventRank(b);
  if (rank !== 0) return rank;
  if (a.source !== b.source) return a.source < b.source ? -1 : 1;
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}
