/** The queue in SQL: one statement per combination of filters, always bounded, always by an index of `due_at`. */
import type { QueueCounts, QueueQuery, QueueRow } from '#application';
import { MINUTE_MS, type CaseLabel, type CaseWork, type Instant } from '#domain';
import { HOLD_COLUMNS, holdOf, type StoredHold } from '../hold-rows.ts';
import { integer } from '../integers.ts';
import type { Parameter, Statement, Transactions } from '../transactions.ts';

const COLUMNS = HOLD_COLUMNS.split(',')
  .map((column) => `h.${column.trim()}`)
  .join(', ');

/** A hold from before there were cases is its own. */
export const CASE_ID = 'coalesce(h.case_id, h.hold_id)';

export const QUEUE_SELECT = `
  SELECT ${COLUMNS}, ${CASE_ID} AS work_case_id, d.score, d.lenders, w.assignee, w.lock_by, w.lock_until,
    w.label, w.escalated_at, w.first_contact_at, w.version
  FROM holds h
  LEFT JOIN hold_digests d ON d.hold_id = h.hold_id
  LEFT JOIN case_work w ON w.case_id = ${CASE_ID}`;

export interface StoredQueueRow extends StoredHold, StoredWork {
  readonly score: number | null;
  readonly lenders: readonly string[] | null;
}

export interface StoredWork {
  readonly work_case_id: string;
  readonly payer_id: string;
  readonly partition: number;
  readonly assignee: string | null;
  readonly lock_by: string | null;
  readonly lock_until: string | null;
  readonly label: CaseLabel | null;
  readonly escalated_at: string | null;
  readonly first_contact_at: string | null;
  readonly version: number | null;
}

export function workOf(row: StoredWork): CaseWork {
  const { lock_by: by, lock_until: until } = row;
  return {
    caseId: row.work_case_id,
    payerId: row.payer_id,
    partition: row.partition,
    ...(row.assignee === null ? {} : { assignee: row.assignee }),
    ...(by === null || until === null ? {} : { lock: { by, until: integer(until) } }),
    ...(row.label === null ? {} : { label: row.label }),
    ...(row.escalated_at === null ? {} : { escalatedAt: integer(row.escalated_at) }),
    ...(row.first_contact_at === null ? {} : { firstContactAt: integer(row.first_contact_at) }),
    version: row.version ?? 0,
  };
}

export function queueRowOf(row: StoredQueueRow): QueueRow {
  return {
    hold: holdOf(row),
    work: workOf(row),
    ...(row.score === null ? {} : { score: row.score }),
    lenders: row.lenders ?? [],
  };
}

const STATES: Readonly<Record<QueueQuery['state'], string>> = {
  open: `h.status IN ('placed', 'matured')`,
  placed: `h.status = 'placed'`,
  matured: `h.status = 'matured'`,
  ended: `h.status IN ('released', 'cancelled', 'expired')`,
  all: 'true',
};

interface Place {
  readonly dueAt: number;
  readonly holdId: string;
}

/** A page of the queue. A cursor that we did not write starts at the beginning. */
export async function readQueue(
  transactions: Transactions,
  query: QueueQuery,
): Promise<{ rows: readonly QueueRow[]; nextCursor?: string }> {
  const { statement, values } = statementOf(query);
  const { rows } = await transactions.query<StoredQueueRow>(statement, values);
  const found = rows.slice(0, query.limit).map(queueRowOf);
  const last = found.at(-1)?.hold;
  if (last === undefined || rows.length <= query.limit) return { rows: found };
  return { rows: found, nextCursor: writeCursor({ dueAt: last.dueAt, holdId: last.holdId }) };
}

