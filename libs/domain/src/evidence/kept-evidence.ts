/** What every store of evidence must agree on: how long events stay, and which are never cut. */
import { DAY_MS, HOUR_MS } from '../kernel/instant.ts';
import { TOPIC_OF, type PlatformEvent, type SessionSignal } from '../event/event.ts';
import type { CutSum } from './payer-window.ts';

/** A window holds at most so many events, newest first, besides those that are never cut (SCORING §1). */
export const WINDOW_EVENTS_MAX = 500;
/** Orders count for 7 days where everything else counts for 72 h (SCORING CO3). */
export const ORDERS_EXTRA_MS = 4 * DAY_MS;
/**
 * `code`: digests, gone when the codes' window ends · `lasting`: never cut from a window · `ordinary`: cut beyond the
 * newest 500 · `order`: kept 7 days, never cut.
 */
export type EvidenceClass = 'code' | 'lasting' | 'ordinary' | 'order';

const LASTING_SIGNALS: ReadonlySet<SessionSignal> = new Set([
  'call_started',
  'call_ended',
  'screen_share_started',
  'screen_share_ended',
  'remote_control',
  // What makes M1 void must not be crowded out either.
  'payee_added',
  'card_bound',
]);

export function evidenceClass(event: PlatformEvent): EvidenceClass {
  if (event.kind === 'merchant.ordered') return 'order';
  if (event.kind === 'session.observed') {
    return LASTING_SIGNALS.has(event.signal) ? 'lasting' : 'ordinary';
  }
  switch (TOPIC_OF[event.kind]) {
    case 'identity.codes':
      return 'code';
    case 'holds.responses':
      return 'lasting';
    case 'credit.draws':
      return event.kind === 'credit.limit-viewed' ? 'ordinary' : 'lasting';
    default:
      return 'ordinary';
  }
}

/** Sums of the attempts in `older` per payee, hour, currency and ownership. `all` tells which of them failed or were cancelled. */
export function cutSums(
  older: readonly PlatformEvent[],
  all: readonly PlatformEvent[],
): readonly CutSum[] {
  const ended = new Set<string>();
  for (const event of all) {
    if (event.kind === 'transfer.failed' || event.kind === 'transfer.cancelled') {
      ended.add(`${event.source}\n${event.transferId}`);
    }
  }
  const sums = new Map<string, CutSum>();
  for (const event of older) {
    if (event.kind !== 'transfer.requested') continue;
    if (ended.has(`${event.source}\n${event.transferId}`)) continue;
    const hour = event.time - (event.time % HOUR_MS);
    const own = event.payee.ownership === 'own';
    const payeeId = event.payee.accountId;
    const { currency, minor } = event.amount;
    const key = `${payeeId}\n${hour}\n${currency}\n${own}`;
    const sum = sums.get(key) ?? { payeeId, hour, count: 0, minor: 0, currency, own };
    sums.set(key, { ...sum, count: sum.count + 1, minor: sum.minor + minor });
  }
  return [...sums.values()];
}
