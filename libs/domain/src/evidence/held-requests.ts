/** Puts the requests of held subjects back into a window from which they were cut: holds are never cut (SCORING §1). */
import type { PlatformEvent, SubjectEvent } from '../event/event.ts';
import { compareEvents } from '../event/order.ts';
import { HOUR_MS } from '../kernel/instant.ts';
import type { CutSum, PayerWindow, RecordedSubject } from './payer-window.ts';

type Cuttable = Pick<PayerWindow, 'events' | 'cut'>;

/** The same window where nothing is missing. What comes back leaves the sums of what was cut, so that nothing counts twice. */
export function withHeldRequests(
  window: Cuttable,
  recorded: ReadonlyMap<string, RecordedSubject>,
): Cuttable {
  const requests: SubjectEvent[] = [];
  for (const { request } of recorded.values()) if (request !== undefined) requests.push(request);
  if (requests.length === 0) return window;
  const missing = requests.filter((request) => !isAmong(window.events, request));
  if (missing.length === 0) return window;
  const events: PlatformEvent[] = [...window.events, ...missing];
  return {
    events: events.sort(compareEvents),
    cut: missing.reduce(withoutRequest, window.cut),
  };
}

/** `events` are in order, so looking at a few of them tells. */
function isAmong(events: readonly PlatformEvent[], request: SubjectEvent): boolean {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareEvents(events[middle] as PlatformEvent, request);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return false;
}

function withoutRequest(cut: readonly CutSum[], request: SubjectEvent): readonly CutSum[] {
  if (request.kind !== 'transfer.requested') return cut;
  const { payee, amount, time } = request;
  const at = cut.findIndex(
    (sum) =>
      sum.payeeId === payee.accountId &&
      sum.hour === time - (time % HOUR_MS) &&
      (sum.currency ?? amount.currency) === amount.currency &&
      sum.own === (payee.ownership === 'own') &&
      sum.count > 0,
  );
  const sum = cut[at];
  if (sum === undefined) return cut;
  return cut.with(at, { ...sum, count: sum.count - 1, minor: sum.minor - amount.minor });
}
