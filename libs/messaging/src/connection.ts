/** How kafkajs is opened: addresses, credentials, retries and where its log lines go. */
import kafkajs from 'kafkajs';
import type { Kafka, KafkaConfig, LogEntry, RetryOptions, SASLOptions } from 'kafkajs';
import { calmRequestTimers } from './calm-timers.ts';
import { registerCodecs } from './codecs.ts';

/** Where messaging writes. Fields never hold a key, a value or a header of a record. */
export interface MessagingLog {
  error(message: string, fields: LogFields): void;
  warn(message: string, fields: LogFields): void;
}
export type LogFields = Readonly<Record<string, string | number | boolean>>;

export interface KafkaConnection {
  /** `host:port` of some brokers of the cluster. */
  readonly brokers: readonly string[];
  /** Names this process in the broker's logs and quotas. */
  readonly clientId: string;
  /** Plain text unless given. */
  readonly tls?: KafkaTls;
  readonly sasl?: KafkaSasl;
  readonly log?: MessagingLog;
}

/** PEM texts. */
export interface KafkaTls {
  /** Of the authority that signed the brokers' certificates; the system's authorities when absent. */
  readonly ca?: string;
  /** Our own certificate and its key, where brokers ask for one. */
  readonly cert?: string;
  readonly key?: string;
}

export type KafkaSasl = Readonly<{
  mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  username: string;
  password: string;
}>;

const CONNECTION_TIMEOUT_MS = 3_000;
const REQUEST_TIMEOUT_MS = 10_000;

/** Retries inside one request of the cluster client; longer outages are the business of who owns the loop. */
export const QUICK_RETRIES: RetryOptions = {
  initialRetryTime: 100,
  multiplier: 2,
  maxRetryTime: 1_000,
  retries: 5,
};

/** A kafkajs client with all codecs, quiet timers and its log routed to `connection.log`. Opens no connection yet. */
export function openKafka(connection: KafkaConnection): Kafka {
  registerCodecs();
  calmRequestTimers();
  const { log, tls, sasl } = connection;
  const config: KafkaConfig = {
    brokers: [...connection.brokers],
    clientId: connection.clientId,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retry: QUICK_RETRIES,
    logLevel: kafkajs.logLevel.WARN,
    logCreator: () => (entry) => passOn(entry, log),
  };
  if (tls !== undefined) config.ssl = { ...tls };
  if (sasl !== undefined) config.sasl = saslOptions(sasl);
  return new kafkajs.Kafka(config);
}

function saslOptions({ mechanism, username, password }: KafkaSasl): SASLOptions {
  // One object per mechanism: the library's type is a union by it.
  switch (mechanism) {
    case 'plain':
      return { mechanism, username, password };
    case 'scram-sha-256':
      return { mechanism, username, password };
    case 'scram-sha-512':
      return { mechanism, username, password };
  }
}

/** What kafkajs attaches to a line is passed on by name only, so that nothing of a record can slip through. */
const FIELDS_PASSED = [
  'error',
  'broker',
  'groupId',
  'memberId',
  'topic',
  'partition',
  'retryCount',
  'retryTime',
  'correlationId',
] as const;

function passOn(entry: LogEntry, log: MessagingLog | undefined): void {
  if (log === undefined) return;
  const fields: Record<string, string | number> = { from: entry.namespace };
  for (const name of FIELDS_PASSED) {
    const value: unknown = entry.log[name];
    if (typeof value === 'string' || typeof value === 'number') fields[name] = value;
  }
  if (entry.level === kafkajs.logLevel.ERROR) log.error(entry.log.message, fields);
  else log.warn(entry.log.message, fields);
}
