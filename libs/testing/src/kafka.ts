/** A real Kafka broker on this machine: for tests, and for `npm start` where no `KAFKA_BROKERS` is given. */
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type KafkaJars, UNMAPPABLE, unmappable } from './kafka-fetch.ts';
import {
  type BrokerProcess,
  endBroker,
  endLeftOver,
  killBroker,
  launchBroker,
} from './kafka-process.ts';
import { freePorts, waitUntilReady } from './kafka-ready.ts';
import { type BrokerSettings, brokerProperties } from './kafka-settings.ts';
import { formatStorage } from './kafka-storage.ts';

export {
  type FetchKafkaOptions,
  type FetchProgress,
  type KafkaJars,
  fetchKafka,
} from './kafka-fetch.ts';

export interface LocalKafkaOptions {
  /** From `fetchKafka`. */
  readonly jars: KafkaJars;
  /** Data, settings and the broker's log; kept for the next start. */
  readonly directory: string;
  /** Fixed port of the broker; a free one by default. */
  readonly port?: number;
  readonly heapMb?: number;
}

export interface LocalKafka {
  /** `127.0.0.1:<port>`, for `KAFKA_BROKERS`. Stays the same over `restart`. */
  readonly brokers: string;
  readonly pid: number;
  /** Orderly end; the data stays. */
  stop(): Promise<void>;
  /** SIGKILL, as when the machine dies; the data stays. */
  kill(): Promise<void>;
  /** Starts again on the same data and port, after an orderly `stop` if it still runs. */
  restart(): Promise<void>;
}

const HEAP_MB = 512;
const START_MS_MAX = 60_000;
const PORT_TRIES = 3;

/**
 * Starts a broker that answers when the promise resolves. It ends when this process ends, however it ends. A broker that a
 * killed process left in `directory` is ended first. Failures are one line that says what to do.
 */
export async function startLocalKafka(options: LocalKafkaOptions): Promise<LocalKafka> {
  const { directory } = options;
  await mkdir(directory, { recursive: true });
  await endLeftOver(join(directory, 'kafka.pid'), directory);
  const { settings, broker: first } = await startOnFreePorts(options);
  let broker = first;
  return {
    brokers: `127.0.0.1:${settings.port}`,
    get pid() {
      return broker.pid;
    },
    stop: () => endBroker(broker),
    kill: () => killBroker(broker),
    async restart() {
      await endBroker(broker);
      broker = await start(options, settings);
    },
  };
}

async function startOnFreePorts(
  options: LocalKafkaOptions,
): Promise<{ settings: BrokerSettings; broker: BrokerProcess }> {
  for (let attempt = 1; ; attempt += 1) {
    const [port = 0, controllerPort = 0] = await freePorts(2);
    const settings = {
      data: join(options.directory, 'data'),
      port: options.port ?? port,
      controllerPort,
    };
    await formatStorage(options.jars, settings);
    try {
      return { settings, broker: await start(options, settings) };
    } catch (error) {
      // Between finding a free port and using it somebody else may have taken it.
      const again =
        error instanceof PortTaken && options.port === undefined && attempt < PORT_TRIES;
      if (!again) throw error;
    }
  }
}

class PortTaken extends Error {}

async function start(options: LocalKafkaOptions, settings: BrokerSettings): Promise<BrokerProcess> {
  const { directory, jars } = options;
  const properties = join(directory, 'server.properties');
  const log = join(directory, 'kafka.log');
  await writeFile(properties, brokerProperties(settings));
  await (await open(log, 'w')).close();
  const pidFile = join(directory, 'kafka.pid');
  const heapMb = options.heapMb ?? HEAP_MB;
  const broker = await launchBroker({ jars, properties, log, pidFile, heapMb });
  if (await waitUntilReady(settings.port, () => broker.hasEnded(), START_MS_MAX)) {
    // Somebody else's broker on our port answers too, while ours has ended or is about to.
    if (!broker.hasEnded()) return broker;
  }
  await killBroker(broker);
  throw explainStart(await readFile(log, 'utf8'), log, settings);
}

function explainStart(text: string, log: string, settings: BrokerSettings): Error {
  if (/Address already in use|BindException/.test(text)) {
    return new PortTaken(
      `Kafka did not start: port ${settings.port} is taken; stop what uses it or choose another`,
    );
  }
  if (/Failed to acquire lock on file/.test(text)) {
    return new Error(
      `Kafka did not start: another Kafka uses ${settings.data}; stop it or choose another folder`,
    );
  }
  if (/No space left on device/.test(text)) {
    return new Error(`Kafka did not start: the disk of ${settings.data} is full`);
  }
  if (UNMAPPABLE.test(text)) return new Error(unmappable(settings.data));
  if (/OutOfMemoryError|Could not reserve enough space/.test(text)) {
    return new Error('Kafka did not start: not enough memory for its heap');
  }
  const reason = /(?:ERROR|FATAL|Exception).*/.exec(text)?.[0].slice(0, 200);
  return new Error(
    `Kafka did not start${reason === undefined ? ' in time' : `: ${reason}`} (see ${log})`,
  );
}
