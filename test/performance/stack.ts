/** Fresh servers and real engine processes for the benchmark, ended and deleted afterwards. */
import { fork, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureTopics, readTopicsFile, type KafkaConnection } from '#messaging';
import { openDatabase } from '#persistence';
import { fetchKafka, startLocalKafka, startLocalPostgres } from '#testing';

export interface Stack {
  readonly databaseUrl: string;
  readonly kafka: KafkaConnection;
  /** Resolves when it is ready; a CPU profile is written into `profile` at its end. */
  startEngine(profile?: string): Promise<RunningEngine>;
  startWorker(profile?: string): Promise<RunningEngine>;
  stop(): Promise<void>;
}

export interface RunningEngine {
  readonly process: ChildProcess;
  /** Of its metrics. */
  readonly port: number;
}

const HOME = '.lengjing/bench';

export async function startStack(): Promise<Stack> {
  await rm(HOME, { recursive: true, force: true });
  await mkdir(HOME, { recursive: true });
  const jars = await fetchKafka({ directory: '.lengjing/kafka-jars' });
  const [postgres, broker] = await Promise.all([
    startLocalPostgres(join(process.cwd(), HOME, 'postgres')),
    startLocalKafka({ jars, directory: join(process.cwd(), HOME, 'kafka') }),
  ]);
  const kafka = { brokers: [broker.brokers], clientId: 'lengjing-bench' };
  const database = await openDatabase({ url: postgres.url, poolSize: 2, applicationName: 'bench' });
  await database.migrate();
  await database.close();
  await ensureTopics(kafka, await readTopicsFile('deploy/topics.yml'));
  const engines: RunningEngine[] = [];
  const start = async (name: ProgramName, profile?: string): Promise<RunningEngine> => {
    const servers = { DATABASE_URL: postgres.url, KAFKA_BROKERS: broker.brokers };
    const started = await forkProgram(`${name}-${engines.length}`, { name, servers, profile });
    engines.push(started);
    return started;
  };
  return {
    databaseUrl: postgres.url,
    kafka,
    startEngine: (profile) => start('risk-engine', profile),
    startWorker: (profile) => start('risk-worker', profile),
    async stop() {
      await Promise.all(engines.map(({ process: engine }) => endProcess(engine)));
      await Promise.all([postgres.stop(), broker.stop()]);
      await rm(HOME, { recursive: true, force: true });
    },
  };
}

type ProgramName = 'risk-engine' | 'risk-worker';

interface ProgramOrder {
  readonly name: ProgramName;
  readonly servers: Readonly<Record<string, string>>;
  readonly profile: string | undefined;
}

function forkProgram(as: string, { name, servers, profile }: ProgramOrder): Promise<RunningEngine> {
  const path = join(HOME, `${as}.log`);
  const log = createWriteStream(path);
  const engine = fork(`dist/apps/${name}/src/main.js`, [], {
    execArgv: [
      '--max-semi-space-size=64',
      ...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]),
    ],
    env: {
      ...process.env,
      ...servers,
      PORT: '0',
      LENGJING_CODE_KEY: 'a key for benchmarks only',
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  engine.stdout?.pipe(log);
  engine.stderr?.pipe(log);
  return new Promise((resolve, reject) => {
    engine.on('message', (message: { type: string; port?: number }) => {
      if (message.type === 'ready') resolve({ process: engine, port: message.port ?? 0 });
    });
    engine.once('exit', () => reject(new Error(`${name} ended; see ${path}`)));
  });
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => {
    child.once('exit', resolve);
  });
  child.kill('SIGTERM');
  await ended;
}
