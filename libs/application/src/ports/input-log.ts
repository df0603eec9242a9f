/** The log the engine reads: Kafka, or the in-process log with the same behaviour. */
import type { InputTopic, Instant } from '#domain';

/** A record as the broker gave it; nothing of it is trusted yet. */
export interface RawRecord {
  readonly topic: InputTopic;
  readonly partition: number;
  readonly offset: number;
  /** The broker's timestamp. */
  readonly brokerTime: Instant;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: ReadonlyMap<string, Uint8Array>;
}

export interface TopicPosition {
  readonly topic: InputTopic;
  readonly partition: number;
  /** The next offset to read. */
  readonly nextOffset: number;
}

export interface TopicBounds {
  readonly topic: InputTopic;
  readonly partition: number;
  /** First offset the log still has. */
  readonly start: number;
  /** One past the last offset of the log (the high watermark). */
  readonly end: number;
}

/** All methods are called synchronously by the log and MUST return quickly: they enqueue, they do not work. */
export interface InputLogListener {
  /** Partition k of every input topic is ours from now on. Nothing of it is delivered before `resume`. */
  assigned(partitions: readonly number[]): void;
  /** No longer ours. Records delivered before may still be in the listener's queues: it drops them. */
  revoked(partitions: readonly number[]): void;
  /** Records of one topic-partition in offset order. `end` is the high watermark seen with them. */
  records(topic: InputTopic, partition: number, records: readonly RawRecord[], end: number): void;
  /** One round over every assigned and resumed topic-partition is over: what brought no records was empty when it began. */
  roundEnded(): void;
  /** The log will deliver nothing more. The process is expected to exit. */
  failed(error: Error): void;
}

export interface InputLog {
  /** Checks that every input topic has the same number of partitions (refuses to start otherwise), joins and delivers. */
  start(listener: InputLogListener): Promise<{ readonly partitionCount: number }>;
  /** Leaves. After it resolves the listener is not called again. */
  stop(): Promise<void>;
  /** Where the log begins and ends for all six input topics of these partitions. */
  bounds(partitions: readonly number[]): Promise<readonly TopicBounds[]>;
  /** Delivers from these positions on. Positions of partitions that are not ours any more are ignored. */
  resume(positions: readonly TopicPosition[]): void;
  /** Stops delivery of one topic-partition until `unpause`, keeping the place: back-pressure. */
  pause(topic: InputTopic, partition: number): void;
  unpause(topic: InputTopic, partition: number): void;
  /** Tells the broker how far we are, as a lag gauge only. Failures are swallowed by the adapter and counted. */
  reportProgress(positions: readonly TopicPosition[]): void;
}
