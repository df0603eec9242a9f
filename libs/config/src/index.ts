/** Environment to typed, frozen configuration; only `main.ts` touches the environment itself. */
export { Secret } from './secret.ts';
export { ConfigRefused, withSecretFiles } from './reader.ts';
export { SETTING_KEYS, type Environment } from './settings.ts';
export {
  PERMISSIONS,
  isBroker,
  isDatabaseUrl,
  type ApiClient,
  type DatabaseSettings,
  type HttpSettings,
  type KafkaSettings,
  type LogLevel,
  type Permission,
} from './parts.ts';
export {
  readConsoleConfig,
  readEngineConfig,
  readPayerPageConfig,
  readWorkerConfig,
  type ConsoleConfig,
  type EngineConfig,
  type PayerPageConfig,
  type WorkerConfig,
} from './programs.ts';
export { isLoopback, type LoginSettings } from './login.ts';
export { NODE_HASHING, SYSTEM_CLOCK } from './host.ts';
export {
  makeJournalKey,
  readJournalKeys,
  type JournalKeyPair,
  type JournalSigner,
} from './journal-keys.ts';
