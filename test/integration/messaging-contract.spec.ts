/** The contract of the input log on a real Kafka broker. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll } from '@jest/globals';
import type { Producer } from 'kafkajs';
import { makeKafkaInputLog } from '#messaging';
import { CONTRACT_PARTITIONS, type LogUnderTest, inputLogContract } from '../contract/input-log.ts';
import { type SpecKafka, useSharedKafka, until } from './messaging-kafka.ts';

/** Shorter than in production, so that a kill is noticed soon. */
const SESSION_TIMEOUT_MS = 2_000;
/** Longer than the longest wait of a fetch, several times. */
const PASS_MS = 400;

let kafka: SpecKafka;
beforeAll(async () => {
  kafka = await useSharedKafka();
});
afterAll(() => kafka.close());

async function open(): Promise<LogUnderTest> {
  const topicPrefix = await kafka.freshTopics(CONTRACT_PARTITIONS);
  const groupId = `${topicPrefix}group`;
  const producer = kafka.raw.producer({
    createPartitioner:
      () =>
      ({ message }) =>
        message.partition ?? 0,
  });
  const transactional = kafka.raw.producer({
    transactionalId: groupId,
    maxInFlightRequests: 1,
    idempotent: true,
  });
  await Promise.all([producer.connect(), transactional.connect()]);
  const children: ChildProcess[] = [];
  return {
    instance: () =>
      makeKafkaInputLog({
        kafka: kafka.connection('instance'),
        groupId,
        topicPrefix,
        sessionTimeoutMs: SESSION_TIMEOUT_MS,
        heartbeatIntervalMs: 300,
      }),
    async doomed() {
      const child = startMember({ groupId, topicPrefix });
      children.push(child);
      await once(child.stdout ?? child, 'data');
      return {
        async kill() {
          child.kill('SIGKILL');
          await once(child, 'exit');
        },
      };
    },
    append: (topic, partition, values) =>
      send(
        producer,
        topicPrefix + topic,
        values.map((value) => ({ key: 'k', value, partition })),
      ),
    appendOne: ({ topic, partition, key, value, headers }) =>
      send(producer, topicPrefix + topic, [{ partition, key, value, headers }]),
    async appendAborted(topic, partition) {
      const transaction = await transactional.transaction();
      await transaction.send({
        topic: topicPrefix + topic,
        messages: [1, 2].map((n) => ({ key: 'k', value: `aborted ${n}`, partition })),
      });
      await transaction.abort();
    },
    async dropBefore(input, partition, offset) {
      const topic = topicPrefix + input;
      // The client deletes only in topics that it has asked about before.
      await kafka.admin.fetchTopicOffsets(topic);
      await kafka.admin.deleteTopicRecords({
        topic,
        partitions: [{ partition, offset: String(offset) }],
      });
    },
    until,
    pass: () => sleep(PASS_MS),
    async close() {
      children.forEach((child) => child.kill('SIGKILL'));
      await Promise.all([producer.disconnect(), transactional.disconnect()]);
    },
  };
}

async function send(
  producer: Producer,
  topic: string,
  messages: {
    key: string | null;
    value: string | null;
    partition: number;
    headers?: Record<string, string>;
  }[],
): Promise<void> {
  await producer.send({ topic, messages });
}

function startMember(settings: { groupId: string; topicPrefix: string }): ChildProcess {
  const full = { ...settings, brokers: kafka.brokers, sessionTimeoutMs: SESSION_TIMEOUT_MS };
  const script = resolve('test/integration/messaging-member.ts');
  return spawn(process.execPath, ['--conditions=source', script, JSON.stringify(full)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

inputLogContract('Kafka', open);
