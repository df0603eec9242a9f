/** `lengjing send`: a file of events to Kafka, on the partitions that producers must use. */
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { partitionOf } from '#contracts';
import { INPUT_TOPICS, TOPIC_OF, type EventKind } from '#domain';
import type { OutboundMessage } from '#application';
import { countPartitions, makeKafkaOutputLog } from '#messaging';
import type { Command } from '../command.ts';
import { Progress } from '../progress.ts';
import { forEachLine } from '../text-lines.ts';
import { UsageError } from '../usage.ts';

export const command: Command = {
  summary: 'send a file of events to Kafka',
  help: `lengjing send [--rate N] FILE…

Reads JSON Lines of structured CloudEvents, "-" for standard input, and sends each to its topic: binary mode,
the payer's account as key, the Java client's partition. Brokers come from KAFKA_BROKERS (host:port, …).
Events are sent as they are, wrong ones too: the engine says what it refuses. Lines that name no topic or payer
cannot be sent; they go to standard error, and the exit status is 1.

  --rate N   events per second at most`,
  async run(args, { env, fileOf }) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { rate: { type: 'string' } },
    });
    const brokers = env['KAFKA_BROKERS']?.split(',').map((one) => one.trim());
    const rate = values.rate === undefined ? undefined : Number(values.rate);
    if (positionals.length === 0)
      throw new UsageError('send needs a file, or - for standard input');
    if (brokers === undefined) throw new UsageError('send needs KAFKA_BROKERS=host:port');
    if (rate !== undefined && !(rate > 0)) throw new UsageError('--rate must be a positive number');
    const kafka = { brokers, clientId: 'lengjing-send' };
    const counts = await countPartitions(kafka, INPUT_TOPICS);
    const output = makeKafkaOutputLog({ kafka });
    await output.connect();
    const sender = new Sender((messages) => output.send(messages), rate);
    let bad = 0;
    try {
      for (const path of positionals) {
        await forEachLine(path === '-' ? path : fileOf(path), (line, number) => {
          if (line.trim() === '') return undefined;
          const message = messageOf(line, (topic) => counts.get(topic) ?? 1);
          if (typeof message !== 'string') return sender.add(message);
          bad += 1;
          process.stderr.write(`${path}: line ${number}: ${message}\n`);
          return undefined;
        });
      }
      await sender.flush();
    } finally {
      await output.disconnect();
    }
    sender.end();
    return bad === 0 ? 0 : 1;
  },
};

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
