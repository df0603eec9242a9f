/** Reads what a caller sends about quieted payees, or says in one line what is wrong with it. */
import type { QuietResult, QuietRow } from '#application';
import { QUIET_DAYS_MAX, formatInstant, type Instant } from '#domain';
import { Problem } from '../problem.ts';

const LIMIT_MAX = 200;
const LIMIT = 50;
const REASON_LENGTH_MAX = 500;
/** CONTRACT, Envelope: opaque tokens. */
const TOKEN = /^[\x21-\x7e]{1,128}$/;

type Fields = Readonly<Record<string, unknown>>;

export interface QuietAsked {
  readonly payerId: string;
  readonly payeeId: string;
  readonly until: Instant;
  readonly reason: string;
}

export function readQuiet(body: unknown): QuietAsked {
  const fields = fieldsOf(body);
  const until = typeof fields['until'] === 'string' ? Date.parse(fields['until']) : Number.NaN;
  if (!Number.isSafeInteger(until)) {
    throw bad('until must be a time as 2026-12-31T00:00:00Z');
  }
  return {
    payerId: token(fields, 'payer'),
    payeeId: token(fields, 'payee'),
    until,
    reason: readQuietReason(body),
  };
}

/** Why the payer is believed, in words: somebody reads it after a complaint. */
export function readQuietReason(body: unknown): string {
  const { reason } = fieldsOf(body);
  const text = typeof reason === 'string' ? reason.replaceAll(/\p{Cc}/gu, ' ').trim() : '';
  if (text === '') throw bad('reason must say why the payer is believed');
  if (text.length > REASON_LENGTH_MAX) {
    throw bad(`reason must be at most ${REASON_LENGTH_MAX} characters`);
  }
  return text;
}

export interface QuietListAsked {
  readonly payerId?: string;
  readonly limit: number;
  readonly cursor?: string;
}

export function readQuietList(query: Fields): QuietListAsked {
  const limit = Number(query['limit'] ?? LIMIT);
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX) {
    throw bad(`limit must be a whole number from 1 to ${LIMIT_MAX}`);
  }
  const { cursor } = query;
  return {
    limit,
    ...(query['payer'] === undefined ? {} : { payerId: token(query, 'payer') }),
    ...(typeof cursor === 'string' ? { cursor } : {}),
  };
}

export function readQuietId(id: string): string {
  if (!/^[0-9a-f]{32}$/.test(id)) throw refusedQuiet('quiet_unknown');
  return id;
}

export function quietView(quiet: QuietRow): object {
  return {
    quietId: quiet.quietId,
    payer: { accountId: quiet.payerId },
    payee: { accountId: quiet.payeeId },
    at: formatInstant(quiet.from),
    until: formatInstant(quiet.until),
    reason: quiet.reason,
    by: quiet.by,
    ...(quiet.endedBy === undefined ? {} : { endedBy: quiet.endedBy }),
  };
}

type Refusal = Extract<QuietResult, { ok: false }>['code'];

const REFUSALS: Readonly<Record<Refusal, { readonly status: number; readonly detail: string }>> = {
  until_past: { status: 409, detail: 'until must lie in the future' },
  until_too_far: {
    status: 409,
    detail: `nobody is vouched for longer than ${QUIET_DAYS_MAX} days: choose an earlier until`,
  },
  quiet_unknown: { status: 404, detail: 'there is no such quieted payee' },
  quiet_ended: { status: 409, detail: 'it has ended already' },
  no_partitions: {
    status: 503,
    detail: 'no engine has run on this database yet: start the engine, then try again',
  },
};

export function refusedQuiet(code: Refusal): Problem {
  const { status, detail } = REFUSALS[code];
  return new Problem(status, code, detail);
}

function fieldsOf(body: unknown): Fields {
  return typeof body === 'object' && body !== null ? (body as Fields) : {};
}

function token(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || !TOKEN.test(value)) {
    throw bad(`${name} must be an account token of 1 to 128 printable ASCII characters`);
  }
  return value;
}

function bad(detail: string): Problem {
  return new Problem(400, 'bad_request', detail);
}
