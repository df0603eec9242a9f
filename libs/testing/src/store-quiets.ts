/** Payees that staff vouched for, on the in-memory store. */
import type { QuietRow, QuietStore } from '#application';
import type { PayeeQuiet } from '#domain';
import type { MemoryTransactions, OpenTransaction, Table } from './store-transactions.ts';

export type QuietTable = Table<QuietRow>;

export function quietsOf(
  open: OpenTransaction,
  table: QuietTable,
  payerIds: readonly string[],
): ReadonlyMap<string, readonly PayeeQuiet[]> {
  const found = new Map<string, readonly PayeeQuiet[]>();
  for (const payerId of payerIds) {
    const rows = open.group(table, payerId);
    if (rows.length === 0) continue;
    found.set(
      payerId,
      rows.map(({ payeeId, from, until }) => ({ payeeId, from, until })),
    );
  }
  return found;
}

export function makeQuietStore(
  transactions: MemoryTransactions,
  table: QuietTable,
  partitionCount: () => number,
): QuietStore {
  return {
    async save(tx, quiet) {
      const open = transactions.open(tx);
      await open.lock(`quiet:${quiet.quietId}`);
      const old = open.get(table, quiet.quietId);
      const { until, endedBy } = quiet;
      const ended = endedBy === undefined ? {} : { endedBy };
      open.put(table, quiet.quietId, old === undefined ? quiet : { ...old, until, ...ended });
    },
    async lock(tx, quietId) {
      const open = transactions.open(tx);
      await open.lock(`quiet:${quietId}`);
      return open.get(table, quietId);
    },
    async list({ payerId, endsAfter, limit, cursor }) {
      const all = [...table.rows.values()]
        .filter((row) => row.until > endsAfter && (payerId ?? row.payerId) === row.payerId)
        .sort((a, b) => a.until - b.until || (a.quietId < b.quietId ? -1 : 1));
      const start = cursor === undefined ? 0 : all.findIndex((row) => row.quietId === cursor) + 1;
      const quiets = all.slice(start, start + limit);
      const last = quiets.at(-1);
      return last === undefined || start + limit >= all.length
        ? { quiets }
        : { quiets, nextCursor: last.quietId };
    },
    partitionCount: async () => partitionCount(),
  };
}
