/** Holds as the worker and the console use them. */
import type { HoldStore, WindowRequest } from '#application';
import type { PlatformEvent } from '#domain';
import type { QueryResultRow } from 'pg';
import { CLASS_NUMBER } from './evidence.ts';
import { reconciliationReads } from './hold-reconciliation.ts';
import {
  HOLD_COLUMNS,
  holdOf,
  lockHolds,
  saveHolds,
  updateHolds,
  type StoredHold,
} from './hold-rows.ts';
import { integer } from './integers.ts';
import type { OpenTransaction, Statement, Transactions } from './transactions.ts';

/** A cancel that was sent before `due_at` precedes the clock's release, so nobody releases before it can have been read. */
const RELEASABLE = `(expiry_action <> 'release' OR due_at < coalesce(
        (SELECT r.read_until FROM responses_read r WHERE r.partition = holds.partition), 0))`;

/*
 * Holds at their ceiling come first: they must not stay open. Rows that another worker has are passed over in both parts,
 * so that a second worker finds the next ones.
 */
const LOCK_DUE = {
  name: 'holds.lock_due',
  text: `
    WITH at_ceiling AS MATERIALIZED (
      SELECT ${HOLD_COLUMNS} FROM holds
      WHERE status IN ('placed', 'matured') AND ceiling_at <= $1 AND ${RELEASABLE}
      ORDER BY ceiling_at, hold_id LIMIT $2
      FOR UPDATE SKIP LOCKED
    ), due AS MATERIALIZED (
      SELECT ${HOLD_COLUMNS} FROM holds
      WHERE status = 'placed' AND due_at <= $1 AND ceiling_at > $1 AND ${RELEASABLE}
      ORDER BY due_at, hold_id LIMIT greatest(0, $2 - (SELECT count(*) FROM at_ceiling))
      FOR UPDATE SKIP LOCKED
    )
    SELECT * FROM at_ceiling UNION ALL SELECT * FROM due`,
};

const LOCK_RESENDS = {
  name: 'holds.lock_resends',
  text: `
    SELECT ${HOLD_COLUMNS} FROM holds WHERE resend_at <= $1
    ORDER BY resend_at, hold_id LIMIT $2 FOR UPDATE SKIP LOCKED`,
};

// OFFSET 0 keeps it on the payer's own rows, however few calls the statistics promise elsewhere.
const CALLS = {
  name: 'holds.calls',
  text: `
    SELECT e.payer_id, e.data
    FROM unnest($1::integer[], $2::text[], $3::bigint[]) AS r (partition, payer_id, from_at)
    CROSS JOIN LATERAL (
      SELECT e.payer_id, e.data, e.kind, e.class FROM evidence e
      WHERE e.partition = r.partition AND e.payer_id = r.payer_id AND e.occurred_at >= r.from_at
      OFFSET 0) e
    WHERE e.kind = 'session.observed' AND e.class = ${CLASS_NUMBER.lasting}`,
};

const RESPONSES_READ = {
  name: 'holds.responses_read',
  text: 'SELECT partition, read_until FROM responses_read',
};

const FIND = {
  name: 'holds.find',
  text: `SELECT ${HOLD_COLUMNS} FROM holds WHERE hold_id = $1`,
};

type ListState = 'open' | 'ended' | 'all';

const STATE_CONDITION: Readonly<Record<ListState, string>> = {
  open: `status IN ('placed', 'matured')`,
  ended: `status IN ('released', 'cancelled', 'expired')`,
  all: 'true',
};

/** One statement per state and with or without a payer, so that each uses its own index. */
function listStatement(state: ListState, byPayer: boolean): Statement {
  return {
    name: `holds.list.${state}${byPayer ? '.payer' : ''}`,
    text: `
      SELECT ${HOLD_COLUMNS} FROM holds
      WHERE ${STATE_CONDITION[state]} AND (due_at, hold_id) > ($1::bigint, $2::text)
        ${byPayer ? 'AND payer_id = $4' : ''}
      ORDER BY due_at, hold_id LIMIT $3`,
  };
}

export function makeHoldStore(transactions: Transactions): HoldStore {
  return {
    async lockDue(tx, now, limit) {
      const open = transactions.open(tx);
      const { rows } = await open.query<StoredHold>(LOCK_DUE, [now, limit]);
      return rows.map(holdOf);
    },
    async lockResends(tx, now, limit) {
      const open = transactions.open(tx);
      const { rows } = await open.query<StoredHold>(LOCK_RESENDS, [now, limit]);
      return rows.map(holdOf);
    },
    calls: (tx, requests) => readCalls(transactions.open(tx), requests),
    async responsesRead(tx) {
      const open = transactions.open(tx);
      const { rows } = await open.query<ReadUntilRow>(RESPONSES_READ, []);
      return new Map(rows.map((row) => [row.partition, integer(row.read_until)]));
    },
    ...reconciliationReads(transactions),
    lock: (tx, holdIds) => lockHolds(transactions.open(tx), holdIds),
    save: (tx, holds) => saveHolds(transactions.open(tx), holds),
    update: (tx, holds) => updateHolds(transactions.open(tx), holds),
    async find(holdId) {
      const { rows } = await transactions.query<StoredHold>(FIND, [holdId]);
      return rows[0] === undefined ? undefined : holdOf(rows[0]);
    },
    async list({ state, payerId, limit, cursor }) {
      const { dueAt, holdId } = readCursor(cursor);
      // One more than asked for shows whether there is a next page.
      const values = [dueAt, holdId, limit + 1];
      const { rows } = await transactions.query<StoredHold>(
        listStatement(state, payerId !== undefined),
        payerId === undefined ? values : [...values, payerId],
      );
      const holds = rows.slice(0, limit).map(holdOf);
      const last = holds.at(-1);
      if (last === undefined || rows.length <= limit) return { holds };
      return { holds, nextCursor: writeCursor({ dueAt: last.dueAt, holdId: last.holdId }) };
    },
  };
}

interface ReadUntilRow extends QueryResultRow {
  readonly partition: number;
  readonly read_until: string;
}

/** Two holds of one payer ask twice; an event that came twice is one to whoever builds spans of it. */
async function readCalls(
  transaction: OpenTransaction,
  requests: readonly WindowRequest[],
): Promise<ReadonlyMap<string, readonly PlatformEvent[]>> {
  const { rows } = await transaction.query<{ payer_id: string; data: string }>(CALLS, [
    requests.map((request) => request.partition),
    requests.map((request) => request.payerId),
    requests.map((request) => request.from),
  ]);
  const byPayer = new Map<string, PlatformEvent[]>();
  for (const { payer_id: payerId, data } of rows) {
    const ofPayer = byPayer.get(payerId) ?? [];
    ofPayer.push(JSON.parse(data) as PlatformEvent);
    byPayer.set(payerId, ofPayer);
  }
  return byPayer;
}

interface Place {
  readonly dueAt: number;
  readonly holdId: string;
}

const BEGINNING: Place = { dueAt: Number.MIN_SAFE_INTEGER, holdId: '' };

function writeCursor(place: Place): string {
  return Buffer.from(`${place.dueAt} ${place.holdId}`).toString('base64url');
}

/** A cursor that we did not write starts at the beginning. */
function readCursor(cursor: string | undefined): Place {
  const [dueAt = '', holdId] = Buffer.from(cursor ?? '', 'base64url')
    .toString()
    .split(' ');
  const at = /^-?\d+$/.test(dueAt) ? Number(dueAt) : Number.NaN;
  return Number.isSafeInteger(at) && holdId !== undefined ? { dueAt: at, holdId } : BEGINNING;
}
