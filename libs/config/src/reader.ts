/** Reads settings one by one and keeps every complaint, so that a person mends them all at once. Values are never quoted. */
import { Secret } from './secret.ts';
import {
  FILE_KEYS,
  OWN_PREFIX,
  SETTING_KEYS,
  type Environment,
  type SettingKey,
} from './settings.ts';

/** What is wrong with the environment: one line that names every bad key and no value. */
export class ConfigRefused extends Error {
  override readonly name = 'ConfigRefused';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`configuration: ${problems.join('; ')}`);
    this.problems = problems;
  }
}

/** A number with its unit in the key's name. */
export interface IntegerRange {
  readonly min: number;
  readonly max: number;
}

export interface Reader {
  /** Complains where the key is absent and there is no `fallback`; a secret has none. */
  secret(key: SettingKey): Secret;
  optionalSecret(key: SettingKey): Secret | undefined;
  text(key: SettingKey, fallback?: string): string;
  optionalText(key: SettingKey): string | undefined;
  integer(key: SettingKey, range: IntegerRange, fallback: number): number;
  optionalInteger(key: SettingKey, range: IntegerRange): number | undefined;
  flag(key: SettingKey, fallback: boolean): boolean;
  oneOf<const Choice extends string>(
    key: SettingKey,
    choices: readonly Choice[],
    fallback: Choice,
  ): Choice;
  /** Comma-separated, trimmed, not empty. */
  list(key: SettingKey): readonly string[];
  /** Records that the key is wrong; `problem` MUST NOT quote its value. */
  complain(key: SettingKey, problem: string): void;
}

/**
 * Runs `read` over the environment and freezes what it returns. Throws `ConfigRefused` with every problem found. An empty value
 * counts as absent.
 */
export function readSettings<Config extends object>(
  env: Environment,
  read: (reader: Reader) => Config,
): Config {
  const problems = misspelt(env);
  const config = read(makeReader(env, problems));
  if (problems.length > 0) throw new ConfigRefused([...new Set(problems)].sort());
  return deepFreeze(config);
}

function makeReader(env: Environment, problems: string[]): Reader {
  const valueOf = (key: SettingKey): string | undefined => {
    const value = env[key]?.trim();
    return value === '' ? undefined : value;
  };
  const complain = (key: SettingKey, problem: string): void => {
    problems.push(`${key} ${problem}`);
  };
  const required = (key: SettingKey): string => {
    const value = valueOf(key);
    if (value === undefined) complain(key, 'is missing');
    return value ?? '';
  };
  const optionalInteger = (key: SettingKey, { min, max }: IntegerRange): number | undefined => {
    const value = valueOf(key);
    if (value === undefined) return undefined;
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return number;
    complain(key, `must be a whole number from ${min} to ${max}`);
    return undefined;
  };
  const oneOf: Reader['oneOf'] = (key, choices, fallback) => {
    const value = valueOf(key);
    const choice = choices.find((one) => one === value);
    if (value !== undefined && choice === undefined) {
      complain(key, `must be one of ${choices.join(', ')}`);
    }
    return choice ?? fallback;
  };
  return {
    secret: (key) => new Secret(required(key)),
    optionalSecret: (key) => {
      const value = valueOf(key);
      return value === undefined ? undefined : new Secret(value);
    },
    text: (key, fallback) => (fallback === undefined ? required(key) : (valueOf(key) ?? fallback)),
    optionalText: valueOf,
    integer: (key, range, fallback) => optionalInteger(key, range) ?? fallback,
    optionalInteger,
    flag: (key, fallback) => oneOf(key, ['true', 'false'], fallback ? 'true' : 'false') === 'true',
    oneOf,
    list: (key) =>
      required(key)
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== ''),
    complain,
  };
}

function misspelt(env: Environment): string[] {
  const known = new Set<string>([...SETTING_KEYS, ...FILE_KEYS.map((key) => `${key}_FILE`)]);
  return Object.keys(env)
    .filter((key) => key.startsWith(OWN_PREFIX) && !known.has(key))
    .map((key) => `${key} is not a setting: see .env.example`);
}

/**
 * The environment with every `<KEY>_FILE` replaced by what the file says, without its last line break. `readFile` is the caller's,
 * so that this stays pure. Throws `ConfigRefused` where a file cannot be read or the key is given twice.
 */
export function withSecretFiles(env: Environment, readFile: (path: string) => string): Environment {
  const problems: string[] = [];
  const read: Record<string, string> = {};
  for (const key of FILE_KEYS) {
    const path = env[`${key}_FILE`];
    if (path === undefined || path === '') continue;
    if (env[key] !== undefined && env[key] !== '') {
      problems.push(`${key} is given twice, also as ${key}_FILE`);
      continue;
    }
    try {
      read[key] = readFile(path).replace(/\r?\n$/, '');
    } catch {
      problems.push(`${key}_FILE names a file that cannot be read`);
    }
  }
  if (problems.length > 0) throw new ConfigRefused(problems);
  return { ...env, ...read };
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object' && inner !== null && !Object.isFrozen(inner)) deepFreeze(inner);
  }
  return Object.freeze(value);
}
