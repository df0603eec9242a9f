/** How the story reaches the engine and hears from it: over Kafka, or over the channel to an engine with its log inside. */
import type { ChildProcess } from 'node:child_process';
import { OUTPUT_TOPICS, partitionOf } from '#contracts';
import { INPUT_TOPICS, TOPIC_OF, type EventKind, type InputTopic } from '#domain';
import { countPartitions, makeKafkaOutputLog, tailTopics, type KafkaConnection } from '#messaging';
import type { SampleEvent } from './sample-stream.ts';

export interface HeardRecord {
  readonly topic: string;
  readonly value: string | null;
}

export interface LogToEngine {
  send(event: SampleEvent): Promise<void>;
  /** Everything that the engine publishes from now on. */
  onHeard(listener: (record: HeardRecord) => void): void;
  close(): Promise<void>;
}

interface WireRecordOut {
  readonly topic: InputTopic;
  readonly partition: number;
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A record in binary CloudEvents mode, on the partition that the Java client would choose. */
function recordOf(event: SampleEvent, partitions: number): WireRecordOut {
  const kind = event.type.replace(/^io\.lengjing\.|\.v1$/g, '') as EventKind;
  const payer = event.data['payer'] as { accountId: string };
  return {
    topic: TOPIC_OF[kind],
    partition: partitionOf(Buffer.from(payer.accountId), partitions),
    key: payer.accountId,
    value: JSON.stringify(event.data),
    headers: {
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_id: event.id,
      ce_source: event.source,
      ce_type: event.type,
      ce_time: event.time,
    },
  };
}

export async function overKafka(kafka: KafkaConnection): Promise<LogToEngine> {
  const counts = await countPartitions(kafka, INPUT_TOPICS);
  const output = makeKafkaOutputLog({ kafka });
  await output.connect();
  const listeners: ((record: HeardRecord) => void)[] = [];
  const tail = await tailTopics(kafka, Object.values(OUTPUT_TOPICS), (record) => {
    for (const listener of listeners) listener(record);
  });
  return {
    send: (event) => output.send([recordOf(event, counts.get('payments.transfers') ?? 1)]),
    onHeard: (listener) => void listeners.push(listener),
    async close() {
      await tail.stop();
      await output.disconnect();
    },
  };
}

const IN_PROCESS_PARTITIONS = 12;

export function overChannel(engine: ChildProcess): LogToEngine {
  return {
    send(event) {
      engine.send({ type: 'append', record: recordOf(event, IN_PROCESS_PARTITIONS) });
      return Promise.resolve();
    },
    onHeard(listener) {
      engine.on('message', (message: { readonly type: string; readonly record?: HeardRecord }) => {
        if (message.type === 'published' && message.record !== undefined) listener(message.record);
      });
    },
    close: () => Promise.resolve(),
  };
}
