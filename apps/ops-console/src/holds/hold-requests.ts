/** Reads what a caller of the hold API sends, or says in one line what is wrong with it. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Instant } from '#domain';
import { Problem } from '../problem.ts';

const LIMIT_MAX = 200;
const LIMIT = 50;
const REASON_LENGTH_MAX = 100;

export interface ListQuery {
  readonly state: 'open' | 'ended' | 'all';
  readonly limit: number;
  readonly payerId?: string;
  readonly cursor?: string;
}

type Query = Readonly<Record<string, unknown>>;

export function readListQuery(query: Query): ListQuery {
  const state = text(query, 'state') ?? 'all';
  if (state !== 'open' && state !== 'ended' && state !== 'all') {
    throw bad('state must be open, ended or all');
  }
  const limit = Number(text(query, 'limit') ?? LIMIT);
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX) {
    throw bad(`limit must be a whole number from 1 to ${LIMIT_MAX}`);
  }
  const payerId = text(query, 'payer');
  const cursor = text(query, 'cursor');
  return {
    state,
    limit,
    ...(payerId === undefined ? {} : { payerId }),
    ...(cursor === undefined ? {} : { cursor }),
  };
}

function text(query: Query, name: string): string | undefined {
  const value = query[name];
  if (value === undefined || typeof value === 'string') return value;
  throw bad(`${name} must be given once`);
}

const HOLD_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function readHoldId(id: string): string {
  if (!HOLD_ID.test(id)) throw new Problem(404, 'hold_unknown', 'there is no such hold');
  return id;
}

/** Why: a word or short phrase that goes into the journal and to the processor. */
export function readReason(body: unknown): string {
  const reason = member(body, 'reason');
  if (typeof reason !== 'string' || !/^[a-z][a-z0-9_]*$/.test(reason)) {
    throw bad('reason must be a word like scam_confirmed: small letters, digits and underscores');
  }
  if (reason.length > REASON_LENGTH_MAX) {
    throw bad(`reason must be at most ${REASON_LENGTH_MAX} characters`);
  }
  return reason;
}

/** Chosen by the caller: sent again with the same request, it asks for the same thing and not for another one. */
export function readKey(headers: IncomingHttpHeaders): string {
  const key = headers['idempotency-key'];
  if (typeof key !== 'string' || !/^[\w.~+/=:-]{8,128}$/.test(key)) {
    throw bad(
      'send idempotency-key: 8 to 128 letters, digits or ._~+/=:-, another one per request',
    );
  }
  return key;
}

export function member(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
}

export function readInstant(body: unknown, name: string): Instant {
  const value = member(body, name);
  const at = typeof value === 'string' ? parseTime(value) : undefined;
  if (at === undefined) throw bad(`${name} must be a time like 2026-03-01T10:00:00Z`);
  return at;
}

/** RFC 3339 with any offset; undefined where it is none. */
function parseTime(text: string): Instant | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/.test(text))
    return undefined;
  const at = Date.parse(text);
  return Number.isSafeInteger(at) ? at : undefined;
}

export function readOneOf<const Word extends string>(
  body: unknown,
  name: string,
  words: readonly Word[],
): Word {
  const value = member(body, name);
  const word = words.find((one) => one === value);
  if (word === undefined) throw bad(`${name} must be one of ${words.join(', ')}`);
  return word;
}

/** Text that people write: control characters are refused, length is bounded. */
export function readProse(body: unknown, name: string, max: number): string {
  const value = member(body, name);
  if (typeof value !== 'string' || value.trim() === '' || value.length > max) {
    throw bad(`${name} must be a text of at most ${max} characters`);
  }
  if (/[^\P{Cc}\t\n]/u.test(value)) {
    throw bad(`${name} must not contain control characters`);
  }
  return value;
}

export function bad(detail: string): Problem {
  return new Problem(400, 'bad_request', detail);
}
