/** Kafka as it really is: compression by the Java broker, compaction, outages, back-pressure, and what the output log promises. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import kafkajs, { type Message } from 'kafkajs';
import { type InputLog, type OutboundMessage, TransientFault } from '#application';
import { INPUT_TOPICS, type InputTopic } from '#domain';
import {
  type KafkaInputLogConfig,
  ensureTopics,
  makeKafkaInputLog,
  makeKafkaOutputLog,
} from '#messaging';
import { type Collector, fromStart, makeCollector } from '../contract/input-log-collector.ts';
import { type SpecKafka, useSharedKafka, until } from './messaging-kafka.ts';

let kafka: SpecKafka;
beforeAll(async () => {
  kafka = await useSharedKafka();
});
afterAll(() => kafka.close());

const running: InputLog[] = [];
async function read(
  topicPrefix: string,
  config: Partial<KafkaInputLogConfig> = {},
): Promise<[InputLog, Collector]> {
  const input = makeKafkaInputLog({
    kafka: kafka.connection('reader'),
    groupId: `${topicPrefix}group`,
    topicPrefix,
    ...config,
  });
  running.push(input);
  const collector = makeCollector(input, fromStart(input));
  await input.start(collector);
  return [input, collector];
}
afterAll(() => Promise.all(running.map((one) => one.stop())));

async function write(
  topic: string,
  messages: Message[],
  compression = kafkajs.CompressionTypes.None,
): Promise<void> {
  const producer = kafka.raw.producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  await producer.send({ topic, messages, compression });
  await producer.disconnect();
}

describe('compression', () => {
  /** Long and varied enough for several blocks of every codec. */
  const value = (n: number): string => `${n} `.repeat(3_000) + String(n * 7919);
  const messages = Array.from({ length: 60 }, (_, n) => ({
    partition: 0,
    key: `k${n}`,
    value: value(n),
  }));

  it.each(['gzip', 'snappy', 'lz4', 'zstd'])('%s written by the broker is read', async (codec) => {
    // The broker compresses anew what comes otherwise: these batches are made by Kafka's own Java code.
    const prefix = await kafka.freshTopics(1, { 'compression.type': codec });
    await write(`${prefix}credit.draws`, messages);
    const [input, collector] = await read(prefix);
    await until(() => collector.count() === messages.length, 'reading everything');
    expect(collector.values('credit.draws', 0)).toEqual(messages.map((one) => one.value));
    await input.stop();
  });

  it.each([
    ['snappy', kafkajs.CompressionTypes.Snappy],
    ['lz4', kafkajs.CompressionTypes.LZ4],
    ['zstd', kafkajs.CompressionTypes.ZSTD],
  ])('%s written by us is understood by the broker', async (_name, type) => {
    // The broker has to take the batch apart to write it uncompressed.
    const prefix = await kafka.freshTopics(1, { 'compression.type': 'uncompressed' });
    const input = makeKafkaInputLog({
      kafka: kafka.connection('x'),
      groupId: 'x',
      topicPrefix: prefix,
    });
    await input.stop();
    await write(`${prefix}credit.draws`, messages, type);
    const [reader, collector] = await read(prefix);
    await until(() => collector.count() === messages.length, 'reading everything');
    expect(collector.values('credit.draws', 0)).toEqual(messages.map((one) => one.value));
    await reader.stop();
  });
});

describe('a compacted topic', () => {
  it('is read to its end over batches from which compaction took every record', async () => {
    const prefix = await kafka.freshTopics(1, {
      'cleanup.policy': 'compact',
      'segment.ms': '100',
      'min.cleanable.dirty.ratio': '0.001',
      'min.compaction.lag.ms': '0',
      'max.compaction.lag.ms': '200',
      'delete.retention.ms': '100',
    });
    const topic = `${prefix}payer.profiles`;
    // Idempotent producers leave their last batch behind even when it is empty.
    for (const round of [1, 2, 3]) {
      const producer = kafka.raw.producer({ idempotent: true, maxInFlightRequests: 1 });
      await producer.connect();
      await producer.send({ topic, messages: [{ key: 'one', value: `first ${round}` }] });
      await producer.send({ topic, messages: [{ key: 'two', value: `second ${round}` }] });
      await producer.disconnect();
      await new Promise((next) => setTimeout(next, 250));
    }
    // Whatever comes later closes the segment before it.
    const tail = 'tail'.padEnd(5_000, '.');
    await write(topic, [{ key: 'last', value: tail }]);
    const compacted = async (): Promise<boolean> => {
      const [input, collector] = await read(prefix, { groupId: `probe-${Math.random()}` });
      await until(() => collector.values('payer.profiles', 0).includes(tail), 'reaching the tail');
      await input.stop();
      expect(collector.complaints).toEqual([]);
      return collector.count() <= 3;
    };
    const deadline = Date.now() + 45_000;
    while (!(await compacted())) {
      if (Date.now() > deadline) throw new Error('the broker did not compact');
      await new Promise((next) => setTimeout(next, 1_000));
    }
    // The batch behind the holes does not fit into what is asked for: kafkajs alone would ask for them for ever.
    const [input, collector] = await read(prefix, { maxBytesPerPartition: 100 });
    await until(() => collector.values('payer.profiles', 0).includes(tail), 'reaching the tail');
    await until(() => collector.rounds > 3, 'rounds at the end');
    expect(collector.values('payer.profiles', 0)).toEqual(['first 3', 'second 3', tail]);
    // At the end it waits for the broker instead of asking at full speed.
    const before = collector.rounds;
    await new Promise((next) => setTimeout(next, 1_000));
    expect(collector.rounds - before).toBeLessThan(100);
    await input.stop();
  });
});

