/** The keys of the producers' codes: kept in memory, used to look an amount up, never handed out (CONTRACT, Codes). */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { CodeBook, CodeDigest } from '#domain';
import { parseJson } from '../input/body.ts';
import { CODE_DIGITS_MAX } from '../input/shapes-context.ts';
import { isObject } from '../shape/shape.ts';

/** As in the environment. */
export interface CodeKeys {
  /** JSON object: key id to key. */
  readonly LENGJING_CODE_KEYS?: string | undefined;
  /** The key of id `default`. */
  readonly LENGJING_CODE_KEY?: string | undefined;
}

const DEFAULT_KEY_ID = 'default';
/** Shortest form that is worth a digest, after leading zeros were removed as before. */
const FORM_DIGITS_MIN = 4;

/** Looks codes up with these keys by id; without keys nothing matches. Pure: the same question has the same answer. */
export function makeCodeBook(keys: ReadonlyMap<string, string>): CodeBook {
  const secrets = new Map<string, KeyObject>();
  for (const [keyId, key] of keys) secrets.set(keyId, createSecretKey(key, 'utf8'));
  // Not cached: a digest costs two microseconds, a transfer asks for at most three per code.
  return {
    digest(keyId, codeId, canonical) {
      const secret = secrets.get(keyId);
      return secret === undefined ? undefined : digestOf(secret, codeId, canonical);
    },
  };
}

/** Key id to key. Throws an `Error` of one line that names the variable, never a key, when they cannot be read. */
export function readCodeKeys({
  LENGJING_CODE_KEYS,
  LENGJING_CODE_KEY,
}: CodeKeys): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  if (LENGJING_CODE_KEYS !== undefined && LENGJING_CODE_KEYS !== '') {
    const parsed = parseJson(LENGJING_CODE_KEYS)?.json;
    if (!isObject(parsed)) {
      throw new Error(
        'LENGJING_CODE_KEYS must be a JSON object from key id to key, such as {"bank-a":"…"}',
      );
    }
    for (const [keyId, key] of Object.entries(parsed)) {
      if (typeof key !== 'string' || key === '') {
        throw new Error(
          'LENGJING_CODE_KEYS must have a text of at least one character for each key id',
        );
      }
      keys.set(keyId, key);
    }
  }
  if (LENGJING_CODE_KEY !== undefined && LENGJING_CODE_KEY !== '') {
    const other = keys.get(DEFAULT_KEY_ID);
    if (other !== undefined && other !== LENGJING_CODE_KEY) {
      throw new Error(
        'LENGJING_CODE_KEY and LENGJING_CODE_KEYS give the key id default two keys: remove one',
      );
    }
    keys.set(DEFAULT_KEY_ID, LENGJING_CODE_KEY);
  }
  return keys;
}

export interface CodeToDigest {
  readonly codeId: string;
  /** 1 to 32 digits as sent, leading zeros included. */
  readonly code: string;
  readonly key: string;
}

/**
 * `digests[]` of `code.observed`: the whole code, then its proper prefixes of at least four digits, the longest first. A form that is
 * shorter than four digits without its leading zeros is left out. Throws `RangeError`, without the code, for what is no code.
 */
export function digestCode({ codeId, code, key }: CodeToDigest): readonly CodeDigest[] {
  if (!/^[0-9]+$/.test(code) || code.length > CODE_DIGITS_MAX) {
    throw new RangeError(`a code is 1 to ${CODE_DIGITS_MAX} digits and nothing else`);
  }
  const secret = createSecretKey(key, 'utf8');
  const digests: CodeDigest[] = [];
  for (let digits = code.length; digits === code.length || digits >= FORM_DIGITS_MIN; digits -= 1) {
    const canonical = code.slice(0, digits).replace(/^0+/, '');
    if (canonical.length < FORM_DIGITS_MIN) continue;
    const form = digits === code.length ? 'full' : 'prefix';
    digests.push({ form, digits, digest: digestOf(secret, codeId, canonical) });
  }
  return digests;
}

function digestOf(secret: KeyObject, codeId: string, canonical: string): string {
  return createHmac('sha256', secret).update(`${codeId}:${canonical}`).digest('base64url');
}