/** The filters that are there, by name: the name of a statement says which, so that each is prepared once. */
function statementOf(query: QueueQuery): { statement: Statement; values: Parameter[] } {
  const values: Parameter[] = [];
  const used: string[] = [];
  const conditions = [STATES[query.state]];
  const add = (name: string, value: Parameter | undefined, condition: (at: string) => string) => {
    if (value === undefined) return;
    values.push(value);
    used.push(name);
    conditions.push(condition(`$${values.length}`));
  };
  const forward = query.state === 'open' || query.state === 'placed' || query.state === 'matured';
  const cursor = readCursor(query.cursor);
  if (cursor !== undefined) {
    values.push(cursor.dueAt, cursor.holdId);
    used.push('cursor');
    conditions.push(`(h.due_at, h.hold_id) ${forward ? '>' : '<'} ($1::bigint, $2::text)`);
  }
  add('tier', query.tiers, (at) => `h.tier = ANY (${at}::text[])`);
  add('kind', query.kind, (at) => `h.kind = ${at}::text`);
  add('reason', query.reasons, (at) => `h.reason_codes::jsonb ?| ${at}::text[]`);
  add(
    'lender',
    query.lender,
    (at) => `h.hold_id IN (SELECT hold_id FROM hold_digests WHERE lenders @> ARRAY[${at}::text])`,
  );
  add('payee', query.payeeId, (at) => `h.payee_id = ${at}::text`);
  add('payer', query.payerId, (at) => `h.payer_id = ${at}::text`);
  add('same_payee', query.samePayeeAs, (at) => `h.payee_id = ${sameAs('payee_id', at)}`);
  add('same_payer', query.samePayerAs, (at) => `h.payer_id = ${sameAs('payer_id', at)}`);
  add('min', query.minorMin, (at) => `h.amount_minor >= ${at}::bigint`);
  add('max', query.minorMax, (at) => `h.amount_minor <= ${at}::bigint`);
  addWork(query, { add, conditions, used });
  values.push(query.limit + 1);
  const order = forward ? 'ASC' : 'DESC';
  return {
    statement: {
      name: `queue.${query.state}.${used.join('.')}`,
      text: `${QUEUE_SELECT} WHERE ${conditions.join(' AND ')}
        ORDER BY h.due_at ${order}, h.hold_id ${order} LIMIT $${values.length}`,
    },
    values,
  };
}

function sameAs(column: string, at: string): string {
  return `(SELECT one.${column} FROM holds one WHERE one.hold_id = ${at}::text)`;
}

interface Conditions {
  add(name: string, value: Parameter | undefined, condition: (at: string) => string): void;
  readonly conditions: string[];
  readonly used: string[];
}

function addWork(query: QueueQuery, { add, conditions, used }: Conditions): void {
  const { assignee, label, escalated } = query;
  const plain = (name: string, condition: string): void => {
    used.push(name);
    conditions.push(condition);
  };
  if (assignee === null) plain('nobody', 'w.assignee IS NULL');
  else add('assignee', assignee, (at) => `w.assignee = ${at}::text`);
  if (label === 'none') plain('unlabelled', 'w.label IS NULL');
  else add('label', label, (at) => `w.label = ${at}::text`);
  if (escalated !== undefined) {
    plain(`escalated_${escalated}`, `w.escalated_at IS ${escalated ? 'NOT NULL' : 'NULL'}`);
  }
}

function writeCursor(place: Place): string {
  return Buffer.from(`${place.dueAt} ${place.holdId}`).toString('base64url');
}

function readCursor(cursor: string | undefined): Place | undefined {
  const [dueAt = '', holdId] = Buffer.from(cursor ?? '', 'base64url')
    .toString()
    .split(' ');
  const at = /^-?\d{1,16}$/.test(dueAt) ? Number(dueAt) : Number.NaN;
  return Number.isSafeInteger(at) && holdId !== undefined ? { dueAt: at, holdId } : undefined;
}

const COUNTS: Statement = {
  name: 'queue.counts',
  text: `SELECT count(*) AS open,
      count(*) FILTER (WHERE h.tier = 'T2') AS "T2",
      count(*) FILTER (WHERE h.tier = 'T3') AS "T3",
      count(*) FILTER (WHERE h.tier = 'T4') AS "T4",
      count(*) FILTER (WHERE h.status = 'matured') AS matured,
      count(*) FILTER (WHERE h.status = 'placed' AND h.due_at <= $2::bigint) AS "dueSoon",
      count(*) FILTER (WHERE w.assignee = $1::text) AS mine,
      count(*) FILTER (WHERE w.assignee IS NULL) AS unassigned,
      count(*) FILTER (WHERE w.escalated_at IS NOT NULL) AS escalated
    FROM holds h
    LEFT JOIN case_work w ON w.case_id = ${CASE_ID}
    WHERE h.status IN ('placed', 'matured')`,
};
const DUE_SOON_MS = 15 * MINUTE_MS;

export async function readCounts(
  transactions: Transactions,
  userId: string,
  now: Instant,
): Promise<QueueCounts> {
  const { rows } = await transactions.query<Record<keyof QueueCounts, string>>(COUNTS, [
    userId,
    now + DUE_SOON_MS,
  ]);
  const [row] = rows;
  const of = (name: keyof QueueCounts): number => integer(row?.[name] ?? 0);
  return {
    open: of('open'),
    T2: of('T2'),
    T3: of('T3'),
    T4: of('T4'),
    matured: of('matured'),
    dueSoon: of('dueSoon'),
    mine: of('mine'),
    unassigned: of('unassigned'),
    escalated: of('escalated'),
  };
}
