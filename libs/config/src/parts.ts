/** The groups of settings that several programs share: database, Kafka, HTTP, keys of codes. */
import type { Reader } from './reader.ts';
import { Secret } from './secret.ts';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface DatabaseSettings {
  readonly url: Secret;
  readonly poolSize: number;
}

export const SASL_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

export interface KafkaSettings {
  /** `host:port`. */
  readonly brokers: readonly string[];
  readonly groupId: string;
  /** How many partitions every topic must have; not checked against a number when absent. */
  readonly partitions?: number;
  /** False, true, or true with the certificate authority to trust (PEM). Certificates are always verified. */
  readonly ssl: boolean | { readonly ca: string };
  readonly sasl?: {
    readonly mechanism: (typeof SASL_MECHANISMS)[number];
    readonly username: string;
    readonly password: Secret;
  };
}

export interface HttpSettings {
  /** Loopback unless told otherwise. */
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
}

/** What every program has. */
export interface CommonSettings {
  readonly logLevel: LogLevel;
  readonly http: HttpSettings;
  /** Names the process in logs and leases; the program draws one when it is absent. */
  readonly instanceId?: string;
}

export function readProcess(reader: Reader, port: number): CommonSettings {
  const instanceId = reader.optionalText('INSTANCE_ID');
  if (instanceId !== undefined && !/^[\w.-]{1,64}$/.test(instanceId)) {
    reader.complain('INSTANCE_ID', 'must be up to 64 letters, digits, dots, dashes');
  }
  return {
    logLevel: reader.oneOf('LOG_LEVEL', LOG_LEVELS, 'info'),
    http: {
      host: reader.text('HOST', '127.0.0.1'),
      port: reader.integer('PORT', { min: 0, max: 65_535 }, port),
    },
    ...(instanceId === undefined ? {} : { instanceId }),
  };
}

export function readDatabase(reader: Reader, poolSize: number): DatabaseSettings {
  const url = reader.secret('DATABASE_URL');
  if (url.reveal() !== '' && !isDatabaseUrl(url.reveal())) {
    reader.complain('DATABASE_URL', 'must look like postgres://user:password@host:5432/database');
  }
  return { url, poolSize: reader.integer('DATABASE_POOL_SIZE', { min: 2, max: 100 }, poolSize) };
}

/** Whether it names a PostgreSQL server and a database on it. */
export function isDatabaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname } = new URL(text);
  return /^postgres(ql)?:$/.test(protocol) && hostname !== '' && pathname.length > 1;
}

export function readKafka(reader: Reader): KafkaSettings {
  const brokers = reader.list('KAFKA_BROKERS');
  if (!brokers.every(isBroker)) {
    reader.complain('KAFKA_BROKERS', 'must be host:port, separated by commas');
  }
  const partitions = reader.optionalInteger('KAFKA_PARTITIONS', { min: 1, max: 10_000 });
  const ssl = reader.flag('KAFKA_SSL', false);
  const ca = reader.optionalText('KAFKA_SSL_CA');
  if (ca !== undefined && !ssl) reader.complain('KAFKA_SSL_CA', 'needs KAFKA_SSL=true');
  const sasl = readSasl(reader, ssl);
  return {
    brokers,
    groupId: reader.text('KAFKA_GROUP_ID', 'lengjing-risk-engine'),
    ...(partitions === undefined ? {} : { partitions }),
    ssl: ssl && ca !== undefined ? { ca } : ssl,
    ...(sasl === undefined ? {} : { sasl }),
  };
}

/** Whether it is `host:port`. */
export function isBroker(text: string): boolean {
  const match = /^(?:[\w.-]+|\[[\da-fA-F:]+\]):(\d{1,5})$/.exec(text);
  return match !== null && Number(match[1]) >= 1 && Number(match[1]) <= 65_535;
}

function readSasl(reader: Reader, ssl: boolean): KafkaSettings['sasl'] {
  const mechanism = reader.oneOf('KAFKA_SASL_MECHANISM', [...SASL_MECHANISMS, 'none'], 'none');
  const username = reader.optionalText('KAFKA_SASL_USERNAME');
  const password = reader.optionalSecret('KAFKA_SASL_PASSWORD');
  if (mechanism === 'none') {
    if (username !== undefined || password !== undefined) {
      reader.complain('KAFKA_SASL_MECHANISM', 'is missing beside the user name or password');
    }
    return undefined;
  }
  if (mechanism === 'plain' && !ssl) {
    reader.complain(
      'KAFKA_SASL_MECHANISM',
      'plain sends the password readable: needs KAFKA_SSL=true',
    );
  }
  if (username === undefined) reader.complain('KAFKA_SASL_USERNAME', 'is missing');
  if (password === undefined) reader.complain('KAFKA_SASL_PASSWORD', 'is missing');
  return { mechanism, username: username ?? '', password: password ?? new Secret('') };
}

const CODE_KEY_LENGTH_MIN = 16;

