/** Reads topics as any consumer does: everything from a point on, bytes as they are. */
import { randomUUID } from 'node:crypto';
import type { Consumer, IHeaders, KafkaMessage } from 'kafkajs';
import type { OutboundMessage, RawRecord } from '#application';
import type { InputTopic } from '#domain';
import type { SpecKafka } from './messaging-kafka.ts';

export interface FollowedRecord extends OutboundMessage {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, Uint8Array>>;
}

export interface Follower {
  /** In order per topic and partition. */
  readonly records: readonly FollowedRecord[];
  /** Waits until everything that lies on the topics now is among the records. */
  catchUp(): Promise<void>;
  stop(): Promise<void>;
}

const CATCH_UP_MS = 60_000;

/** Follows the topics from their beginning, or from their present end. */
export async function follow(
  kafka: SpecKafka,
  topics: readonly string[],
  from: 'beginning' | 'end',
): Promise<Follower> {
  const { admin, raw } = kafka;
  const reached = new Map<string, number>();
  for (const topic of topics) {
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
      reached.set(`${topic} ${partition}`, Number(from === 'end' ? high : low));
    }
  }
  const consumer = raw.consumer({
    groupId: `follower-${randomUUID()}`,
    maxWaitTimeInMs: 200,
    sessionTimeout: 20_000,
  });
  const records: FollowedRecord[] = [];
  await run(consumer, topics, (topic, partition, messages, last) => {
    const lane = `${topic} ${partition}`;
    const start = reached.get(lane) ?? 0;
    for (const message of messages) {
      // What lay there before is passed over; to seek would need the group's assignment.
      if (Number(message.offset) >= start) records.push(recordOf(topic, partition, message));
    }
    reached.set(lane, Math.max(start, last + 1));
  });
  return {
    records,
    async catchUp() {
      const deadline = Date.now() + CATCH_UP_MS;
      for (const topic of topics) {
        for (const { partition, high } of await offsetsOf(admin, topic, deadline)) {
          while ((reached.get(`${topic} ${partition}`) ?? 0) < Number(high)) {
            if (Date.now() > deadline)
              throw new Error(`${topic} ${partition} was not read to ${high}`);
            await new Promise((next) => setTimeout(next, 10));
          }
        }
      }
    },
    stop: () => consumer.disconnect(),
  };
}

/** A broker that has just come back does not lead its partitions yet: it is asked again. */
async function offsetsOf(
  admin: SpecKafka['admin'],
  topic: string,
  deadline: number,
): ReturnType<SpecKafka['admin']['fetchTopicOffsets']> {
  for (;;) {
    try {
      return await admin.fetchTopicOffsets(topic);
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((next) => setTimeout(next, 100));
    }
  }
}

type Take = (
  topic: string,
  partition: number,
  messages: readonly KafkaMessage[],
  last: number,
) => void;

async function run(consumer: Consumer, topics: readonly string[], take: Take): Promise<void> {
  await consumer.connect();
  await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  // A batch of markers alone is told by this event only.
  consumer.on(consumer.events.START_BATCH_PROCESS, ({ payload }) => {
    const { topic, partition, batchSize, lastOffset } = payload;
    if (batchSize === 0) take(topic, partition, [], Number(lastOffset));
  });
  await consumer.run({
    autoCommit: false,
    eachBatch: ({ batch }) => {
      take(batch.topic, batch.partition, batch.messages, Number(batch.lastOffset()));
      return Promise.resolve();
    },
  });
}

function recordOf(topic: string, partition: number, message: KafkaMessage): FollowedRecord {
  return {
    topic,
    partition,
    offset: Number(message.offset),
    timestamp: Number(message.timestamp),
    key: message.key,
    value: message.value,
    headers: headersOf(message.headers ?? {}),
  };
}

function headersOf(headers: IHeaders): Record<string, Uint8Array> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Buffer.from(String(value))]),
  );
}

/** The record as the engine was given it. */
export function rawRecordOf(record: FollowedRecord): RawRecord {
  const { partition, offset, timestamp, key, value, headers } = record;
  return {
    topic: record.topic as InputTopic,
    partition,
    offset,
    brokerTime: timestamp,
    key,
    value,
    headers: new Map(Object.entries(headers)),
  };
}

export function jsonOf(record: FollowedRecord): unknown {
  return JSON.parse(Buffer.from(record.value ?? []).toString('utf8'));
}
