/** What the engine tells, as metrics and log lines. */
import type { EngineObserver } from '#application';
import { FeedGauges, type Program } from '#observability';

const MS = 1_000;

/** Partitions that are not read on, for the readiness check. */
export interface WatchedEngine extends EngineObserver {
  readonly stopped: ReadonlyMap<number, string>;
  readonly owned: readonly number[];
  readonly feeds: FeedGauges;
}

export function observeEngine({ log, metrics }: Pick<Program, 'log' | 'metrics'>): WatchedEngine {
  const stopped = new Map<number, string>();
  const feeds = new FeedGauges();
  let owned: readonly number[] = [];
  return {
    stopped,
    feeds,
    get owned() {
      return owned;
    },
    partitionsOwned(partitions) {
      owned = partitions;
      feeds.keepOnly(partitions);
      for (const partition of partitions) stopped.delete(partition);
      log.info('partitions owned', { partitions });
    },
    partitionStopped(partition, reason) {
      stopped.set(partition, reason);
      log.error('a partition is not read on: its stored position and the log do not fit', {
        partition,
      });
      process.stderr.write(`risk-engine: ${reason}\n`);
    },
    batchCommitted({ inputs, durationMs, result }) {
      metrics.batchEvents.observe(inputs);
      metrics.batchDurationSeconds.observe(durationMs / MS);
      for (const { tier } of result.decisions) metrics.count.decided(tier);
      for (const code of result.refused) metrics.count.refused(code);
      for (const tier of result.placed) metrics.count.holdPlaced(tier);
    },
    recordsConsumed(topic, count) {
      metrics.count.record(topic, count);
    },
    feedsHeard(partition, pulses) {
      feeds.heard(partition, pulses);
    },
    alignmentWaited(waitedMs) {
      metrics.alignmentWaitSeconds.observe(waitedMs / MS);
    },
    fenced(partitions) {
      log.warn('partitions belong to another instance now', { partitions });
    },
    retrying(error, attempt) {
      metrics.databaseTransientFaultsTotal.inc();
      log.warn('trying again', { attempt, error });
    },
    recordFailed(topic, partition, offset, error) {
      log.error('a record could not be processed and is set aside', {
        topic,
        partition,
        offset,
        error,
      });
    },
    decisionsPublished(latenciesMs) {
      for (const ms of latenciesMs) metrics.decisionLatencySeconds.observe(ms / MS);
    },
    publishFailed(error) {
      log.warn('publishing failed and is tried again', { component: 'publisher', error });
    },
  };
}
