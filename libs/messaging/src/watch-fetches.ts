/**
 * Watches the fetch requests of one kafkajs consumer. kafkajs hands its cluster client to the partition assigner; that is
 * the only place where requests and empty answers can be seen, and without them neither a silent reset of a position nor
 * the end of a round can be.
 */
import type { Broker, Cluster } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery, FetchedPartition, FetchTopic } from './delivery.ts';

/** What is read of an answer (kafkajs decodes Fetch version 4 and later to this). */
interface FetchAnswer {
  readonly responses: readonly {
    readonly topicName: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly highWatermark: string;
      readonly lastStableOffset?: string;
      readonly messages: readonly unknown[];
    }[];
  }[];
}

export interface FetchHooks {
  /** The broker has no such offset; kafkajs would jump to the log's beginning next. */
  outOfRange(topic: string, partition: number): void;
  answered(): void;
}

/**
 * From one fetch of a broker to the next at least. Every fetch asks for all partitions of all topics, which costs the broker and us more
 * than the few records that come within this time; what waits is fetched together.
 */
const FETCH_GAP_MS = 5;

/** Routes every fetch of the consumer that owns `cluster` through `delivery`. */
export function watchFetches(cluster: Cluster, delivery: Delivery, hooks: FetchHooks): void {
  const watched = new WeakSet<Broker>();
  const findBroker = cluster.findBroker.bind(cluster);
  cluster.findBroker = async (node) => {
    const broker = await findBroker(node);
    if (!watched.has(broker)) {
      watched.add(broker);
      watchBroker(broker, nodeName(node.nodeId), delivery, hooks);
    }
    return broker;
  };
}

/** kafkajs calls brokers by number or by text, whatever its types say. */
export function nodeName(nodeId: string | number): string {
  return String(nodeId);
}

function watchBroker(broker: Broker, node: string, delivery: Delivery, hooks: FetchHooks): void {
  const fetch = broker.fetch.bind(broker);
  let nextAt = 0;
  broker.fetch = async (request) => {
    const now = performance.now();
    if (nextAt > now) await sleep(nextAt - now);
    nextAt = performance.now() + FETCH_GAP_MS;
    const { round } = delivery;
    const topics = delivery.planFetch(request.topics);
    const asked = topics.flatMap((topic) => topic.partitions);
    const maxBytes = Math.max(request.maxBytes ?? 0, ...asked.map((one) => one.maxBytes));
    try {
      const answer: FetchAnswer = await fetch({
        ...request,
        maxBytes,
        topics: topics.map(asRequest),
      });
      delivery.fetched(node, round, fetchedPartitions(topics, answer));
      hooks.answered();
      return answer;
    } catch (error) {
      const range = outOfRange(error);
      if (range !== undefined) hooks.outOfRange(range.topic, range.partition);
      throw error;
    }
  };
}

function asRequest({ topic, partitions }: FetchTopic): {
  topic: string;
  partitions: { partition: number; fetchOffset: string; maxBytes: number }[];
} {
  return { topic, partitions: [...partitions] };
}

function fetchedPartitions(asked: readonly FetchTopic[], answer: FetchAnswer): FetchedPartition[] {
  const offsets = new Map<string, number>();
  for (const { topic, partitions } of asked) {
    for (const one of partitions) offsets.set(`${topic} ${one.partition}`, Number(one.fetchOffset));
  }
  return answer.responses.flatMap(({ topicName, partitions }) =>
    partitions.map((one) => ({
      topic: topicName,
      partition: one.partition,
      fetchOffset: offsets.get(`${topicName} ${one.partition}`) ?? -1,
      recordCount: one.messages.length,
      readableEnd: Number(one.lastStableOffset ?? one.highWatermark),
    })),
  );
}

function outOfRange(error: unknown): { topic: string; partition: number } | undefined {
  if (!(error instanceof Error) || error.name !== 'KafkaJSOffsetOutOfRange') return undefined;
  const topic = 'topic' in error ? String(error.topic) : '?';
  const partition = 'partition' in error ? Number(error.partition) : -1;
  return { topic, partition };
}
