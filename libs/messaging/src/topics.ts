/** The topics of `deploy/topics.yml`: read, created where missing, and checked where they exist. */
import { readFile } from 'node:fs/promises';
import type { ITopicConfig } from 'kafkajs';
import { parse } from 'yaml';
import { partitionCounts, readBounds } from './bounds.ts';
import { type KafkaConnection, openKafka } from './connection.ts';
import { toFault } from './faults.ts';

export interface TopicDeclaration {
  readonly name: string;
  readonly partitions: number;
  /** Topic settings as Kafka names them, `cleanup.policy`, `retention.ms` and so on. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface TopicsFile {
  readonly topics: readonly TopicDeclaration[];
}

const DAY_MS = 24 * 60 * 60 * 1000;
const HOUR_MS = 60 * 60 * 1000;

/** Reads the file. Throws one line naming the topic and the key that are wrong. */
export async function readTopicsFile(path: string): Promise<TopicsFile> {
  return parseTopics(await readFile(path, 'utf8'));
}

export function parseTopics(text: string): TopicsFile {
  const file: unknown = parse(text);
  if (!isRecord(file))
    throw new Error('the topics file must be a mapping with `partitions` and `topics`');
  const partitions = positive(file['partitions'], 'partitions');
  const listed = file['topics'];
  if (!isRecord(listed)) throw new Error('the topics file has no `topics`');
  const topics = Object.entries(listed).map(([name, body]) =>
    toDeclaration(name, body, partitions),
  );
  return { topics };
}

const KEYS = ['partitions', 'cleanup', 'retention', 'settings'];

function toDeclaration(name: string, body: unknown, partitions: number): TopicDeclaration {
  if (!isRecord(body)) throw new Error(`topic ${name}: expected a mapping`);
  const unknown = Object.keys(body).find((key) => !KEYS.includes(key));
  if (unknown !== undefined)
    throw new Error(`topic ${name}: ${unknown} is not known (use ${KEYS.join(', ')})`);
  const { cleanup, retention, settings } = body;
  if (cleanup !== 'delete' && cleanup !== 'compact') {
    throw new Error(`topic ${name}: cleanup must be delete or compact`);
  }
  const extra = isRecord(settings) ? Object.entries(settings) : [];
  return {
    name,
    partitions:
      body['partitions'] === undefined
        ? partitions
        : positive(body['partitions'], `topic ${name}: partitions`),
    settings: {
      'cleanup.policy': cleanup,
      ...(cleanup === 'delete' ? { 'retention.ms': retentionMs(name, retention) } : {}),
      ...Object.fromEntries(extra.map(([key, value]) => [key, String(value)])),
    },
  };
}

function retentionMs(name: string, retention: unknown): string {
  if (retention === 'forever') return '-1';
  const match =
    typeof retention === 'string' ? /^(?<count>\d+) ?(?<unit>[dh])$/.exec(retention) : null;
  const { count, unit } = match?.groups ?? {};
  if (count === undefined)
    throw new Error(`topic ${name}: retention must be like 72h, 30d or forever`);
  return String(Number(count) * (unit === 'd' ? DAY_MS : HOUR_MS));
}

function positive(value: unknown, what: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw new Error(`${what} must be a positive whole number`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export interface EnsureTopicsOptions {
  readonly topicPrefix?: string;
  /** Copies of each partition; −1 for the broker's default. */
  readonly replicationFactor?: number;
}

/** A busy machine needs its time to make the folders of 192 partitions: half a minute and more is waited for. */
const CREATION_ATTEMPTS = 35;

/**
 * Creates what is missing, and checks the partition counts of what is there: a count can never be changed behind the back
 * of stored positions and of keys. Returns the names created. Throws one line naming all topics that do not fit.
 */
export async function ensureTopics(
  kafka: KafkaConnection,
  { topics }: TopicsFile,
  options: EnsureTopicsOptions = {},
): Promise<readonly string[]> {
  const { topicPrefix = '', replicationFactor = -1 } = options;
  const client = openKafka(kafka);
  const admin = client.admin();
  try {
    await admin.connect();
    const wanted = topics.map((topic) => ({ ...topic, name: topicPrefix + topic.name }));
    const counts = await partitionCounts(
      admin,
      wanted.map(({ name }) => name),
    );
    const wrong = wanted.filter(
      ({ name, partitions }) => (counts.get(name) ?? partitions) !== partitions,
    );
    if (wrong.length > 0) throw new Error(describeMismatch(wrong, counts));
    const missing = wanted.filter(({ name }) => !counts.has(name));
    if (missing.length > 0) {
      await admin.createTopics({
        topics: missing.map((topic) => toTopicConfig(topic, replicationFactor)),
      });
      // A created topic has leaders on paper first; this waits until they answer.
      await readBounds(
        client,
        missing.map(({ name }) => name),
        CREATION_ATTEMPTS,
      );
    }
    return missing.map(({ name }) => name);
  } catch (error) {
    throw toFault(error, `the topics could not be set up at ${kafka.brokers.join(', ')}`);
  } finally {
    await admin.disconnect();
  }
}

function describeMismatch(
  wrong: readonly TopicDeclaration[],
  counts: ReadonlyMap<string, number>,
): string {
  const list = wrong.map(
    ({ name, partitions }) =>
      `${name} has ${counts.get(name)} partitions, declared are ${partitions}`,
  );
  return `${list.join('; ')}: recreate them, or declare what is there in deploy/topics.yml`;
}

function toTopicConfig(
  { name, partitions, settings }: TopicDeclaration,
  replicationFactor: number,
): ITopicConfig {
  return {
    topic: name,
    numPartitions: partitions,
    replicationFactor,
    configEntries: Object.entries(settings).map(([key, value]) => ({ name: key, value })),
  };
}
