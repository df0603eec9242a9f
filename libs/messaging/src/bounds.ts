/** What the brokers know of the input topics: how many partitions, where they begin and end. */
import type { TopicBounds } from '#application';
import type { InputTopic } from '#domain';
import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import { equalPartitionCount } from './assigner.ts';
import { isTransient } from './faults.ts';

/** The partition count of all topics. Throws one line naming topics and counts when they differ or one is missing. */
export async function checkInputTopics(kafka: Kafka, names: readonly string[]): Promise<number> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const counts = await partitionCounts(admin, names);
    return equalPartitionCount(new Map(names.map((name) => [name, counts.get(name) ?? 0])));
  } finally {
    await admin.disconnect();
  }
}

/** Partition counts of those topics that exist. */
export async function partitionCounts(
  admin: Admin,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const present = new Set(await admin.listTopics());
  const asked = names.filter((name) => present.has(name));
  // An empty list would mean all topics of the cluster.
  if (asked.length === 0) return new Map();
  const { topics } = await admin.fetchTopicMetadata({ topics: asked });
  return new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
}

/** How often it is asked where leaders are being elected: 4.5 s of pauses in all. */
const ATTEMPTS = 8;
const PAUSE_MS = 50;
const PAUSE_MS_MAX = 1_000;

/**
 * Where topics begin and end. `end` is one past the last offset that readers of committed records can reach. Waits for
 * leaders that are being elected, `attempts` times at most.
 */
export async function readBounds(
  kafka: Kafka,
  names: readonly string[],
  attempts: number = ATTEMPTS,
): Promise<
  readonly {
    readonly name: string;
    readonly partition: number;
    readonly start: number;
    readonly end: number;
  }[]
> {
  for (let attempt = 1; ; attempt += 1) {
    // A client keeps asking the leader that it once knew: each attempt looks anew.
    const admin = kafka.admin();
    try {
      await admin.connect();
      const all = await Promise.all(
        names.map(async (name) => {
          const offsets = await topicOffsets(admin, name);
          return offsets.map(({ partition, low, high }) => ({
            name,
            partition,
            start: Number(low),
            end: Number(high),
          }));
        }),
      );
      return all.flat();
    } catch (error) {
      if (attempt >= attempts || !isTransient(error)) throw error;
      await sleep(Math.min(PAUSE_MS * 2 ** attempt, PAUSE_MS_MAX));
    } finally {
      await admin.disconnect();
    }
  }
}

/** kafkajs trips over a topic none of whose partitions has a leader just now. */
async function topicOffsets(
  admin: Admin,
  name: string,
): Promise<Awaited<ReturnType<Admin['fetchTopicOffsets']>>> {
  try {
    return await admin.fetchTopicOffsets(name);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new kafkajs.KafkaJSError(`${name} has no leader`, { retriable: true });
  }
}

/** The same for input topics, by the contract's names. */
export async function readInputBounds(
  kafka: Kafka,
  topics: readonly InputTopic[],
  prefix: string,
  partitions: readonly number[],
): Promise<readonly TopicBounds[]> {
  const wanted = new Set(partitions);
  const bounds = await readBounds(
    kafka,
    topics.map((topic) => prefix + topic),
  );
  return topics.flatMap((topic) =>
    bounds
      .filter(({ name, partition }) => name === prefix + topic && wanted.has(partition))
      .map(({ partition, start, end }) => ({ topic, partition, start, end })),
  );
}
