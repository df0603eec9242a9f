/** An in-memory store behind the same ports as PostgreSQL, for tests and for running without a database. */
import type {
  CareStore,
  EngineStore,
  EntryReader,
  HoldStore,
  JournalStore,
  QuietStore,
  SealStore,
  UnitOfWork,
} from '#application';
import { HABITS_KEPT_MS, evidenceClass, habitsKnownAt, type Instant } from '#domain';
import { makeEntryReader, makeSealStore } from './store-audit.ts';
import { makeCareStore } from './store-care.ts';
import { makeEngineStore, makeEngineTables } from './store-engine.ts';
import { makeHoldStore, type HoldTable } from './store-holds.ts';
import { makeQuietStore } from './store-quiets.ts';
import { makeJournalStore, makeJournalTables } from './store-journal.ts';
import {
  deleteRow,
  makeTable,
  makeTransactions,
  type CommitFailure,
} from './store-transactions.ts';

export type { CommitFailure } from './store-transactions.ts';

export interface MemoryStore {
  readonly unitOfWork: UnitOfWork;
  readonly engineStore: EngineStore;
  readonly journalStore: JournalStore;
  readonly holdStore: HoldStore;
  readonly careStore: CareStore;
  readonly quietStore: QuietStore;
  readonly sealStore: SealStore;
  readonly entryReader: EntryReader;
  /** Fails the next commit with a `TransientFault`, or with `error` where given: `before` or `after` it became durable. */
  failNextCommit(when: CommitFailure, error?: Error): void;
  /** Drops every open transaction, as a killed process does; their later calls throw `TransientFault`. */
  crash(): void;
  /** As the database's: deletes evidence whose window has ended. */
  eraseExpired(
    now: Instant,
    retention: {
      readonly codesMs: number;
      readonly evidenceMs: number;
      readonly ordersMs?: number;
    },
  ): Promise<{
    readonly codes: number;
    readonly evidence: number;
    readonly payeeActivity: number;
    readonly habits: number;
  }>;
}

const ORDERS_MS = 7 * 86_400_000;

/** An empty store. `now` gives `readAt` of payee numbers; deterministic throughout, salts included. */
export function makeMemoryStore(now: () => Instant = () => 0): MemoryStore {
  const transactions = makeTransactions();
  const engine = makeEngineTables();
  const holds: HoldTable = makeTable((row) => row.payerId);
  const journal = makeJournalTables();
  return {
    unitOfWork: { run: (work) => transactions.run(work) },
    engineStore: makeEngineStore(transactions, engine, holds, now),
    journalStore: makeJournalStore(transactions, journal, engine),
    quietStore: makeQuietStore(
      transactions,
      engine.quiets,
      () => Math.max(-1, ...[...engine.positions.rows.values()].map((row) => row.partition)) + 1,
    ),
    holdStore: makeHoldStore(transactions, holds, engine),
    sealStore: makeSealStore(journal),
    entryReader: makeEntryReader(journal),
    careStore: makeCareStore(transactions, engine.appeals),
    failNextCommit: (when, error) => transactions.failNextCommit(when, error),
    crash: () => transactions.crash(),
    async eraseExpired(at, { codesMs, evidenceMs, ordersMs = ORDERS_MS }) {
      const erased = { codes: 0, evidence: 0, payeeActivity: 0, habits: 0 };
      const keep = { code: codesMs, lasting: evidenceMs, ordinary: evidenceMs, order: ordersMs };
      for (const [key, { event }] of engine.evidence.rows) {
        const kind = evidenceClass(event);
        if (event.time >= at - keep[kind]) continue;
        deleteRow(engine.evidence, key);
        erased[kind === 'code' ? 'codes' : 'evidence'] += 1;
      }
      for (const [key, quiet] of engine.quiets.rows) {
        if (quiet.until < at - evidenceMs) deleteRow(engine.quiets, key);
      }
      for (const [key, activity] of engine.payees.activity.rows) {
        if (activity.at >= at - evidenceMs) continue;
        deleteRow(engine.payees.activity, key);
        erased.payeeActivity += 1;
      }
      for (const [key, { habits }] of engine.habits.rows) {
        if (habitsKnownAt(habits) >= at - HABITS_KEPT_MS) continue;
        deleteRow(engine.habits, key);
        erased.habits += 1;
      }
      return erased;
    },
  };
}
