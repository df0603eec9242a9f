/** What is known of payees on the in-memory store: a plain reading of what the database answers from its index. */
import type { PayeeRequest, PayeeStore, SubjectWrite, TurnedSubject } from '#application';
import {
  PAYEE_ACTIVITY_MS,
  subjectKey,
  type Instant,
  type PayeeActivity,
  type PayeeNumbers,
} from '#domain';
import {
  makeTable,
  type MemoryTransactions,
  type OpenTransaction,
  type Table,
} from './store-transactions.ts';

export interface PayeeTables {
  readonly activity: Table<PayeeActivity>;
  readonly followers: Table<{ readonly readTo: number }>;
}

export function makePayeeTables(): PayeeTables {
  return { activity: makeTable((row) => row.payeeId), followers: makeTable() };
}

const keyOf = ({ payeeId, kind, at, payerId }: PayeeActivity): string =>
  `${payeeId}\n${kind}\n${at}\n${payerId}`;

export function makePayeeStore(
  transactions: MemoryTransactions,
  tables: PayeeTables,
  subjects: Table<SubjectWrite>,
  now: () => Instant,
): PayeeStore {
  return {
    async payeeNumbers(tx, requests, countTo) {
      const open = transactions.open(tx);
      return requests.map((request) => ({
        readAt: now(),
        ...knownOf(open, tables, { ...request, countTo }),
      }));
    },
    async savePayeeActivity(tx, { added, gone }) {
      const open = transactions.open(tx);
      for (const one of gone) open.remove(tables.activity, keyOf(one));
      for (const one of added) {
        const key = keyOf(one);
        if (open.get(tables.activity, key) === undefined) open.put(tables.activity, key, one);
      }
    },
    async payeeTurns(tx, partitions, newPayers) {
      const open = transactions.open(tx);
      const changed = changedPayees(open, tables, partitions);
      if (changed.size === 0) return { subjects: [], more: false };
      const turned = open
        .all(subjects)
        .filter(({ partition }) => partitions.includes(partition))
        .flatMap(({ partition, payerId, recorded }): TurnedSubject[] => {
          const { watchedPayee: payeeId, subject, requestedAt } = recorded;
          if (payeeId === undefined || !changed.has(payeeId)) return [];
          const request = { payeeId, payerId, at: requestedAt, countTo: newPayers };
          const { newPayers24h, fastCashOut } = knownOf(open, tables, request);
          const isTurned = fastCashOut || newPayers24h >= newPayers;
          return isTurned ? [{ partition, payerId, subject, requestedAt }] : [];
        });
      return { subjects: turned, readTo: transactions.commits, more: false };
    },
    async keepPayeeTurns(tx, partitions, turns) {
      const open = transactions.open(tx);
      for (const { subject } of turns.subjects) {
        const key = subjectKey(subject);
        const row = open.get(subjects, key);
        if (row === undefined) continue;
        const { watchedPayee: _watched, ...recorded } = row.recorded;
        open.put(subjects, key, { ...row, recorded });
      }
      if (turns.readTo === undefined) return;
      for (const partition of partitions) {
        open.put(tables.followers, String(partition), { readTo: turns.readTo });
      }
    },
  };
}

function knownOf(
  open: OpenTransaction,
  { activity }: PayeeTables,
  request: PayeeRequest & { readonly countTo: number },
): Omit<PayeeNumbers, 'readAt'> {
  const near = open
    .group(activity, request.payeeId)
    .filter(({ at }) => Math.abs(at - request.at) < PAYEE_ACTIVITY_MS);
  const others = near.filter(
    ({ kind, payerId }) => kind === 'attempt' && payerId !== request.payerId,
  );
  const count = new Set(others.map(({ payerId }) => payerId)).size;
  return {
    newPayers24h: Math.min(count, request.countTo),
    fastCashOut: near.some(({ kind }) => kind === 'cash_out'),
  };
}

/** Payees of whom something was committed since one of the partitions last kept how far it had read. */
function changedPayees(
  open: OpenTransaction,
  { activity, followers }: PayeeTables,
  partitions: readonly number[],
): ReadonlySet<string> {
  const readTo = Math.min(
    ...partitions.map((one) => open.get(followers, String(one))?.readTo ?? 0),
  );
  const changed = [...activity.commits].filter(([, commit]) => commit > readTo);
  return new Set(changed.flatMap(([key]) => open.get(activity, key)?.payeeId ?? []));
}
