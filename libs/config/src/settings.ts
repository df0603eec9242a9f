/** Every key that a program reads from its environment, so that a misspelt one is noticed and `.env.example` is complete. */

/** Environment as Node gives it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** May also be given as `<KEY>_FILE`, the path of a file that holds the value. */
export const SECRET_KEYS = [
  'DATABASE_URL',
  'KAFKA_SASL_PASSWORD',
  'LENGJING_CODE_KEY',
  'LENGJING_CODE_KEYS',
  'LENGJING_API_TOKENS',
  'LENGJING_JOURNAL_KEYS',
  'ALERT_WEBHOOK_SECRET',
  'LENGJING_OIDC_CLIENT_SECRET',
] as const;

export const PLAIN_KEYS = [
  'HOST',
  'PORT',
  'LOG_LEVEL',
  'INSTANCE_ID',
  'DATABASE_POOL_SIZE',
  'KAFKA_BROKERS',
  'KAFKA_GROUP_ID',
  'KAFKA_PARTITIONS',
  'KAFKA_SSL',
  'KAFKA_SSL_CA',
  'KAFKA_SASL_MECHANISM',
  'KAFKA_SASL_USERNAME',
  'LENGJING_LOG',
  'LENGJING_POLICY',
  'LENGJING_PUBLIC_URL',
  'LENGJING_OIDC_ISSUER',
  'LENGJING_OIDC_CLIENT_ID',
  'LENGJING_OIDC_ROLES_CLAIM',
  'LENGJING_OIDC_AUDIENCE',
  'BATCH_MAX_EVENTS',
  'ALIGNMENT_WAIT_MS',
  'PAYER_PAGE_URL',
  'ALERT_WEBHOOK_URL',
] as const;

/** Not secret, but a file all the same: a certificate has many lines. */
export const FILE_KEYS = [...SECRET_KEYS, 'KAFKA_SSL_CA'] as const;

export type SettingKey = (typeof SECRET_KEYS)[number] | (typeof PLAIN_KEYS)[number];

export const SETTING_KEYS: readonly SettingKey[] = [...SECRET_KEYS, ...PLAIN_KEYS];

/** Settings of ours with this prefix are checked for spelling: a key that is not read would silently have no effect. */
export const OWN_PREFIX = 'LENGJING_';
