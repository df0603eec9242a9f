/** Events to Kafka as producers must send them: binary mode, the payer as key, the Java client's partition, no faster than asked. */
import { setTimeout as sleep } from 'node:timers/promises';
import { TransientFault, type OutboundMessage } from '#application';
import { partitionOf } from '#contracts';
import { INPUT_TOPICS, TOPIC_OF, type EventKind } from '#domain';
import { countPartitions, makeKafkaOutputLog } from '#messaging';
import type { CommandContext } from './command.ts';
import { explained, ownBrokers } from './own-servers.ts';
import { Progress } from './progress.ts';
import { UsageError } from './usage.ts';

export interface KafkaSending {
  /** Sends the event of a line, waiting where it has to; returns why a line cannot be sent. */
  line(line: string): string | Promise<void>;
  flush(): Promise<void>;
}

/** `--rate`, events a second at most. Throws `UsageError`. */
export function rateOf(text: string | undefined): number | undefined {
  const rate = text === undefined ? undefined : Number(text);
  if (rate !== undefined && !(rate > 0)) throw new UsageError('--rate must be a positive number');
  return rate;
}

/**
 * Connects to KAFKA_BROKERS, lets `use` send, and disconnects whatever happens. Throws `UsageError` without brokers and
 * `CommandFailed` where they do not answer or have not the topics.
 */
export async function sendingToKafka(
  env: CommandContext['env'],
  settings: { readonly command: string; readonly rate: number | undefined },
  use: (sending: KafkaSending) => Promise<void>,
): Promise<void> {
  const brokers = ownBrokers(env);
  if (brokers === undefined)
    throw new UsageError(`${settings.command} needs KAFKA_BROKERS=host:port`);
  const kafka = { brokers, clientId: `lengjing-${settings.command}` };
  const output = makeKafkaOutputLog({ kafka });
  const sender = new Sender((messages) => output.send(messages), settings.rate);
  try {
    const counts = await countPartitions(kafka, INPUT_TOPICS);
    await output.connect();
    await use({
      line(line) {
        const message = messageOf(line, (topic) => counts.get(topic) ?? 1);
        return typeof message === 'string' ? message : sender.add(message);
      },
      flush: () => sender.flush(),
    });
    await sender.flush();
  } catch (error) {
    if (!(error instanceof TransientFault)) throw error;
    throw explained(error, 'start the broker of KAFKA_BROKERS, or correct KAFKA_BROKERS');
  } finally {
    await output.disconnect();
  }
  sender.end();
}

/** The message of a line, or why it cannot be sent. */
function messageOf(line: string, partitions: (topic: string) => number): OutboundMessage | string {
  let event: Partial<Record<string, unknown>>;
  try {
    event = JSON.parse(line) as Partial<Record<string, unknown>>;
  } catch {
    return 'the line is not JSON';
  }
  const { type, data } = event;
  const kind = typeof type === 'string' ? type.replace(/^io\.lengjing\.|\.v\d+$/g, '') : '';
  if (!Object.hasOwn(TOPIC_OF, kind)) return 'its type belongs to no topic';
  const topic = TOPIC_OF[kind as EventKind];
  const payer: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, 'payer') : 0;
  const key: unknown =
    typeof payer === 'object' && payer !== null ? Reflect.get(payer, 'accountId') : undefined;
  if (typeof key !== 'string') return 'it names no payer.accountId';
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  for (const name of ['specversion', 'id', 'source', 'type', 'time', 'traceparent']) {
    const value = event[name];
    if (typeof value === 'string') headers[name === 'traceparent' ? name : `ce_${name}`] = value;
  }
  return {
    topic,
    partition: partitionOf(Buffer.from(key), partitions(topic)),
    key,
    value: JSON.stringify(data),
    headers,
  };
}

const SEND_MAX = 500;

class Sender {
  readonly #send: (messages: readonly OutboundMessage[]) => Promise<void>;
  readonly #rate: number | undefined;
  readonly #progress = new Progress('events');
  readonly #startedAt = performance.now();
  #pending: OutboundMessage[] = [];
  #sent = 0;

  constructor(
    send: (messages: readonly OutboundMessage[]) => Promise<void>,
    rate: number | undefined,
  ) {
    this.#send = send;
    this.#rate = rate;
  }

  async add(message: OutboundMessage): Promise<void> {
    this.#pending.push(message);
    const most =
      this.#rate === undefined ? SEND_MAX : Math.max(1, Math.min(SEND_MAX, this.#rate / 20));
    if (this.#pending.length >= most) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#pending.length === 0) return;
    const messages = this.#pending;
    this.#pending = [];
    await this.#send(messages);
    this.#sent += messages.length;
    this.#progress.add(messages.length);
    if (this.#rate === undefined) return;
    const due = this.#startedAt + (this.#sent / this.#rate) * 1_000;
    await sleep(Math.max(0, due - performance.now()));
  }

  end(): void {
    this.#progress.end();
  }
}
