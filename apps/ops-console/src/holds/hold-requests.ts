/** Reads what a caller of the hold API sends, or says in one line what is wrong with it. */
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
  const reason: unknown =
    typeof body === 'object' && body !== null ? Reflect.get(body, 'reason') : undefined;
  if (typeof reason !== 'string' || !/^[a-z][a-z0-9_]*$/.test(reason)) {
    throw bad('reason must be a word like scam_confirmed: small letters, digits and underscores');
  }
  if (reason.length > REASON_LENGTH_MAX) {
    throw bad(`reason must be at most ${REASON_LENGTH_MAX} characters`);
  }
  return reason;
}

function bad(detail: string): Problem {
  return new Problem(400, 'bad_request', detail);
}
