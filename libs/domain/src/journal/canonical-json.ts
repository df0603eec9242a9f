/** RFC 8785: one byte sequence per JSON value, so that hashes can be recomputed by anyone. */
import type { Json } from './entry.ts';

/**
 * Canonical text of a JSON value (RFC 8785): no white space, object members sorted by UTF-16 code units, numbers as
 * ECMAScript writes them. Throws `TypeError` for what JSON cannot carry faithfully: NaN, infinities, undefined, functions,
 * lone surrogates.
 */
export function canonicalJson(value: Json): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError('canonical JSON has no NaN and no infinity');
      return JSON.stringify(value);
    case 'string':
      return canonicalString(value);
    case 'object':
      return isArray(value) ? canonicalArray(value) : canonicalObject(value);
    default:
      throw new TypeError(`canonical JSON has no ${typeof value}`);
  }
}

function canonicalString(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('canonical JSON has no lone surrogate');
  return JSON.stringify(text);
}

function canonicalArray(items: readonly Json[]): string {
  let text = '[';
  // By index: `map` would pass over holes and leave the text invalid.
  for (let i = 0; i < items.length; i += 1) {
    text += i === 0 ? canonicalJson(items[i] as Json) : `,${canonicalJson(items[i] as Json)}`;
  }
  return `${text}]`;
}

function canonicalObject(object: { readonly [key: string]: Json }): string {
  // The default order of `sort` is by UTF-16 code units, which is what the RFC asks for.
  const keys = Object.keys(object).sort();
  let text = '{';
  for (let i = 0; i < keys.length; i += 1) {
    const key = keys[i] as string;
    text += `${i === 0 ? '' : ','}${quotedKey(key)}:${canonicalJson(object[key] as Json)}`;
  }
  return `${text}}`;
}

/** Formats have few member names, and each comes again and again. What is not a format's is not kept. */
const QUOTED_KEYS_MAX = 1_000;
const quotedKeys = new Map<string, string>();

function quotedKey(key: string): string {
  const known = quotedKeys.get(key);
  if (known !== undefined) return known;
  const quoted = canonicalString(key);
  if (quotedKeys.size < QUOTED_KEYS_MAX) quotedKeys.set(key, quoted);
  return quoted;
}

/** `Array.isArray` does not narrow read-only arrays. */
function isArray(
  value: readonly Json[] | { readonly [key: string]: Json },
): value is readonly Json[] {
  return Array.isArray(value);
}
