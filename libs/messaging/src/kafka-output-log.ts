/** The output log on Kafka: idempotent, acknowledged by all replicas, one request at a time. */
import { type OutboundMessage, type OutputLog, TransientFault } from '#application';
import type { Kafka, Message, Producer, TopicMessages } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type KafkaConnection, QUICK_RETRIES, openKafka } from './connection.ts';
import { isTransient, toFault } from './faults.ts';
import { within } from './within.ts';

export interface KafkaOutputLogConfig {
  readonly kafka: KafkaConnection;
  /** Tries of one request, the same messages each time, before `send` gives up with `TransientFault`. */
  readonly attempts?: number;
  /** Largest record batch sent to one partition; the broker's `message.max.bytes` must allow it. */
  readonly batchBytesMax?: number;
  readonly stopMsMax?: number;
}

export interface KafkaOutputLog extends OutputLog {
  /** Fails early, with one clear line, where the brokers cannot be reached. `send` connects by itself otherwise. */
  connect(): Promise<void>;
  /** Lets what is queued go out, within the deadline, and disconnects. */
  disconnect(): Promise<void>;
}

const DEFAULTS = { attempts: 5, batchBytesMax: 900 * 1024, stopMsMax: 5_000 } as const;
const RETRY_PAUSE_MS = 100;
const RETRY_PAUSE_MS_MAX = 1_000;

/** kafkajs refuses 0 for an idempotent producer; every comparison with this is false, so it passes and never retries. */
const NO_RETRIES = Number.NaN;

/** Of a record without key, value and headers, generously. */
const RECORD_OVERHEAD_BYTES = 64;

/** An `OutputLog` on Kafka. Calls of `send` wait for each other: one request is in flight at most. */
export function makeKafkaOutputLog(config: KafkaOutputLogConfig): KafkaOutputLog {
  return new KafkaOutput({ ...DEFAULTS, ...config });
}

class KafkaOutput implements KafkaOutputLog {
  readonly #settings: Required<KafkaOutputLogConfig>;
  readonly #kafka: Kafka;
  #producer: Producer | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #over = false;

  constructor(settings: Required<KafkaOutputLogConfig>) {
    this.#settings = settings;
    this.#kafka = openKafka(settings.kafka);
  }

  async connect(): Promise<void> {
    try {
      await this.#connected();
    } catch (error) {
      throw toFault(
        error,
        `Kafka at ${this.#settings.kafka.brokers.join(', ')} could not be written to`,
      );
    }
  }

  send(messages: readonly OutboundMessage[]): Promise<void> {
    const turn = this.#last.then(async () => {
      for (const request of splitRequests(messages, this.#settings.batchBytesMax)) {
        await this.#request(request);
      }
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async disconnect(): Promise<void> {
    await within(this.#last, this.#settings.stopMsMax);
    this.#over = true;
    await within(this.#discard(), this.#settings.stopMsMax);
  }

  /**
   * Retries here and not in kafkajs: after a change of leader its own retry can take a broker's answer to other partitions
   * for the answer to these, and drop messages silently.
   */
  async #request(topicMessages: TopicMessages[]): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      if (this.#over) throw new TransientFault('the output log is disconnected');
      try {
        const producer = await this.#connected();
        await producer.sendBatch({ topicMessages, acks: -1 });
        return;
      } catch (error) {
        const last = attempt >= this.#settings.attempts || !isTransient(error);
        // The broker may have written what was not acknowledged. Other messages under the same sequence numbers would then
        // be taken for it and dropped, so the next request is made by a new producer.
        if (last) {
          await within(this.#discard(), this.#settings.stopMsMax);
          throw toFault(error, 'messages were not acknowledged');
        }
        await sleep(Math.min(RETRY_PAUSE_MS * 2 ** attempt, RETRY_PAUSE_MS_MAX));
      }
    }
  }

  async #connected(): Promise<Producer> {
    if (this.#producer !== undefined) return this.#producer;
    const producer = this.#kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: () => givenPartition,
      retry: { ...QUICK_RETRIES, retries: NO_RETRIES },
    });
    await producer.connect();
    this.#producer = producer;
    return producer;
  }

  async #discard(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    await producer?.disconnect();
  }
}

function givenPartition({ message }: { message: Message }): number {
  if (message.partition === undefined) throw new TypeError('a message needs its partition');
  return message.partition;
}

/**
 * Requests whose record batches stay within `batchBytesMax` each, in the order given per topic and partition: kafkajs puts
 * all messages of a request for one partition into one batch, and brokers refuse too large ones.
 */
export function splitRequests(
  messages: readonly OutboundMessage[],
  batchBytesMax: number,
): TopicMessages[][] {
  const requests: TopicMessages[][] = [];
  let topics = new Map<string, Message[]>();
  let sizes = new Map<string, number>();
  for (const message of messages) {
    const batch = `${message.topic} ${message.partition}`;
    const bytes = sizeOf(message);
    const filled = sizes.get(batch) ?? 0;
    if (filled > 0 && filled + bytes > batchBytesMax) {
      requests.push(toTopicMessages(topics));
      topics = new Map();
      sizes = new Map();
    }
    sizes.set(batch, (sizes.get(batch) ?? 0) + bytes);
    const list = topics.get(message.topic) ?? [];
    list.push(toMessage(message));
    topics.set(message.topic, list);
  }
  if (topics.size > 0) requests.push(toTopicMessages(topics));
  return requests;
}

function toTopicMessages(topics: ReadonlyMap<string, Message[]>): TopicMessages[] {
  return [...topics].map(([topic, messages]) => ({ topic, messages }));
}

function toMessage({ partition, key, value, headers }: OutboundMessage): Message {
  return {
    partition,
    key: toBytes(key),
    value: toBytes(value),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, one]) => [
        name,
        typeof one === 'string' ? one : asBuffer(one),
      ]),
    ),
  };
}

function toBytes(value: Uint8Array | string | null): Buffer | string | null {
  return value === null || typeof value === 'string' ? value : asBuffer(value);
}

/** The same bytes, not a copy: kafkajs knows Buffer only. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function sizeOf({ key, value, headers }: OutboundMessage): number {
  let bytes = RECORD_OVERHEAD_BYTES + lengthOf(key) + lengthOf(value);
  for (const name of Object.keys(headers))
    bytes += name.length + lengthOf(headers[name] ?? null) + 4;
  return bytes;
}

function lengthOf(value: Uint8Array | string | null): number {
  if (value === null) return 0;
  // Three bytes a character at most in UTF-8; an estimate from above is enough.
  return typeof value === 'string' ? value.length * 3 : value.byteLength;
}
