/** What each program reads from its environment. */
import {
  readAlertWebhook,
  readApiClients,
  readCodeKeys,
  readDatabase,
  readKafka,
  readPayerPageUrl,
  readProcess,
  type AlertWebhookSettings,
  type ApiClient,
  type CommonSettings,
  type DatabaseSettings,
  type KafkaSettings,
} from './parts.ts';
import { readJournalKeys, type JournalSigner } from './journal-keys.ts';
import { readLogin, type LoginSettings } from './login.ts';
import { readSettings, type Reader } from './reader.ts';
import type { Secret } from './secret.ts';
import type { Environment } from './settings.ts';

export interface EngineConfig extends CommonSettings {
  readonly database: DatabaseSettings;
  /** Absent where the log lives inside the process: without a broker, for trying out. */
  readonly kafka?: KafkaSettings;
  readonly codeKeys: Secret<ReadonlyMap<string, string>>;
  /** Path of a policy file; the policy that comes with the program when absent. */
  readonly policyFile?: string;
  /** Events of one batch, that is of one transaction, at most. */
  readonly batchMaxEvents: number;
  /** How long decisions wait for a topic that is known to lag behind the others. */
  readonly alignmentWaitMs: number;
}

export interface WorkerConfig extends CommonSettings {
  readonly database: DatabaseSettings;
  readonly policyFile?: string;
  /** Signs the heads of the journal. Nothing is sealed where it is absent. */
  readonly journalSigner?: JournalSigner;
  /** Where alerts go as signed webhooks; only to their topic where it is absent. */
  readonly alertWebhook?: AlertWebhookSettings;
}

export interface ConsoleConfig extends CommonSettings {
  readonly database: DatabaseSettings;
  readonly policyFile?: string;
  /** By the SHA-256 of their token, hex. Nobody may call the API where it is empty. */
  readonly apiClients: ReadonlyMap<string, ApiClient>;
  /** Where links to the payer page lead. */
  readonly payerPageUrl: string;
  /** Absent: nobody can sign in, only machine clients call. */
  readonly login?: LoginSettings;
}

export interface PayerPageConfig extends CommonSettings {
  readonly database: DatabaseSettings;
  readonly policyFile?: string;
  /** Where the page is seen from outside: its origin, without a path. */
  readonly payerPageUrl: string;
}

/** Throws `ConfigRefused`, as the others. All are pure. */
export function readEngineConfig(env: Environment): EngineConfig {
  return readSettings(env, (reader) => ({
    ...readProcess(reader, 8081),
    database: readDatabase(reader, 8),
    ...(reader.oneOf('LENGJING_LOG', ['kafka', 'in-process'], 'kafka') === 'kafka'
      ? { kafka: readKafka(reader) }
      : {}),
    codeKeys: readCodeKeys(reader),
    ...optional('policyFile', reader.optionalText('LENGJING_POLICY')),
    batchMaxEvents: reader.integer('BATCH_MAX_EVENTS', { min: 1, max: 5_000 }, 500),
    alignmentWaitMs: reader.integer('ALIGNMENT_WAIT_MS', { min: 0, max: 60_000 }, 1_000),
  }));
}

export function readWorkerConfig(env: Environment): WorkerConfig {
  return readSettings(env, (reader) => ({
    ...readProcess(reader, 8082),
    database: readDatabase(reader, 4),
    ...optional('policyFile', reader.optionalText('LENGJING_POLICY')),
    ...optional('journalSigner', readSigner(reader)),
    ...optional('alertWebhook', readAlertWebhook(reader)),
  }));
}

export function readConsoleConfig(env: Environment): ConsoleConfig {
  return readSettings(env, (reader) => ({
    ...readProcess(reader, 8080),
    database: readDatabase(reader, 8),
    ...optional('policyFile', reader.optionalText('LENGJING_POLICY')),
    apiClients: readApiClients(reader),
    payerPageUrl: readPayerPageUrl(reader),
    ...optional('login', readLogin(reader)),
  }));
}

export function readPayerPageConfig(env: Environment): PayerPageConfig {
  return readSettings(env, (reader) => ({
    ...readProcess(reader, 8083),
    database: readDatabase(reader, 4),
    ...optional('policyFile', reader.optionalText('LENGJING_POLICY')),
    payerPageUrl: readPayerPageUrl(reader),
  }));
}

function readSigner(reader: Reader): JournalSigner | undefined {
  const keys = reader.optionalSecret('LENGJING_JOURNAL_KEYS');
  if (keys === undefined) return undefined;
  try {
    return readJournalKeys(keys.reveal());
  } catch (error) {
    const problem = error instanceof Error ? error.message : 'cannot be read';
    reader.complain('LENGJING_JOURNAL_KEYS', `cannot be used: ${problem}`);
    return undefined;
  }
}

function optional<const Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): Partial<Record<Key, Value>> {
  return value === undefined ? {} : ({ [key]: value } as Record<Key, Value>);
}
