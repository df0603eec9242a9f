/** From bytes to JSON: limits that hold whatever the bytes are. */

/** Larger values are not looked into, not even for the ids of a request: the broker's own default limit. */
export const LOOKED_INTO_BYTES_MAX = 1024 * 1024;

/** Deepest nesting of a record's JSON, the outermost object being 1. */
export const NESTING_MAX = 32;

/**
 * UTF-8 with every invalid sequence as U+FFFD and without a byte order mark. Ids are ASCII, so a byte that is wrong in one is refused
 * there; in typed text, which may be in an encoding of its own, it is no reason to refuse.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  const text = asBuffer(bytes).toString('utf8');
  return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
}

const BYTE_ORDER_MARK = 0xfeff;

/** The parsed text, or undefined when it is no JSON. Of repeated members the last one counts. */
export function parseJson(text: string): { readonly json: unknown } | undefined {
  try {
    return { json: JSON.parse(text) as unknown };
  } catch {
    // The message quotes the text, so nothing of it is passed on.
    return undefined;
  }
}

/** Whether a JSON text nests deeper than `NESTING_MAX`. `text` MUST be valid JSON. */
export function nestsTooDeep(text: string): boolean {
  // Fewer brackets than levels settle almost every record without looking at each character.
  if (occurrences(text, '{') + occurrences(text, '[') <= NESTING_MAX) return false;
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i];
    if (inString) {
      if (char === '\\') i += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') depth -= 1;
    if (depth > NESTING_MAX) return true;
  }
  return false;
}

function occurrences(text: string, char: string): number {
  let count = 0;
  for (let i = text.indexOf(char); i >= 0; i = text.indexOf(char, i + 1)) count += 1;
  return count;
}

/** The same bytes, not a copy. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
