/** What the engine tells whoever watches it: metrics and logs are made of this, never inside a rule. */
import type { FeedPulses, InputTopic } from '#domain';
import type { BatchResult } from './batch-types.ts';

export interface EngineObserver {
  partitionsOwned(partitions: readonly number[]): void;
  /** A partition is not read on: what is stored and what the log has do not fit. Needs an operator. */
  partitionStopped(partition: number, reason: string): void;
  batchCommitted(batch: {
    readonly inputs: number;
    readonly durationMs: number;
    readonly result: BatchResult;
  }): void;
  recordsConsumed(topic: InputTopic, count: number): void;
  /** How the feeds of a partition spoke up to a committed batch. */
  feedsHeard(partition: number, pulses: FeedPulses): void;
  /** A lagging topic kept others waiting for so long. */
  alignmentWaited(waitedMs: number): void;
  fenced(partitions: readonly number[]): void;
  retrying(error: Error, attempt: number): void;
  /** A record that could not be processed for a reason of our own was set aside. */
  recordFailed(topic: InputTopic, partition: number, offset: number, error: Error): void;
  /** From each request's append to the broker's acknowledgement of its decision. */
  decisionsPublished(latenciesMs: readonly number[]): void;
  publishFailed(error: Error): void;
}
