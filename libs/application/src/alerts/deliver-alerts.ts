/** Hands alerts to a channel until they arrive, with growing gaps, and tells operations of those that do not within half a minute. */
import { HOUR_MS, MINUTE_MS, SECOND_MS, type SealedEntry } from '#domain';
import type { Clock } from '../ports/clock.ts';
import type { AlertStore, TakenAlert } from '../ports/alert-store.ts';

/** One way to reach a payer. A new one is one small file. */
export interface AlertChannel {
  /** Resolves once whoever carries the alert on has taken it. Rejects where it has to be tried again. */
  deliver(alert: TakenAlert): Promise<void>;
}

export interface AlertDeps {
  readonly alerts: AlertStore;
  readonly channel: AlertChannel;
  readonly clock: Clock;
}

export interface DeliveryRound {
  readonly delivered: number;
  readonly failed: number;
  /** Newly overdue: operations must hear of it now. */
  readonly raised: number;
}

const TAKEN_MAX = 100;
const COLLECTED_MAX = 500;
/** Longer than any channel may take. */
const LEASE_MS = MINUTE_MS;
/** What was requested longer ago says nothing that helps any more. */
const OLDEST_MS = 24 * HOUR_MS;
const GAP_MS_MAX = 15 * MINUTE_MS;
/** Within a minute of the request, with a poll and an attempt to spare. */
const RAISED_AFTER_MS = 30 * SECOND_MS;

/** After the n-th attempt: 2 s, 4 s, 8 s … up to a quarter of an hour. */
export function gapMs(attempts: number): number {
  return Math.min(GAP_MS_MAX, 1_000 * 2 ** Math.min(attempts, 20));
}

/** One round. Alerts go out side by side; one that fails keeps none of the others waiting. */
export async function deliverAlerts({ alerts, channel, clock }: AlertDeps): Promise<DeliveryRound> {
  const now = clock.now();
  await alerts.collect(now - OLDEST_MS, COLLECTED_MAX);
  const taken = await alerts.take(now, LEASE_MS, TAKEN_MAX);
  const arrived = await Promise.all(
    taken.map(async (alert) => {
      try {
        await channel.deliver(alert);
      } catch {
        const at = clock.now();
        const tooOld = at - alert.requestedAt >= OLDEST_MS;
        await alerts.failed(alert, tooOld ? undefined : at + gapMs(alert.attempts));
        return false;
      }
      await alerts.delivered(alert, clock.now());
      return true;
    }),
  );
  const delivered = arrived.filter(Boolean).length;
  const later = clock.now();
  const raised = await alerts.raise(later - RAISED_AFTER_MS, later);
  return { delivered, failed: taken.length - delivered, raised };
}

/** What a webhook carries: the CloudEvent that Kafka carries too, in structured mode. */
export interface AlertMessage {
  readonly id: string;
  readonly body: string;
}

/** Undefined where a value of the entry was erased. */
export type EncodeAlert = (entry: SealedEntry) => AlertMessage | undefined;