describe('the start', () => {
  it('refuses unequal and missing topics in one line that names them', async () => {
    const prefix = `bad-${Date.now()}.`;
    const topics = INPUT_TOPICS.filter((topic) => topic !== 'identity.codes').map((name) => ({
      name,
      partitions: name === 'credit.draws' ? 6 : 12,
      settings: {},
    }));
    await ensureTopics(kafka.connection('admin'), { topics }, { topicPrefix: prefix });
    const start = read(prefix);
    await expect(start).rejects.toThrow(`${prefix}identity.codes missing`);
    await expect(start).rejects.toThrow(`${prefix}credit.draws 6`);
    await expect(start).rejects.not.toBeInstanceOf(TransientFault);
  });

  it('says which address does not answer', async () => {
    const input = makeKafkaInputLog({
      kafka: { brokers: ['127.0.0.1:1'], clientId: 'x' },
      groupId: 'x',
    });
    const start = input.start(makeCollector(input));
    await expect(start).rejects.toThrow(/Kafka at 127\.0\.0\.1:1 could not be read/);
    await expect(start).rejects.toBeInstanceOf(TransientFault);
  });

  it('fails when a listener throws, instead of reading on', async () => {
    const prefix = await kafka.freshTopics(1);
    await write(`${prefix}credit.draws`, [{ key: 'a', value: '1' }]);
    const [, collector] = await read(prefix);
    collector.onRecords = () => {
      throw new TypeError('a mistake of ours');
    };
    await until(() => collector.failures.length > 0, 'failing');
    expect(collector.failures.map((one) => one.message)).toEqual(['a mistake of ours']);
  });
});

describe('topics', () => {
  it('are created once, with their settings, and checked after that', async () => {
    const connection = kafka.connection('admin');
    const declared = {
      name: `made-${Date.now()}`,
      partitions: 3,
      settings: { 'retention.ms': '60000' },
    };
    expect(await ensureTopics(connection, { topics: [declared] })).toEqual([declared.name]);
    expect(await ensureTopics(connection, { topics: [declared] })).toEqual([]);
    const described = await kafka.admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: declared.name }],
    });
    const retention = described.resources[0]?.configEntries.find(
      (one) => one.configName === 'retention.ms',
    );
    expect(retention?.configValue).toBe('60000');
    const other = { ...declared, partitions: 4 };
    await expect(ensureTopics(connection, { topics: [other] })).rejects.toThrow(
      `${declared.name} has 3 partitions, declared are 4: recreate them, or declare what is there in deploy/topics.yml`,
    );
  });
});

describe('a member of the group', () => {
  it('serves every busy partition although one answer holds only some', async () => {
    const prefix = await kafka.freshTopics(8);
    const value = 'x'.repeat(4_000);
    const per = 100;
    for (const topic of INPUT_TOPICS) {
      for (let partition = 0; partition < 8; partition += 1) {
        await write(
          prefix + topic,
          Array.from({ length: per }, () => ({ partition, key: 'k', value })),
        );
      }
    }
    const [input, collector] = await read(prefix, {
      maxBytes: 300_000,
      maxBytesPerPartition: 100_000,
    });
    const expected = INPUT_TOPICS.length * 8 * per;
    await until(() => collector.count() === expected, 'reading everything', 60_000);
    // 19 MB in answers of 0.3 MB; no round may end before each of 48 topic-partitions had its turn.
    expect(collector.rounds).toBeLessThan(12);
    expect(collector.complaints).toEqual([]);
    await input.stop();
  });

  it('keeps memory bounded while a slow consumer holds it back from 100 MB', async () => {
    const prefix = await kafka.freshTopics(4);
    const value = Buffer.alloc(10_000, 'x');
    for (let turn = 0; turn < 100; turn += 1) {
      const messages = Array.from({ length: 100 }, (_, n) => ({
        partition: n % 4,
        key: 'k',
        value,
      }));
      await write(`${prefix}payments.transfers`, messages);
    }
    const input = makeKafkaInputLog({
      kafka: kafka.connection('slow'),
      groupId: `${prefix}g`,
      topicPrefix: prefix,
    });
    running.push(input);
    const queue = makeSlowConsumer(input);
    const before = process.memoryUsage.rss();
    await input.start(queue.listener);
    await until(() => queue.consumed() === 10_000, 'consuming everything', 60_000);
    expect(queue.highestBytes()).toBeLessThan(8 * 1024 * 1024);
    expect(queue.highestRss() - before).toBeLessThan(150 * 1024 * 1024);
    expect(queue.problems()).toEqual([]);
    await input.stop();
  });
});

