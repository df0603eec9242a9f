/** RFC 8785: one byte sequence per JSON value, so that hashes can be recomputed by anyone. */
import type { Json } from './entry.ts';

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

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
  if (LONE_SURROGATE.test(text)) throw new TypeError('canonical JSON has no lone surrogate');
  return JSON.stringify(text);
}

function canonicalArray(items: readonly Json[]): string {
  const parts: string[] = [];
  // By index: `map` would pass over holes and leave the text invalid.
  for (let i = 0; i < items.length; i += 1) parts.push(canonicalJson(items[i] as Json));
  return `[${parts.join(',')}]`;
}

function canonicalObject(object: { readonly [key: string]: Json }): string {
  const members = Object.keys(object)
    // The default order of `sort` is by UTF-16 code units, which is what the RFC asks for.
    .sort()
    .map((key) => `${canonicalString(key)}:${canonicalJson(object[key] as Json)}`);
  return `{${members.join(',')}}`;
}

/** `Array.isArray` does not narrow read-only arrays. */
function isArray(
  value: readonly Json[] | { readonly [key: string]: Json },
): value is readonly Json[] {
  return Array.isArray(value);
}
