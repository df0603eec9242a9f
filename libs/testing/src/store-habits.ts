/** Habits of payers on the in-memory store. */
import type { HabitRequest, HabitStore, HabitWrite } from '#application';
import type { MemoryTransactions, Table } from './store-transactions.ts';

const keyOf = ({ partition, payerId }: HabitRequest): string => `${partition}\n${payerId}`;

export function makeHabitStore(
  transactions: MemoryTransactions,
  table: Table<HabitWrite>,
): HabitStore {
  return {
    async habits(tx, requests) {
      const open = transactions.open(tx);
      return requests.map((request) => open.get(table, keyOf(request))?.habits);
    },
    async saveHabits(tx, writes) {
      const open = transactions.open(tx);
      for (const write of writes) open.put(table, keyOf(write), write);
    },
  };
}