/** Takes at most 2 MB at a time off a queue that it bounds by pausing, as the engine does. */
function makeSlowConsumer(input: InputLog): {
  readonly listener: Collector;
  consumed(): number;
  highestBytes(): number;
  highestRss(): number;
  problems(): readonly string[];
} {
  const HIGH = 4 * 1024 * 1024;
  const LOW = 1024 * 1024;
  const STEP = 2 * 1024 * 1024;
  let queued = 0;
  let consumed = 0;
  let highest = 0;
  let rss = 0;
  const paused = new Set<number>();
  const waiting: number[] = [];
  const listener = makeCollector(input, fromStart(input));
  const slow: Collector = {
    ...listener,
    records(topic, partition, records) {
      for (const record of records) {
        const bytes = record.value?.byteLength ?? 0;
        waiting.push(bytes);
        queued += bytes;
      }
      highest = Math.max(highest, queued);
      rss = Math.max(rss, process.memoryUsage.rss());
      if (queued < HIGH) return;
      input.pause(topic, partition);
      paused.add(partition);
    },
  };
  const timer = setInterval(() => {
    for (let taken = 0; taken < STEP && waiting.length > 0; consumed += 1) {
      const bytes = waiting.shift() ?? 0;
      taken += bytes;
      queued -= bytes;
    }
    if (queued < LOW) {
      paused.forEach((partition) => input.unpause('payments.transfers', partition));
      paused.clear();
    }
    if (consumed === 10_000) clearInterval(timer);
  }, 10);
  timer.unref();
  return {
    listener: slow,
    consumed: () => consumed,
    highestBytes: () => highest,
    highestRss: () => rss,
    problems: () => [...listener.complaints, ...listener.failures.map((one) => one.message)],
  };
}

describe('the output log', () => {
  const message = (topic: string, partition: number, value: string): OutboundMessage => ({
    topic,
    partition,
    key: 'acct',
    value,
    headers: { ce_id: value, raw: new Uint8Array([1, 2]) },
  });

  it('keeps the order of sends that overlap, and the partition that was given', async () => {
    const prefix = await kafka.freshTopics(2);
    const topic: InputTopic = 'holds.responses';
    const output = makeKafkaOutputLog({ kafka: kafka.connection('writer') });
    const sends = Array.from({ length: 50 }, (_, n) =>
      output.send(
        [0, 1].map((partition) => message(prefix + topic, partition, `${partition}-${n}`)),
      ),
    );
    await Promise.all(sends);
    const [input, collector] = await read(prefix);
    await until(() => collector.count() === 100, 'reading everything');
    for (const partition of [0, 1]) {
      expect(collector.values(topic, partition)).toEqual(
        Array.from({ length: 50 }, (_, n) => `${partition}-${n}`),
      );
    }
    const [first] = collector.of(topic, 0);
    expect(Buffer.from(first?.headers.get('raw') ?? [])).toEqual(Buffer.from([1, 2]));
    await input.stop();
    await output.disconnect();
  });

  it('sends more at once than one record batch may hold', async () => {
    const prefix = await kafka.freshTopics(1);
    const output = makeKafkaOutputLog({ kafka: kafka.connection('writer') });
    const big = 'y'.repeat(100_000);
    await output.send(Array.from({ length: 30 }, () => message(`${prefix}credit.draws`, 0, big)));
    await expect(
      output.send([message(`${prefix}credit.draws`, 0, 'z'.repeat(2_000_000))]),
    ).rejects.not.toBeInstanceOf(TransientFault);
    await output.send([message(`${prefix}credit.draws`, 0, 'after')]);
    const [input, collector] = await read(prefix);
    await until(() => collector.count() === 31, 'reading everything');
    await input.stop();
    await output.disconnect();
  });

  it('sends nothing for nothing, and refuses to send once it is disconnected', async () => {
    const output = makeKafkaOutputLog({ kafka: kafka.connection('writer') });
    await output.send([]);
    await output.disconnect();
    await expect(output.send([message('t', 0, 'v')])).rejects.toBeInstanceOf(TransientFault);
  });
});
