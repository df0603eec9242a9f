/** A broker for specs, shared or of their own, and fresh topics on it for every test. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { INPUT_TOPICS } from '#domain';
import { type KafkaConnection, ensureTopics } from '#messaging';
import { type KafkaJars, type LocalKafka, fetchKafka, startLocalKafka } from '#testing';
import { askForServer } from './ask.ts';

/** Kept between runs; the folder is not part of the repository. */
export function fetchTestJars(): Promise<KafkaJars> {
  return fetchKafka({ directory: resolve('.lengjing', 'kafka-jars') });
}

export interface SpecKafka {
  readonly brokers: string;
  /** The library itself, for what the product never does. */
  readonly raw: Kafka;
  readonly admin: Admin;
  connection(clientId: string): KafkaConnection;
  /** Creates the six input topics under a prefix of their own, and says which. */
  freshTopics(partitions: number, settings?: Readonly<Record<string, string>>): Promise<string>;
  close(): Promise<void>;
}

/** On the broker that all specs of the run share. */
export async function useSharedKafka(): Promise<SpecKafka> {
  const { brokers } = await askForServer('kafka');
  return connect(String(brokers));
}

/** On a broker that nobody minds being killed. */
export async function startOwnKafka(): Promise<SpecKafka & { readonly broker: LocalKafka }> {
  const jars = await fetchTestJars();
  const directory = await mkdtemp(join(tmpdir(), 'lengjing-kafka-'));
  const broker = await startLocalKafka({ jars, directory });
  const connected = await connect(broker.brokers);
  return {
    ...connected,
    broker,
    async close() {
      await connected.close();
      await broker.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function connect(brokers: string): Promise<SpecKafka> {
  const raw = new Kafka({ brokers: [brokers], clientId: 'spec', logLevel: logLevel.NOTHING });
  const admin = raw.admin();
  await admin.connect();
  const connection = (clientId: string): KafkaConnection => ({ brokers: [brokers], clientId });
  return {
    brokers,
    raw,
    admin,
    connection,
    async freshTopics(partitions, settings = {}) {
      const topicPrefix = `${randomUUID().slice(0, 8)}.`;
      const topics = INPUT_TOPICS.map((name) => ({ name, partitions, settings }));
      await ensureTopics(connection('spec-topics'), { topics }, { topicPrefix });
      return topicPrefix;
    },
    close: () => admin.disconnect(),
  };
}

/** Waits until `condition` holds. */
export async function until(condition: () => boolean, what = 'it', waitMs = 30_000): Promise<void> {
  const deadline = Date.now() + waitMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${waitMs} ms`);
    await new Promise((next) => setTimeout(next, 5));
  }
}
