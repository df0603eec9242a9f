/** The logs of the engine on Kafka, from its settings. */
import type { InputLog, OutputLog } from '#application';
import type { KafkaSettings } from '#config';
import { INPUT_TOPICS } from '#domain';
import {
  countPartitions,
  makeKafkaInputLog,
  makeKafkaOutputLog,
  type KafkaConnection,
} from '#messaging';
import type { Program } from '#observability';

export interface EngineLogs {
  /** Of every input topic. */
  readonly partitionCount: number;
  readonly input: InputLog;
  readonly output: OutputLog;
  /** Why no broker answers, or undefined while one does. */
  readonly unwell: () => string | undefined;
  readonly close: () => Promise<void>;
}

/** A broker that has been silent for longer is not there. */
const SILENCE_MS_MAX = 15_000;

/** Connects the output, so that a broker that cannot be reached is told at the start. */
export async function openKafkaLogs(
  kafka: KafkaSettings,
  { instanceId, log }: Pick<Program, 'instanceId' | 'log'>,
): Promise<EngineLogs> {
  const connection = connectionOf(kafka, `lengjing-risk-engine-${instanceId}`, log);
  const counts = await countPartitions(connection, INPUT_TOPICS);
  const input = makeKafkaInputLog({ kafka: connection, groupId: kafka.groupId });
  const output = makeKafkaOutputLog({ kafka: connection });
  await output.connect();
  const startedAt = Date.now();
  return {
    // That all topics have as many is checked when the log starts.
    partitionCount: counts.get('payments.transfers') ?? 0,
    input,
    output,
    unwell() {
      const since = Date.now() - (input.health().lastAnswerAt ?? startedAt);
      return since > SILENCE_MS_MAX ? 'no answer from the brokers' : undefined;
    },
    close: () => output.disconnect(),
  };
}

function connectionOf(
  { brokers, ssl, sasl }: KafkaSettings,
  clientId: string,
  log: Program['log'],
): KafkaConnection {
  return {
    brokers,
    clientId,
    ...(ssl === false ? {} : { tls: ssl === true ? {} : { ca: ssl.ca } }),
    ...(sasl === undefined ? {} : { sasl: { ...sasl, password: sasl.password.reveal() } }),
    log: {
      // The library's own sentences may quote addresses and names; what happened is told by kind alone.
      error: (_sentence, fields) => log.error('the Kafka client reports an error', listed(fields)),
      warn: (_sentence, fields) => log.warn('the Kafka client warns', listed(fields)),
    },
  };
}

function listed(fields: Readonly<Record<string, unknown>>): {
  readonly component?: string;
  readonly topic?: string;
  readonly partition?: number;
} {
  const { from, topic, partition } = fields;
  return {
    ...(typeof from === 'string' ? { component: from } : {}),
    ...(typeof topic === 'string' ? { topic } : {}),
    ...(typeof partition === 'number' ? { partition } : {}),
  };
}
