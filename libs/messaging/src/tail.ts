/** Follows topics from their present end, for people and tests: nothing is remembered of how far it came. */
import { randomBytes } from 'node:crypto';
import { partitionCounts } from './bounds.ts';
import { openKafka, type KafkaConnection } from './connection.ts';
import { toFault } from './faults.ts';

export interface TailedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Tail {
  stop(): Promise<void>;
}

/** Resolves once everything that is appended from now on will be told, in order per partition. */
export async function tailTopics(
  connection: KafkaConnection,
  topics: readonly string[],
  onRecord: (record: TailedRecord) => void,
): Promise<Tail> {
  const kafka = openKafka(connection);
  const groupId = `lengjing-tail-${randomBytes(6).toString('hex')}`;
  const consumer = kafka.consumer({
    groupId,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: 50,
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    await consumer.connect();
    // Positions before the group joins: what is appended in between is then told, not passed over.
    const ends = await Promise.all(
      topics.map(async (topic) => ({ topic, offsets: await admin.fetchTopicOffsets(topic) })),
    );
    for (const { topic, offsets } of ends) {
      const partitions = offsets.map(({ partition, high }) => ({ partition, offset: high }));
      await admin.setOffsets({ groupId, topic, partitions });
    }
    await consumer.subscribe({ topics: [...topics] });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch, heartbeat }) => {
        for (const { offset, key, value, headers } of batch.messages) {
          onRecord({
            topic: batch.topic,
            partition: batch.partition,
            offset: Number(offset),
            key: key?.toString() ?? null,
            value: value?.toString() ?? null,
            headers: Object.fromEntries(
              Object.entries(headers ?? {}).map(([name, text]) => [name, String(text ?? '')]),
            ),
          });
        }
        await heartbeat();
      },
    });
  } catch (error) {
    await consumer.disconnect();
    throw toFault(error, `the topics ${topics.join(', ')} could not be followed`);
  } finally {
    await admin.disconnect();
  }
  return { stop: () => consumer.disconnect() };
}

/** Partition counts of the topics, by name. Throws one line where one does not exist or no broker answers. */
export async function countPartitions(
  connection: KafkaConnection,
  topics: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const admin = openKafka(connection).admin();
  try {
    await admin.connect();
    const counts = await partitionCounts(admin, topics);
    const missing = topics.filter((topic) => !counts.has(topic));
    if (missing.length > 0)
      throw new Error(`there is no topic ${missing.join(', ')}: create it first`);
    return counts;
  } catch (error) {
    throw toFault(error, `Kafka at ${connection.brokers.join(', ')} could not be asked`);
  } finally {
    await admin.disconnect();
  }
}
