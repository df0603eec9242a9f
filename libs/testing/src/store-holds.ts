/** Holds on the in-memory store, with the rules that PostgreSQL keeps by constraints. */
import {
  COUNT_MAX,
  InvariantBroken,
  TransientFault,
  type HoldRow,
  type HoldStore,
  type HoldsToReconcile,
} from '#application';
import { CEILING_HOURS_MAX, HOUR_MS, evidenceClass, type Instant } from '#domain';
import type { EngineTables } from './store-engine.ts';
import type { MemoryTransactions, OpenTransaction, Table } from './store-transactions.ts';

export type HoldTable = Table<HoldRow>;

const isOpen = (row: HoldRow): boolean => row.status === 'placed' || row.status === 'matured';

/**
 * Inserts or updates. Throws `InvariantBroken` for a row that no hold may have, or that follows from none, `TransientFault` when another
 * transaction just placed the hold.
 */
export async function saveHold(
  open: OpenTransaction,
  holds: HoldTable,
  row: HoldRow,
): Promise<void> {
  await open.lock(`hold:${row.holdId}`);
  const old = open.get(holds, row.holdId);
  if (old !== undefined && old.placedAt !== row.placedAt) {
    throw new TransientFault('a hold was just placed by another transaction');
  }
  const broken = brokenRule(row) ?? (old === undefined ? undefined : brokenStep(old, row));
  if (broken !== undefined) throw new InvariantBroken(`hold: ${broken}`);
  open.put(holds, row.holdId, row);
}

/** Locks in order of id, so that no two transactions wait for each other. */
export async function lockHoldsInOrder(
  open: OpenTransaction,
  holds: HoldTable,
  holdIds: readonly string[],
): Promise<ReadonlyMap<string, HoldRow>> {
  const found = new Map<string, HoldRow>();
  for (const holdId of [...new Set(holdIds)].sort()) {
    await open.lock(`hold:${holdId}`);
    const row = open.get(holds, holdId);
    if (row !== undefined) found.set(holdId, row);
  }
  return found;
}

/** The old row with what the clock changes. */
function stepped(old: HoldRow, row: HoldRow): HoldRow {
  const { resendAt: _resendAt, raisedAt: _raisedAt, ended: _ended, ...kept } = old;
  const { status, dueAt, orderSequence, attempt, resendAt, raisedAt, ended } = row;
  return {
    ...kept,
    status,
    dueAt,
    orderSequence,
    attempt,
    ...(resendAt === undefined ? {} : { resendAt }),
    ...(raisedAt === undefined ? {} : { raisedAt }),
    ...(ended === undefined ? {} : { ended }),
  };
}

function brokenRule(row: HoldRow): string | undefined {
  if (row.dueAt < row.placedAt) return 'due before it is placed';
  if (row.dueAt > row.ceilingAt) return 'due after its ceiling';
  if (row.ceilingAt - row.placedAt > CEILING_HOURS_MAX[row.profile] * HOUR_MS) {
    return 'its ceiling is beyond the profile';
  }
  if (row.attempt < 1) return 'attempts are counted from 1';
  if (isOpen(row) !== (row.ended === undefined)) return 'an end goes with an ended state';
  if (row.orderSequence < 1) return 'orders are counted from 1';
  return row.amountMinor < 0 ? 'a negative amount' : undefined;
}

function brokenStep(old: HoldRow, row: HoldRow): string | undefined {
  if (row.ceilingAt !== old.ceilingAt) return 'the ceiling is fixed at placing';
  if (row.orderSequence < old.orderSequence) return 'orders only grow';
  if (old.ended === undefined) return undefined;
  const same =
    row.status === old.status &&
    row.orderSequence === old.orderSequence &&
    row.dueAt === old.dueAt &&
    row.ended?.at === old.ended.at &&
    row.ended.actor === old.ended.actor &&
    row.ended.reason === old.ended.reason;
  return same ? undefined : 'it has ended already';
}

export function makeHoldStore(
  transactions: MemoryTransactions,
  holds: HoldTable,
  engine: EngineTables,
): HoldStore {
  return {
    ...makeClockReads(transactions, holds, engine),
    ...makeReconciliation(holds),
    ...makeRows(transactions, holds),
  };
}