/** Keys of the code digests by `keyId` (CONTRACT, Codes). Empty where no producer shares digests. */
export function readCodeKeys(reader: Reader): Secret<ReadonlyMap<string, string>> {
  const single = reader.optionalSecret('LENGJING_CODE_KEY')?.reveal();
  const several = reader.optionalSecret('LENGJING_CODE_KEYS')?.reveal();
  if (single !== undefined && several !== undefined) {
    reader.complain('LENGJING_CODE_KEY', 'is given beside LENGJING_CODE_KEYS: keep one');
  }
  const keys = new Map(Object.entries(single === undefined ? {} : { default: single }));
  if (single !== undefined && single.length < CODE_KEY_LENGTH_MIN) {
    reader.complain('LENGJING_CODE_KEY', `must have at least ${CODE_KEY_LENGTH_MIN} characters`);
  }
  for (const [keyId, key] of objectEntries(several)) {
    if (typeof key !== 'string' || keyId === '' || key.length < CODE_KEY_LENGTH_MIN) {
      reader.complain(
        'LENGJING_CODE_KEYS',
        `must be a JSON object of key names and keys of at least ${CODE_KEY_LENGTH_MIN} characters`,
      );
    } else keys.set(keyId, key);
  }
  return new Secret<ReadonlyMap<string, string>>(keys);
}

/**
 * Where payers reach their page: an origin. Without HTTPS only on this machine itself, because the cookie behind a link is as good as the
 * payer's own hand.
 */
export function readPayerPageUrl(reader: Reader): string {
  const text = reader.text('PAYER_PAGE_URL', 'http://127.0.0.1:8083');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !isHttpsOrLocal(url)) {
    reader.complain('PAYER_PAGE_URL', 'must be https://host, or http:// on 127.0.0.1 alone');
    return text;
  }
  if (text.replace(/\/$/, '') !== url.origin) {
    reader.complain('PAYER_PAGE_URL', 'must be an origin: no path, no user, no query');
  }
  return url.origin;
}

export interface AlertWebhookSettings {
  readonly url: string;
  /** `whsec_…`, as the Standard Webhooks specification has it. */
  readonly secret: Secret;
}

/** Both or neither. Plain http only to this machine: an alert says who is being talked to. */
export function readAlertWebhook(reader: Reader): AlertWebhookSettings | undefined {
  const url = reader.optionalText('ALERT_WEBHOOK_URL');
  const secret = reader.optionalSecret('ALERT_WEBHOOK_SECRET');
  if (url === undefined && secret === undefined) return undefined;
  const parsed = url !== undefined && URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !isHttpsOrLocal(parsed)) {
    reader.complain('ALERT_WEBHOOK_URL', 'must be https://…, or http:// on 127.0.0.1 alone');
  }
  if (secret === undefined || !/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/.test(secret.reveal())) {
    reader.complain(
      'ALERT_WEBHOOK_SECRET',
      'must be whsec_ and 24 to 64 random bytes in base64: echo whsec_$(openssl rand -base64 32)',
    );
  }
  return { url: url ?? '', secret: secret ?? new Secret('') };
}

function isHttpsOrLocal({ protocol, hostname }: URL): boolean {
  const loopback = /^(127\.|localhost$|\[::1\]$)/.test(hostname);
  return protocol === 'https:' || (protocol === 'http:' && loopback);
}

/** What callers may do, people and machine clients alike; one permission per verb. */
export const PERMISSIONS = [
  'holds:read',
  'holds:release',
  'holds:approve-release',
  'holds:cancel',
  'holds:extend',
  'payees:quiet',
  'appeals:read',
  'appeals:open',
  'appeals:decide',
  'instructions:read',
  'instructions:record',
  'costs:record',
  'reconciliation:read',
  'cases:read',
  'cases:work',
  'cases:break-lock',
  'payers:unmask',
  'policies:read',
  'policies:write',
  'policies:approve',
  'overview:read',
  'lists:read',
  'letters:read',
  'letters:redrive',
  'journal:read',
  'payer-links:mint',
  'journal:export',
  'journal:approve-export',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export interface ApiClient {
  readonly name: string;
  readonly permissions: readonly Permission[];
}

/**
 * Who may call the machine API, by the lower-case hex SHA-256 of the token: the tokens themselves are known only to their
 * holders. Tokens MUST be random with 128 bits or more, or the hash gives them away.
 */
export function readApiClients(reader: Reader): ReadonlyMap<string, ApiClient> {
  const clients = new Map<string, ApiClient>();
  for (const [hash, client] of objectEntries(
    reader.optionalSecret('LENGJING_API_TOKENS')?.reveal(),
  )) {
    if (/^[\da-f]{64}$/.test(hash) && isApiClient(client)) {
      clients.set(
        hash,
        Object.freeze({ ...client, permissions: Object.freeze([...client.permissions]) }),
      );
      continue;
    }
    reader.complain(
      'LENGJING_API_TOKENS',
      'must be a JSON object: SHA-256 of the token in hex → {"name", "permissions"}, with permissions ' +
        `among ${PERMISSIONS.join(', ')}`,
    );
  }
  return clients;
}

function isApiClient(value: unknown): value is ApiClient {
  if (typeof value !== 'object' || value === null) return false;
  const { name, permissions, ...more } = value as Record<string, unknown>;
  const known: ReadonlySet<unknown> = new Set(PERMISSIONS);
  return (
    typeof name === 'string' &&
    /^[\w .-]{1,64}$/.test(name) &&
    Array.isArray(permissions) &&
    permissions.every((one) => known.has(one)) &&
    Object.keys(more).length === 0
  );
}

/** Entries of a JSON object; what is no object gives one entry that no reader accepts. */
function objectEntries(json: string | undefined): readonly (readonly [string, unknown])[] {
  if (json === undefined) return [];
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return Object.entries(value);
    }
  } catch {
    // Said below without the text, which JSON.parse's own message would quote.
  }
  return [['', undefined]];
}
