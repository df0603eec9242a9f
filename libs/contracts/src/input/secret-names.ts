/** Fields named like secrets: how they are found in any spelling, and how JSON Schema forbids them (CONTRACT, Refusing). */
import type { Schema } from '../shape/shape.ts';

/** In any case, snake and kebab case included. */
const NAMES = 'code|otp|password|sms[_-]?code|verification[_-]?code';
const SECRET_NAME = new RegExp(`^(?:${NAMES})$`, 'i');
const SECRET_HEADER = new RegExp(`^(?:ce[_-])?(?:${NAMES})$`, 'i');
const SECRET_MEMBER = new RegExp(`"(?:${NAMES})"\\s*:`, 'i');
/** Every string of a JSON text from its beginning, so that none is entered in the middle; the second group tells a name. */
const STRINGS = /"([^"\\]*(?:\\.[^"\\]*)*)"(\s*:)?/g;
/** As in JSON, or in a text that carries JSON or the like. */
const QUOTED = new RegExp(`["'](?:${NAMES})\\\\*["']\\s*[:=]`, 'i');
/** Not secret by name, yet carrying what is: an amount as it was typed, an event in another encoding. */
const CARRIER = /amountInput|data_base64/i;
const ANYWHERE = new RegExp(NAMES, 'i');

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Kafka header names, with or without the prefix of CloudEvents attributes. */
export function isSecretHeader(name: string): boolean {
  return SECRET_HEADER.test(name);
}

/**
 * How many members of this JSON text have a secret name, at any depth, repeated and escaped ones (`"\u006ftp"`) included.
 * `text` MUST be valid JSON.
 */
export function countSecretMembers(text: string): number {
  // Without a backslash a name stands in the text as it is, and one test settles almost every record.
  if (!text.includes('\\') && !SECRET_MEMBER.test(text)) return 0;
  let count = 0;
  for (const [, content, colon] of text.matchAll(STRINGS)) {
    if (colon === undefined || content === undefined) continue;
    const name = content.includes('\\') ? (JSON.parse(`"${content}"`) as string) : content;
    if (SECRET_NAME.test(name)) count += 1;
  }
  return count;
}

/** A text with a quoted secret name before a colon or an equals sign. */
export function quotesSecret(text: string): boolean {
  return QUOTED.test(text);
}

/** False only when a JSON text needs no redaction: no secret name and no carrier of secrets, and no escape that could spell one. */
export function mayNeedRedaction(json: string): boolean {
  return json.includes('\\') || QUOTED.test(json) || CARRIER.test(json);
}

/**
 * True only when a text that is no JSON provably has none of the names: not as they are, no escape that could spell one, none of the
 * bytes that other encodings leave.
 */
export function provablyWithoutSecrets(text: string): boolean {
  return !ANYWHERE.test(text) && !CARRIER.test(text) && !/[^\P{Cc}\t\n\r]|\\|\ufffd/u.test(text);
}

/** For published schemas, as `$defs/withoutSecrets`: no member with a secret name at any depth. */
export const WITHOUT_SECRETS: Schema = {
  anyOf: [
    {
      type: 'object',
      propertyNames: { type: 'string', not: { pattern: anyCase(`^(?:${NAMES})$`) } },
      additionalProperties: { $ref: '#/$defs/withoutSecrets' },
    },
    { type: 'array', items: { $ref: '#/$defs/withoutSecrets' } },
    ...['string', 'number', 'boolean', 'null'].map((type) => ({ type })),
  ],
};

/** JSON Schema patterns have no flags: `code` becomes `[cC][oO][dD][eE]`. */
function anyCase(pattern: string): string {
  return pattern
    .replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)
    .replaceAll('[_-]', '[_\\-]');
}
