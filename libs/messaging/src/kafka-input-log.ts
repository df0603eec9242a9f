/** The input log on Kafka. kafkajs fetches and keeps the group; positions, pauses and rounds are ours (`delivery.ts`). */
import {
  type InputLog,
  type InputLogListener,
  type TopicBounds,
  type TopicPosition,
} from '#application';
import { INPUT_TOPICS, type InputTopic, type Instant } from '#domain';
import type { Consumer, ConsumerGroupJoinEvent, EachBatchPayload, Kafka } from 'kafkajs';
import { makeCoPartitionAssigner } from './assigner.ts';
import { checkInputTopics, readInputBounds } from './bounds.ts';
import { type KafkaConnection, QUICK_RETRIES, openKafka } from './connection.ts';
import { Delivery } from './delivery.ts';
import { toFault } from './faults.ts';
import { makeProgressReporter } from './progress.ts';
import { toRecord } from './records.ts';
import { nodeName, watchFetches } from './watch-fetches.ts';
import { within } from './within.ts';

export interface KafkaInputLogConfig {
  readonly kafka: KafkaConnection;
  readonly groupId: string;
  /** Put before the topic names of the contract, where a cluster is shared. */
  readonly topicPrefix?: string;
  /** The broker gives our partitions to others after this silence. The broker's minimum is 6 s unless it is told otherwise. */
  readonly sessionTimeoutMs?: number;
  readonly heartbeatIntervalMs?: number;
  /** How long a rebalance waits for members that are busy. */
  readonly rebalanceTimeoutMs?: number;
  /** How long a fetch waits for a first record; also how long a resumed partition may wait while everything is paused. */
  readonly maxWaitMs?: number;
  readonly maxBytesPerPartition?: number;
  /** Of one answer of one broker, before decompression. */
  readonly maxBytes?: number;
  /** An outage of the brokers that lasts longer ends in `failed`. */
  readonly outageMsMax?: number;
  readonly stopMsMax?: number;
}

export interface KafkaInputLog extends InputLog {
  health(): InputLogHealth;
}

export interface InputLogHealth {
  /** When a broker last answered a fetch or, while everything is paused, a heartbeat. */
  readonly lastAnswerAt: Instant | undefined;
  readonly partitions: number;
  readonly rebalances: number;
  /** Lag reports that did not arrive. */
  readonly progressFailures: number;
}

const DEFAULTS = {
  topicPrefix: '',
  sessionTimeoutMs: 6_000,
  heartbeatIntervalMs: 1_000,
  rebalanceTimeoutMs: 10_000,
  maxWaitMs: 50,
  maxBytesPerPartition: 256 * 1024,
  maxBytes: 4 * 1024 * 1024,
  outageMsMax: 60_000,
  stopMsMax: 5_000,
} as const;

const COMMIT_WAIT_MS = 1_000;

/**
 * An `InputLog` on a Kafka consumer group. Opens no connection before `start`.
 *
 * A round is over when every resumed and unpaused topic-partition either delivered records since the last round, or a
 * broker answered to a request begun since then that nothing readable lies at its position (records of open transactions
 * are not readable). Partitions that stay ours over a rebalance go on without a call; all others are revoked and assigned.
 */
export function makeKafkaInputLog(config: KafkaInputLogConfig): KafkaInputLog {
  return new KafkaInput({ ...DEFAULTS, ...config });
}

type Settings = Required<KafkaInputLogConfig>;

