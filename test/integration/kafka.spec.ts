/** The broker of `npm start` and of the tests as a process: its data, its ends, and what it says when it cannot start. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Kafka, Partitioners, logLevel } from 'kafkajs';
import { type KafkaJars, type LocalKafka, startLocalKafka } from '#testing';
import { fetchTestJars, until } from './messaging-kafka.ts';

let jars: KafkaJars;
beforeAll(async () => {
  jars = await fetchTestJars();
});

let folder: string;
let directory: string;
let brokers: LocalKafka[];
let children: ChildProcess[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lengjing-local-'));
  directory = folder;
  brokers = [];
  children = [];
});
afterEach(async () => {
  await Promise.all(brokers.map((one) => one.stop()));
  children.forEach((child) => child.kill('SIGKILL'));
  await rm(folder, { recursive: true, force: true });
});

async function start(port?: number): Promise<LocalKafka> {
  const broker = await startLocalKafka({
    jars,
    directory,
    ...(port === undefined ? {} : { port }),
  });
  brokers.push(broker);
  return broker;
}

const client = (broker: LocalKafka): Kafka =>
  new Kafka({ brokers: [broker.brokers], clientId: 'spec', logLevel: logLevel.NOTHING });

async function topics(broker: LocalKafka): Promise<readonly string[]> {
  const admin = client(broker).admin();
  await admin.connect();
  const names = await admin.listTopics();
  await admin.disconnect();
  return names;
}

async function createTopic(broker: LocalKafka, topic: string): Promise<void> {
  const admin = client(broker).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] });
  await admin.disconnect();
}

/** Nobody may have collected what is left of a process that ended. */
function isAlive(pid: number): boolean {
  try {
    const state = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '');
    return !state.startsWith('Z');
  } catch {
    return false;
  }
}

/** Another process that starts a broker in the same directory, and says so. */
async function startElsewhere(): Promise<{ child: ChildProcess; broker: number }> {
  const script = `
    import { startLocalKafka } from ${JSON.stringify(resolve('libs/testing/src/kafka.ts'))};
    const broker = await startLocalKafka(${JSON.stringify({ jars, directory })});
    process.stdout.write(String(broker.pid));
    setInterval(() => {}, 1000);`;
  const child = spawn(
    process.execPath,
    ['--conditions=source', '--input-type=module', '-e', script],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  children.push(child);
  const [said]: unknown[] = await once(child.stdout ?? child, 'data');
  return { child, broker: Number(String(said)) };
}

describe('a local broker', () => {
  it('answers when it has started, keeps its data, and keeps its port over a restart', async () => {
    const broker = await start();
    await createTopic(broker, 'kept');
    const { brokers: address, pid } = broker;
    await broker.restart();
    expect(broker.brokers).toBe(address);
    expect(broker.pid).not.toBe(pid);
    expect(isAlive(pid)).toBe(false);
    expect(await topics(broker)).toContain('kept');
    await broker.stop();
    expect(isAlive(broker.pid)).toBe(false);
    expect(await topics(await start())).toContain('kept');
  });

  it('lives in a folder with any name', async () => {
    directory = join(directory, '冷静 a=b');
    await createTopic(await start(), 'kept');
  });

  it('survives a kill with what it had acknowledged', async () => {
    const broker = await start();
    await createTopic(broker, 'kept');
    const producer = client(broker).producer({
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    await producer.send({
      topic: 'kept',
      acks: -1,
      messages: [{ value: 'one' }, { value: 'two' }],
    });
    await producer.disconnect();
    await broker.kill();
    expect(isAlive(broker.pid)).toBe(false);
    await broker.restart();
    const admin = client(broker).admin();
    await admin.connect();
    expect(await admin.fetchTopicOffsets('kept')).toMatchObject([{ low: '0', high: '2' }]);
    await admin.disconnect();
  });

  it('makes no topic that nobody declared, and listens on loopback only', async () => {
    const broker = await start();
    const producer = client(broker).producer({
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: { retries: 1 },
    });
    await producer.connect();
    await expect(
      producer.send({ topic: 'mistyped', messages: [{ value: 'x' }] }),
    ).rejects.toThrow();
    await producer.disconnect();
    expect(await topics(broker)).not.toContain('mistyped');
    const settings = await readFile(join(directory, 'server.properties'), 'utf8');
    const listeners = /^listeners=(?<list>.*)$/m.exec(settings)?.groups?.['list'] ?? '';
    expect(listeners.split(',').every((one) => one.includes('//127.0.0.1:'))).toBe(true);
  });

  it('ends with its parent, also when that is killed', async () => {
    const { child, broker } = await startElsewhere();
    expect(isAlive(broker)).toBe(true);
    child.kill('SIGKILL');
    await until(() => !isAlive(broker), 'the broker ending', 10_000);
  });

  it('is not taken away from a parent that lives', async () => {
    const { child } = await startElsewhere();
    await expect(start()).rejects.toThrow(`is in use by process ${child.pid}: stop that first`);
  });

  it('ends what a killed parent left behind, and only that', async () => {
    const { child, broker } = await startElsewhere();
    // Without its keeper nobody ends it when the parent dies.
    const status = await readFile(`/proc/${broker}/stat`, 'utf8');
    const keeper = Number(status.replace(/^.*\) /s, '').split(' ')[1]);
    process.kill(keeper, 'SIGKILL');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isAlive(broker)).toBe(true);
    const next = await start();
    expect(isAlive(broker)).toBe(false);
    expect(await topics(next)).toBeDefined();
  });

  it('does not end a process that merely has the number of an old one', async () => {
    const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      stdio: 'ignore',
    });
    children.push(bystander);
    const mark = { pid: bystander.pid, startedAt: 'another boot 12345' };
    await writeFile(
      join(directory, 'kafka.pid'),
      JSON.stringify({ owner: { ...mark, pid: 999_999 }, broker: mark }),
    );
    await start();
    expect(isAlive(bystander.pid ?? 0)).toBe(true);
  });

  it.each(['{"owner":{}', '{"owner":{"pid":-1,"startedAt":""},"broker":{"pid":0,"startedAt":""}}'])(
    'starts over a pid file that says nothing: %s',
    async (text) => {
      await writeFile(join(directory, 'kafka.pid'), text);
      await start();
    },
  );
});

describe('a broker that cannot start says why', () => {
  it('half-written data', async () => {
    await mkdir(join(directory, 'data', 'topic-0'), { recursive: true });
    await expect(start()).rejects.toThrow(
      /data holds a half-written Kafka data folder \(no meta\.properties\): delete it and start again$/,
    );
  });

  it('a port that is taken', async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(start(port)).rejects.toThrow(
      `port ${port} is taken; stop what uses it or choose another`,
    );
    await new Promise((closed) => server.close(closed));
  });

  it('a killed format is done again', async () => {
    await mkdir(join(directory, 'data.formatting', 'something'), { recursive: true });
    await start();
  });

  it('broken data', async () => {
    const broker = await start();
    await broker.stop();
    await writeFile(
      join(directory, 'data', 'meta.properties'),
      'version=1\nnode.id=7\ncluster.id=x\n',
    );
    await expect(start()).rejects.toThrow(/^Kafka did not start: .*kafka\.log\)$/);
  });
});
