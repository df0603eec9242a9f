import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  ConfigRefused,
  SETTING_KEYS,
  readConsoleConfig,
  readEngineConfig,
  readWorkerConfig,
  withSecretFiles,
  type Environment,
} from './index.ts';

const URL_WITH_PASSWORD = 'postgres://engine:hunter2@db.example:5432/lengjing';
const ENGINE: Environment = { DATABASE_URL: URL_WITH_PASSWORD, KAFKA_BROKERS: 'a:9092, b:9093' };
const HASH = 'ab'.repeat(32);

function problemsOf(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigRefused) return error.problems;
    throw error;
  }
  return [];
}

describe('the engine’s configuration', () => {
  it('needs a database and brokers, and has a default for the rest', () => {
    const { database, codeKeys, ...config } = readEngineConfig(ENGINE);
    expect(database.url.reveal()).toBe(URL_WITH_PASSWORD);
    expect(codeKeys.reveal()).toEqual(new Map());
    expect(config).toEqual({
      logLevel: 'info',
      http: { host: '127.0.0.1', port: 8081 },
      kafka: { brokers: ['a:9092', 'b:9093'], groupId: 'lengjing-risk-engine', ssl: false },
      batchMaxEvents: 500,
      alignmentWaitMs: 1000,
    });
  });

  it('reads everything', () => {
    const config = readEngineConfig({
      ...ENGINE,
      HOST: '::1',
      PORT: '0',
      LOG_LEVEL: 'debug',
      INSTANCE_ID: 'engine-1',
      DATABASE_POOL_SIZE: '3',
      KAFKA_GROUP_ID: 'g',
      KAFKA_PARTITIONS: '12',
      KAFKA_SSL: 'true',
      KAFKA_SSL_CA: '-----BEGIN',
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: 'u',
      KAFKA_SASL_PASSWORD: 'p',
      LENGJING_CODE_KEYS: '{"bank":"0123456789abcdef","sms":"fedcba9876543210"}',
      LENGJING_POLICY: 'policy.json',
      BATCH_MAX_EVENTS: '50',
      ALIGNMENT_WAIT_MS: '0',
    });
    expect(config).toMatchObject({
      logLevel: 'debug',
      http: { host: '::1', port: 0 },
      instanceId: 'engine-1',
      database: { poolSize: 3 },
      kafka: { groupId: 'g', partitions: 12, ssl: { ca: '-----BEGIN' } },
      policyFile: 'policy.json',
      batchMaxEvents: 50,
      alignmentWaitMs: 0,
    });
    expect(config.kafka?.sasl?.password.reveal()).toBe('p');
    expect([...config.codeKeys.reveal().keys()]).toEqual(['bank', 'sms']);
  });

  it('names every bad key at once', () => {
    const problems = problemsOf(() =>
      readEngineConfig({
        PORT: '-1',
        LOG_LEVEL: 'loud',
        ALIGNMENT_WAIT_MS: '1e3',
        LENGJING_CODEKEY: 'misspelt',
        DATABASE_URL: ' ',
      }),
    );
    expect(problems).toEqual([
      'ALIGNMENT_WAIT_MS must be a whole number from 0 to 60000',
      'DATABASE_URL is missing',
      'KAFKA_BROKERS is missing',
      'LENGJING_CODEKEY is not a setting: see .env.example',
      'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent',
      'PORT must be a whole number from 0 to 65535',
    ]);
  });

  it.each<[Environment, string]>([
    [{ DATABASE_URL: 'mysql://u:hunter2@h/d' }, 'DATABASE_URL'],
    [{ DATABASE_URL: 'hunter2' }, 'DATABASE_URL'],
    [{ DATABASE_URL: 'postgres://u:hunter2@h/' }, 'DATABASE_URL'],
    [{ KAFKA_BROKERS: 'hunter2' }, 'KAFKA_BROKERS'],
    [{ KAFKA_BROKERS: 'a:0' }, 'KAFKA_BROKERS'],
    [{ KAFKA_BROKERS: 'a:65536' }, 'KAFKA_BROKERS'],
    [{ KAFKA_BROKERS: 'http://a:9092' }, 'KAFKA_BROKERS'],
    [{ KAFKA_SSL: 'yes' }, 'KAFKA_SSL'],
    [{ KAFKA_SSL_CA: 'x' }, 'KAFKA_SSL_CA'],
    [{ KAFKA_PARTITIONS: '0' }, 'KAFKA_PARTITIONS'],
    [{ KAFKA_SASL_PASSWORD: 'hunter2' }, 'KAFKA_SASL_MECHANISM'],
    [
      {
        KAFKA_SASL_MECHANISM: 'plain',
        KAFKA_SASL_USERNAME: 'u',
        KAFKA_SASL_PASSWORD: 'hunter2',
      },
      'KAFKA_SASL_MECHANISM',
    ],
    [{ KAFKA_SASL_MECHANISM: 'scram-sha-256', KAFKA_SASL_USERNAME: 'u' }, 'KAFKA_SASL_PASSWORD'],
    [{ LENGJING_CODE_KEY: 'hunter2' }, 'LENGJING_CODE_KEY'],
    [{ LENGJING_CODE_KEYS: 'hunter2' }, 'LENGJING_CODE_KEYS'],
    [{ LENGJING_CODE_KEYS: '["hunter2"]' }, 'LENGJING_CODE_KEYS'],
    [{ LENGJING_CODE_KEYS: '{"a":"hunter2"}' }, 'LENGJING_CODE_KEYS'],
    [{ LENGJING_CODE_KEYS: '{"a":12345678901234567890}' }, 'LENGJING_CODE_KEYS'],
    [{ LENGJING_CODE_KEY: 'hunter2'.repeat(4), LENGJING_CODE_KEYS: '{}' }, 'LENGJING_CODE_KEY'],
    [{ DATABASE_POOL_SIZE: '1' }, 'DATABASE_POOL_SIZE'],
    [{ BATCH_MAX_EVENTS: '0' }, 'BATCH_MAX_EVENTS'],
    [{ INSTANCE_ID: 'hunter2 or so' }, 'INSTANCE_ID'],
  ])('refuses %j without its value', (change, key) => {
    const problems = problemsOf(() => readEngineConfig({ ...ENGINE, ...change }));
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([key]);
    expect(problems.join()).not.toContain('hunter2');
  });

  it('never quotes a value, whatever it is', () => {
    const value = fc.string({ minLength: 6 }).map((text) => `\u2021${text}\u2021`);
    const env = fc.record(Object.fromEntries(SETTING_KEYS.map((key) => [key, value])), {
      requiredKeys: [],
    });
    fc.assert(
      fc.property(env, (given) => {
        for (const read of [readEngineConfig, readWorkerConfig, readConsoleConfig]) {
          expect(problemsOf(() => read(given)).join()).not.toContain('\u2021');
        }
      }),
    );
  });

  it('is frozen and prints no secret', () => {
    const config = readEngineConfig({ ...ENGINE, LENGJING_CODE_KEY: '0123456789abcdef' });
    expect(Object.isFrozen(config.kafka?.brokers)).toBe(true);
    expect(Object.isFrozen(config.http)).toBe(true);
    for (const printed of [
      JSON.stringify(config),
      inspect(config, { depth: 9, showHidden: true }),
      String(config.database.url),
    ]) {
      expect(printed).not.toMatch(/hunter2|0123456789abcdef/);
      expect(printed).toContain('[secret]');
    }
  });
});