class KafkaInput implements KafkaInputLog {
  readonly #settings: Settings;
  readonly #kafka: Kafka;
  readonly #consumer: Consumer;
  readonly #delivery: Delivery;
  readonly #progress: ReturnType<typeof makeProgressReporter>;
  #listener: InputLogListener | undefined;
  #failure: Error | undefined;
  #started = false;
  #over = false;
  #memberId = '';
  #joinAttempts = 0;
  #rebalances = 0;
  #lastAnswerAt: Instant | undefined;
  #outageFrom: Instant = Date.now();

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#kafka = openKafka(settings.kafka);
    this.#delivery = new Delivery(INPUT_TOPICS, settings.topicPrefix, {
      roundEnded: () => this.#tell((listener) => listener.roundEnded()),
      skip: (position) => this.#seek(position),
      failed: (error) => this.#fail(error),
    });
    this.#consumer = this.#kafka.consumer({
      groupId: settings.groupId,
      sessionTimeout: settings.sessionTimeoutMs,
      heartbeatInterval: settings.heartbeatIntervalMs,
      rebalanceTimeout: settings.rebalanceTimeoutMs,
      maxWaitTimeInMs: settings.maxWaitMs,
      maxBytesPerPartition: settings.maxBytesPerPartition,
      maxBytes: settings.maxBytes,
      minBytes: 1,
      allowAutoTopicCreation: false,
      partitionAssigners: [this.#assigner()],
      retry: { ...QUICK_RETRIES, restartOnFailure: () => Promise.resolve(this.#mayRestart()) },
    });
    this.#progress = makeProgressReporter((offsets) => this.#consumer.commitOffsets([...offsets]));
    this.#observe();
  }

  async start(listener: InputLogListener): Promise<{ readonly partitionCount: number }> {
    const names = INPUT_TOPICS.map((topic) => this.#name(topic));
    try {
      const partitionCount = await checkInputTopics(this.#kafka, names);
      this.#listener = listener;
      this.#outageFrom = Date.now();
      await this.#consumer.connect();
      await this.#consumer.subscribe({ topics: names, fromBeginning: true });
      await this.#consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: (payload) => this.#eachBatch(payload),
      });
      if (this.#failure !== undefined) throw this.#failure;
      this.#started = true;
      return { partitionCount };
    } catch (error) {
      await this.stop();
      const { brokers } = this.#settings.kafka;
      throw toFault(error, `Kafka at ${brokers.join(', ')} could not be read`);
    }
  }

  async stop(): Promise<void> {
    this.#over = true;
    const { stopMsMax } = this.#settings;
    const reported = this.#progress.close();
    // A commit that is being retried would open connections again behind our back.
    const quiet = await within(reported, Math.min(COMMIT_WAIT_MS, stopMsMax));
    await within(this.#consumer.disconnect(), stopMsMax);
    if (!quiet) void reported.then(() => this.#consumer.disconnect());
  }

  async bounds(partitions: readonly number[]): Promise<readonly TopicBounds[]> {
    try {
      return await readInputBounds(
        this.#kafka,
        INPUT_TOPICS,
        this.#settings.topicPrefix,
        partitions,
      );
    } catch (error) {
      throw toFault(error, 'the bounds of the input topics could not be read');
    }
  }

  resume(positions: readonly TopicPosition[]): void {
    for (const position of positions) {
      if (!Number.isSafeInteger(position.nextOffset) || position.nextOffset < 0) {
        throw new RangeError(
          `cannot read ${position.topic} ${position.partition} from ${position.nextOffset}`,
        );
      }
      this.#seek(position);
      this.unpause(position.topic, position.partition);
    }
  }

  pause(topic: InputTopic, partition: number): void {
    if (this.#delivery.setPaused(topic, partition, true)) this.#flow('pause', topic, partition);
  }

  unpause(topic: InputTopic, partition: number): void {
    if (this.#delivery.setPaused(topic, partition, false)) this.#flow('resume', topic, partition);
  }

  reportProgress(positions: readonly TopicPosition[]): void {
    const { topicPrefix } = this.#settings;
    const held = new Set(this.#delivery.held());
    const own = positions.filter(({ partition }) => held.has(partition));
    this.#progress.report(own.map((one) => ({ ...one, topic: topicPrefix + one.topic })));
  }

  health(): InputLogHealth {
    return {
      lastAnswerAt: this.#lastAnswerAt,
      partitions: this.#delivery.held().length,
      rebalances: this.#rebalances,
      progressFailures: this.#progress.failures(),
    };
  }

  #assigner(): ReturnType<typeof makeCoPartitionAssigner> {
    return makeCoPartitionAssigner({
      held: () => this.#delivery.held(),
      joining: () => {
        this.#joinAttempts += 1;
      },
      opened: (cluster) =>
        watchFetches(cluster, this.#delivery, {
          answered: () => this.#answered(),
          outOfRange: (topic, partition) =>
            this.#fail(
              new Error(
                `${topic} ${partition} has no record at the position it is read from: compare the stored position with the log's bounds before going on`,
              ),
            ),
        }),
    });
  }

  #observe(): void {
    const { events } = this.#consumer;
    this.#consumer.on(events.GROUP_JOIN, ({ payload }) => this.#joined(payload));
    this.#consumer.on(events.HEARTBEAT, () => this.#answered());
    this.#consumer.on(events.FETCH_START, ({ payload }) =>
      this.#delivery.handedOver(nodeName(payload.nodeId)),
    );
    this.#consumer.on(events.START_BATCH_PROCESS, ({ payload }) => {
      // Markers and aborted records only: kafkajs passes over them by itself and tells nobody else.
      if (payload.batchSize === 0) {
        this.#delivery.passedOver(payload.topic, payload.partition, Number(payload.lastOffset));
      }
    });
    this.#consumer.on(events.CRASH, ({ payload }) => {
      if (payload.restart) this.#revoke(this.#delivery.held());
      else this.#fail(payload.error);
    });
  }

  /**
   * Runs synchronously between the assignment and the first fetch under it. Everything not known to be still ours and at a
   * known position is paused before anyone is told, so nothing is delivered before `resume`.
   */
  #joined({ memberId, memberAssignment }: ConsumerGroupJoinEvent['payload']): void {
    // With a new member id, or after a join that did not come to an end, others may have had our partitions in between.
    const continuous = memberId === this.#memberId && this.#joinAttempts === 1;
    this.#memberId = memberId;
    this.#joinAttempts = 0;
    this.#rebalances += 1;
    this.#answered();
    if (this.#over) return;
    const before = this.#delivery.held();
    const now = [...new Set(Object.values(memberAssignment).flat())].toSorted((a, b) => a - b);
    const kept = new Set(continuous ? before.filter((one) => now.includes(one)) : []);
    this.#delivery.assign(now, kept);
    this.#pauseAllBut(now, kept);
    this.#delivery.resumedPositions().forEach((position) => this.#seek(position));
    const revoked = before.filter((one) => !kept.has(one));
    const assigned = now.filter((one) => !kept.has(one));
    if (revoked.length > 0) this.#tell((listener) => listener.revoked(revoked));
    if (assigned.length > 0) this.#tell((listener) => listener.assigned(assigned));
  }

  #pauseAllBut(partitions: readonly number[], kept: ReadonlySet<number>): void {
    const paused = partitions.filter((one) => !kept.has(one));
    for (const topic of INPUT_TOPICS) {
      this.#consumer.pause([{ topic: this.#name(topic), partitions: paused }]);
    }
  }

  #revoke(partitions: readonly number[]): void {
    this.#delivery.assign([], new Set());
    this.#memberId = '';
    if (partitions.length > 0) this.#tell((listener) => listener.revoked(partitions));
  }

  /** Enqueues at the listener and returns. What may not be delivered is not resolved, so kafkajs fetches it again. */
  #eachBatch({ batch, resolveOffset, isRunning }: EachBatchPayload): Promise<void> {
    const { topic: name, partition, messages } = batch;
    const topic = this.#delivery.mayDeliver(name, partition);
    const [first, last] = [messages[0], messages.at(-1)];
    if (topic !== undefined && first && last && isRunning() && !this.#over) {
      const records = messages.map((message) => toRecord(topic, partition, message));
      if (
        this.#delivery.advance(name, partition, Number(first.offset), Number(batch.lastOffset()))
      ) {
        // Before the listener is called: it may pause or seek from inside.
        resolveOffset(last.offset);
        const end = Number(batch.highWatermark);
        this.#tell((listener) => listener.records(topic, partition, records, end));
      }
    }
    return Promise.resolve();
  }

  #seek(position: TopicPosition): void {
    if (this.#over || !this.#delivery.seek(position)) return;
    const { topic, partition, nextOffset } = position;
    this.#whileRunning(() =>
      this.#consumer.seek({ topic: this.#name(topic), partition, offset: String(nextOffset) }),
    );
    if (!this.#delivery.isPaused(topic, partition)) this.#flow('resume', topic, partition);
  }

  #flow(call: 'pause' | 'resume', topic: InputTopic, partition: number): void {
    const target = [{ topic: this.#name(topic), partitions: [partition] }];
    this.#whileRunning(() => this.#consumer[call](target));
  }

  /** Between a crash and the restart there is no group; the next join settles everything anew. */
  #whileRunning(call: () => void): void {
    try {
      call();
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'KafkaJSNonRetriableError') throw error;
    }
  }

  #answered(): void {
    this.#lastAnswerAt = this.#outageFrom = Date.now();
  }

  #mayRestart(): boolean {
    const outage = Date.now() - this.#outageFrom;
    return !this.#over && outage < this.#settings.outageMsMax;
  }

  #tell(call: (listener: InputLogListener) => void): void {
    if (this.#over || this.#listener === undefined) return;
    try {
      call(this.#listener);
    } catch (error) {
      // Left to kafkajs it would be retried for ever, with a position that is already further.
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #fail(error: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#failure = toFault(error, 'Kafka was lost');
    if (this.#started) this.#listener?.failed(this.#failure);
    void this.stop();
  }

  #name(topic: InputTopic): string {
    return this.#settings.topicPrefix + topic;
  }
}
