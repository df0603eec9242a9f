/** Reads what an auditor sends, or says in one line what is wrong with it. */
import type { ExportQuery, ExportRequest } from '#application';
import type { Instant, MaskLevel } from '#domain';
import { Problem } from '../problem.ts';

type Fields = Readonly<Record<string, unknown>>;

const MASKS: readonly MaskLevel[] = ['closed', 'masked', 'open'];
const TEXT_MAX = 200;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function readExportId(id: string): string {
  if (!UUID.test(id)) throw new Problem(404, 'export_unknown', 'there is no such export');
  return id;
}

/** `{"kind", …, "mask", "disclosed", "purpose", "authority"}`. */
export function readExport(body: unknown, by: string): Omit<ExportRequest, 'exportId'> {
  const fields = typeof body === 'object' && body !== null ? (body as Fields) : {};
  const mask = MASKS.find((one) => one === fields['mask']);
  if (mask === undefined) throw bad('mask must be closed, masked or open');
  const disclosed = namesIn(fields['disclosed']);
  if ((mask === 'open') !== disclosed.length > 0) {
    throw bad('disclosed names values to disclose, with mask open and only then');
  }
  const authority = fields['authority'] === undefined ? undefined : text(fields, 'authority');
  return {
    query: queryOf(fields),
    mask,
    disclosed,
    by,
    purpose: text(fields, 'purpose'),
    ...(authority === undefined ? {} : { authority }),
  };
}

function namesIn(value: unknown): readonly string[] {
  if (value === undefined) return [];
  if (
    !Array.isArray(value) ||
    !value.every((one) => typeof one === 'string' && /^\w{1,40}$/.test(one))
  ) {
    throw bad('disclosed must be a list of names like payer, subject');
  }
  return value as readonly string[];
}

function queryOf(fields: Fields): ExportQuery {
  const time = { ...timeOf(fields, 'from'), ...timeOf(fields, 'to') };
  switch (fields['kind']) {
    case 'range':
      return { kind: 'range', ...time };
    case 'reason':
      return { kind: 'reason', code: word(fields, 'code'), ...time };
    case 'hold':
      return { kind: 'hold', holdId: word(fields, 'holdId') };
    case 'case':
      return { kind: 'case', caseId: word(fields, 'caseId') };
    case 'payer':
      return { kind: 'payer', payerId: text(fields, 'payerId') };
    default:
      throw bad('kind must be range, hold, payer, case or reason');
  }
}

function timeOf(fields: Fields, name: 'from' | 'to'): { readonly [key: string]: Instant } {
  const value = fields[name];
  if (value === undefined) return {};
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at)) throw bad(`${name} must be a time like 2026-11-24T00:00:00Z`);
  return { [name]: at };
}

function word(fields: Fields, name: string): string {
  const value = text(fields, name);
  if (!/^[\w-]+$/.test(value)) throw bad(`${name} must be an id of letters, digits and dashes`);
  return value;
}

function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || value.trim() === '' || value.length > TEXT_MAX) {
    throw bad(`${name} must be a text of at most ${TEXT_MAX} characters`);
  }
  return value;
}

export interface PageQuery {
  readonly chain: number;
  readonly after: number;
  readonly limit: number;
}

const LIMIT_MAX = 500;

export function readPage(query: Fields): PageQuery {
  const number = (name: string, otherwise: number): number => {
    const value = query[name];
    return value === undefined
      ? otherwise
      : typeof value === 'string' && /^-?\d{1,15}$/.test(value)
        ? Number(value)
        : Number.NaN;
  };
  const [chain, after, limit] = [number('chain', 0), number('after', 0), number('limit', 100)];
  if (!(chain >= -1 && after >= 0 && limit >= 1 && limit <= LIMIT_MAX)) {
    throw bad(`chain, after and limit (1 to ${LIMIT_MAX}) must be whole numbers`);
  }
  return { chain, after, limit };
}

function bad(detail: string): Problem {
  return new Problem(400, 'bad_request', detail);
}