describe('the console’s clients', () => {
  const read = (tokens: unknown) =>
    readConsoleConfig({
      DATABASE_URL: URL_WITH_PASSWORD,
      LENGJING_API_TOKENS: JSON.stringify(tokens),
    });

  it('are known by the hash of their token', () => {
    const client = { name: 'processor', permissions: ['holds:read', 'holds:cancel'] };
    expect(read({ [HASH]: client }).apiClients).toEqual(new Map([[HASH, client]]));
    expect(readConsoleConfig({ DATABASE_URL: URL_WITH_PASSWORD }).apiClients.size).toBe(0);
  });

  it.each([
    ['a token in the clear', { 'my-token': { name: 'a', permissions: [] } }],
    ['an upper-case hash', { [HASH.toUpperCase()]: { name: 'a', permissions: [] } }],
    ['an unknown permission', { [HASH]: { name: 'a', permissions: ['holds:everything'] } }],
    ['no permissions', { [HASH]: { name: 'a' } }],
    ['no name', { [HASH]: { permissions: [] } }],
    ['more than is known', { [HASH]: { name: 'a', permissions: [], admin: true } }],
    ['a list', [HASH]],
    ['nothing', null],
  ])('are refused with %s', (_what, tokens) => {
    const problems = problemsOf(() => read(tokens));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^LENGJING_API_TOKENS must be a JSON object/);
  });
});

describe('secrets in files', () => {
  it('are read by the caller’s function', () => {
    const env = withSecretFiles({ DATABASE_URL_FILE: 'f' }, (path) => `${path}!\n`);
    expect(env['DATABASE_URL']).toBe('f!');
  });

  it('are refused twice, or where the file cannot be read', () => {
    const fail = (): string => {
      throw new Error('hunter2');
    };
    const run = () =>
      withSecretFiles(
        { DATABASE_URL: 'hunter2', DATABASE_URL_FILE: 'f', LENGJING_CODE_KEY_FILE: 'g' },
        fail,
      );
    expect(problemsOf(run)).toEqual([
      'DATABASE_URL is given twice, also as DATABASE_URL_FILE',
      'LENGJING_CODE_KEY_FILE names a file that cannot be read',
    ]);
  });
});

describe('.env.example', () => {
  it('names exactly the keys that are read', () => {
    const text = readFileSync('.env.example', 'utf8');
    const named = [...text.matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1] ?? '');
    expect([...named].sort()).toEqual([...SETTING_KEYS].sort());
  });

  it('is accepted once its blanks are filled', () => {
    const text = readFileSync('.env.example', 'utf8');
    const given = Object.fromEntries(
      [...text.matchAll(/^([A-Z_]+)=(.*)$/gm)].map((match) => [match[1] ?? '', match[2]]),
    );
    const env = { ...given, ...ENGINE };
    for (const read of [readEngineConfig, readWorkerConfig, readConsoleConfig]) {
      expect(problemsOf(() => read(env))).toEqual([]);
    }
  });
});
