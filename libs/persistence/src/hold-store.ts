/** Holds as the worker and the console use them. */
import type { HoldStore } from '#application';
import { HOLD_COLUMNS, holdOf, lockHolds, saveHolds, type StoredHold } from './hold-rows.ts';
import type { Statement, Transactions } from './transactions.ts';

/*
 * Holds at their ceiling come first: they must not stay open. Rows that another worker has are passed over in both parts,
 * so that a second worker finds the next ones.
 */
const LOCK_DUE = {
  name: 'holds.lock_due',
  text: `
    WITH at_ceiling AS MATERIALIZED (
      SELECT ${HOLD_COLUMNS} FROM holds
      WHERE status IN ('placed', 'matured') AND ceiling_at <= $1
      ORDER BY ceiling_at, hold_id LIMIT $2
      FOR UPDATE SKIP LOCKED
    ), due AS MATERIALIZED (
      SELECT ${HOLD_COLUMNS} FROM holds
      WHERE status = 'placed' AND due_at <= $1 AND ceiling_at > $1
      ORDER BY due_at, hold_id LIMIT greatest(0, $2 - (SELECT count(*) FROM at_ceiling))
      FOR UPDATE SKIP LOCKED
    )
    SELECT * FROM at_ceiling UNION ALL SELECT * FROM due`,
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
    lock: (tx, holdIds) => lockHolds(transactions.open(tx), holdIds),
    save: (tx, holds) => saveHolds(transactions.open(tx), holds),
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