function makeClockReads(
  transactions: MemoryTransactions,
  holds: HoldTable,
  engine: EngineTables,
): Pick<HoldStore, 'lockDue' | 'lockResends' | 'calls' | 'responsesRead'> {
  const readUntil = (partition: number): Instant =>
    engine.responsesRead.rows.get(String(partition)) ?? 0;
  const releasable = (row: HoldRow): boolean =>
    row.expiryAction !== 'release' || row.dueAt < readUntil(row.partition);
  return {
    async lockDue(tx, now, limit) {
      const open = transactions.open(tx);
      const atCeiling = open
        .all(holds)
        .filter((row) => isOpen(row) && row.ceilingAt <= now && releasable(row))
        .sort((a, b) => a.ceilingAt - b.ceilingAt || byId(a, b));
      const due = open
        .all(holds)
        .filter((row) => row.status === 'placed' && row.dueAt <= now && row.ceilingAt > now)
        .filter(releasable)
        .sort((a, b) => a.dueAt - b.dueAt || byId(a, b));
      const locked: HoldRow[] = [];
      for (const row of [...atCeiling, ...due]) {
        if (locked.length === limit) break;
        if (open.tryLock(`hold:${row.holdId}`)) locked.push(row);
      }
      return locked;
    },
    async lockResends(tx, now, limit) {
      const open = transactions.open(tx);
      let taken = 0;
      return open
        .all(holds)
        .filter((row) => row.resendAt !== undefined && row.resendAt <= now)
        .sort((a, b) => (a.resendAt ?? 0) - (b.resendAt ?? 0) || byId(a, b))
        .filter((row) => taken < limit && open.tryLock(`hold:${row.holdId}`) && (taken += 1) > 0);
    },
    async calls(tx, requests) {
      const open = transactions.open(tx);
      return new Map(
        requests.map(({ partition, payerId, from }) => [
          payerId,
          open
            .group(engine.evidence, `${partition}\n${payerId}`)
            .map(({ event }) => event)
            .filter((event) => event.kind === 'session.observed' && event.time >= from)
            .filter((event) => evidenceClass(event) === 'lasting'),
        ]),
      );
    },
    async responsesRead(tx) {
      const open = transactions.open(tx);
      return new Map(
        [...engine.responsesRead.rows.keys()].map((key) => [
          Number(key),
          open.get(engine.responsesRead, key) ?? 0,
        ]),
      );
    },
  };
}

function makeReconciliation(holds: HoldTable): Pick<HoldStore, 'reconciliation' | 'toReconcile'> {
  return {
    async reconciliation(overdueAt) {
      const count = (what: HoldsToReconcile | 'open'): number => {
        const rows = [...holds.rows.values()];
        const found =
          what === 'open' ? rows.filter(isOpen) : rows.filter(LOOKED_AT[what](overdueAt));
        return Math.min(COUNT_MAX, found.length);
      };
      const raised = count('raised');
      return {
        open: count('open'),
        unacknowledged: count('unacknowledged') + raised,
        raised,
        recalled: count('recalled'),
        overdue: count('overdue'),
      };
    },
    async toReconcile(what, { overdueAt, limit }) {
      const at = (row: HoldRow): Instant => ORDERED_BY[what](row) ?? 0;
      return [...holds.rows.values()]
        .filter(LOOKED_AT[what](overdueAt))
        .sort((a, b) => at(a) - at(b) || byId(a, b))
        .slice(0, limit);
    },
  };
}

function makeRows(
  transactions: MemoryTransactions,
  holds: HoldTable,
): Pick<HoldStore, 'lock' | 'save' | 'update' | 'find' | 'list'> {
  return {
    lock: (tx, holdIds) => lockHoldsInOrder(transactions.open(tx), holds, holdIds),
    async save(tx, rows) {
      const open = transactions.open(tx);
      for (const row of rows) await saveHold(open, holds, row);
    },
    async update(tx, rows) {
      const open = transactions.open(tx);
      for (const row of rows) {
        const old = open.get(holds, row.holdId);
        if (old === undefined) throw new InvariantBroken('a hold to be changed is not there');
        await saveHold(open, holds, stepped(old, row));
      }
    },
    async find(holdId) {
      return holds.rows.get(holdId);
    },
    async list({ state, payerId, limit, cursor }) {
      const after = cursor === undefined ? undefined : readCursor(cursor);
      const rows = [...holds.rows.values()]
        .filter((row) => state === 'all' || isOpen(row) === (state === 'open'))
        .filter((row) => payerId === undefined || row.payerId === payerId)
        .filter((row) => after === undefined || isAfter(row, after))
        .sort((a, b) => a.dueAt - b.dueAt || byId(a, b));
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      if (last === undefined || rows.length <= limit) return { holds: page };
      return { holds: page, nextCursor: `${last.dueAt} ${last.holdId}` };
    },
  };
}

const LOOKED_AT: Readonly<
  Record<HoldsToReconcile, (overdueAt: Instant) => (row: HoldRow) => boolean>
> = {
  unacknowledged: () => (row) => row.resendAt !== undefined,
  raised: () => (row) => row.raisedAt !== undefined,
  recalled: () => (row) => row.recall !== undefined,
  overdue: (at) => (row) =>
    (row.status === 'placed' && row.dueAt < at) || (isOpen(row) && row.ceilingAt < at),
};

const ORDERED_BY: Readonly<Record<HoldsToReconcile, (row: HoldRow) => Instant | undefined>> = {
  unacknowledged: (row) => row.resendAt,
  raised: (row) => row.raisedAt,
  recalled: (row) => row.recall?.at,
  overdue: (row) => row.dueAt,
};

const byId = (a: HoldRow, b: HoldRow): number => (a.holdId < b.holdId ? -1 : 1);

interface Place {
  readonly dueAt: number;
  readonly holdId: string;
}

function readCursor(cursor: string): Place {
  const [dueAt = '', holdId = ''] = cursor.split(' ');
  return { dueAt: Number(dueAt), holdId };
}

function isAfter(row: HoldRow, place: Place): boolean {
  return row.dueAt > place.dueAt || (row.dueAt === place.dueAt && row.holdId > place.holdId);
}
