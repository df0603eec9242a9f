/** The refused record as it goes to `<topic>.dlq`: as it came, without what must be stored nowhere (CONTRACT, Refusing). */
import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import type { DeadLetter, Json } from '#domain';
import { isObject } from '../shape/shape.ts';
import type { WireRecord } from '../wire.ts';
import { asBuffer, decodeUtf8, NESTING_MAX, parseJson } from './body.ts';
import {
  isSecretHeader,
  isSecretName,
  mayNeedRedaction,
  provablyWithoutSecrets,
  quotesSecret,
} from './secret-names.ts';

/** Largest value that is kept, and largest sum of key and headers: a letter must fit into a message, or the chain would stand still. */
const VALUE_BYTES_MAX = 256 * 1024;
const HEADER_BYTES_MAX = 64 * 1024;

/** Where a key that is no text is kept, as unpadded base64url; the letter's key is null then. */
export const KEY_BYTES_HEADER = 'original-key-base64url';

const REDACTED = '[redacted]';
/** What a masked amount does not keep: everything but its length and punctuation. */
const NOT_PUNCTUATION = /[^\s.,，．。¥￥元]/gu;

/**
 * The dead letter of a record. Values of fields named like secrets and digits of `amountInput` are not in it; a value in which
 * such names can neither be found nor excluded, or that is too large, is replaced by a note of its size and SHA-256. Headers beyond
 * the limit are left out.
 */
export function deadLetterOf(record: WireRecord, errorDetail: string): DeadLetter {
  const { key, value } = record;
  const keyFits = key !== null && key.length <= HEADER_BYTES_MAX;
  const keyIsText = keyFits && isPlainText(key);
  const headers = redactHeaders(record.headers, HEADER_BYTES_MAX - (keyFits ? key.length : 0));
  if (keyFits && !keyIsText) headers.push([KEY_BYTES_HEADER, asBuffer(key).toString('base64url')]);
  return {
    key: keyIsText ? asBuffer(key).toString('utf8') : null,
    value: value === null ? null : redactValue(record.topic, value),
    headers: Object.fromEntries(headers),
    errorDetail,
  };
}

function redactValue(topic: string, value: Uint8Array): DeadLetter['value'] {
  if (value.length > VALUE_BYTES_MAX) return noteOf(value);
  const text = decodeUtf8(value);
  const parsed = parseJson(text);
  // Whatever is sent to this topic is about codes, with or without a name to it.
  if (topic === 'identity.codes' && !isObject(parsed?.json)) return noteOf(value);
  if (parsed === undefined) {
    return provablyWithoutSecrets(text)
      ? { text: asBuffer(value).toString('utf8') }
      : noteOf(value);
  }
  if (!mayNeedRedaction(text)) {
    return isPlainText(value)
      ? { text: asBuffer(value).toString('utf8') }
      : { base64: asBuffer(value).toString('base64') };
  }
  const json = redactJson(parsed.json, 0);
  const redacted = json === undefined ? undefined : JSON.stringify(json);
  const fits = redacted !== undefined && Buffer.byteLength(redacted) <= VALUE_BYTES_MAX;
  return fits ? { text: redacted } : noteOf(value);
}

/** Undefined where it nests too deep to be looked through. */
function redactJson(value: unknown, depth: number): Json | undefined {
  if (typeof value === 'string') return quotesSecret(value) ? REDACTED : value;
  if (typeof value !== 'object' || value === null) return value as Json;
  if (depth >= NESTING_MAX) return undefined;
  if (Array.isArray(value)) {
    const items = value.map((item) => redactJson(item, depth + 1));
    return items.includes(undefined) ? undefined : (items as Json[]);
  }
  const members: [string, Json][] = [];
  for (const [name, member] of Object.entries(value)) {
    const redacted = redactMember(name, member, depth);
    if (redacted === undefined) return undefined;
    members.push([name, redacted]);
  }
  // Defines members instead of setting them: one named `__proto__` stays a member.
  return Object.fromEntries(members);
}

function redactMember(name: string, value: unknown, depth: number): Json | undefined {
  if (isSecretName(name)) return REDACTED;
  switch (name.toLowerCase()) {
    case 'data_base64':
      return REDACTED;
    case 'amountinput':
      return maskAmountInput(value);
    default:
      return redactJson(value, depth + 1);
  }
}

/** Keeps how it was entered and the shape of what was entered. */
function maskAmountInput(value: unknown): Json {
  if (typeof value === 'string') return value.replace(NOT_PUNCTUATION, '#');
  if (typeof value === 'number') return String(value).replace(NOT_PUNCTUATION, '#');
  if (!isObject(value)) return REDACTED;
  const { mode, raw } = value;
  return {
    ...(typeof mode === 'string' && /^[a-z]{1,16}$/.test(mode) ? { mode } : {}),
    ...(typeof raw === 'string' || typeof raw === 'number' ? { raw: maskAmountInput(raw) } : {}),
  };
}

function redactHeaders(headers: WireRecord['headers'], bytesMax: number): [string, Json][] {
  const kept: [string, Json][] = [];
  let left = bytesMax;
  for (const [given, bytes] of headers) {
    const name = given.toWellFormed().replaceAll('\0', '\ufffd');
    const redacted = isSecretHeader(name) ? undefined : redactHeader(bytes);
    const size = Buffer.byteLength(name) + bytes.length;
    if (redacted === undefined || size > left) continue;
    left -= size;
    kept.push([name, redacted]);
  }
  return kept;
}

/** Undefined where its bytes could hold a secret. */
function redactHeader(bytes: Uint8Array): Json | undefined {
  if (isPlainText(bytes)) {
    const text = asBuffer(bytes).toString('utf8');
    return quotesSecret(text) ? REDACTED : text;
  }
  const visible = asBuffer(bytes)
    .toString('latin1')
    .replace(/\p{Cc}/gu, '');
  return provablyWithoutSecrets(visible)
    ? { base64: asBuffer(bytes).toString('base64') }
    : undefined;
}

/** UTF-8 that a database can keep as text. */
function isPlainText(bytes: Uint8Array): boolean {
  return isUtf8(bytes) && !bytes.includes(0);
}

function noteOf(value: Uint8Array): { readonly text: string } {
  const note = { redacted: true, bytes: value.length, sha256: hash('sha256', value, 'hex') };
  return { text: JSON.stringify(note) };
}
