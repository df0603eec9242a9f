/** A simulated process's connection to the store: every statement and every commit is a step of its own, and each can be the last. */
import {
  TransientFault,
  type EngineStore,
  type HoldChangeRequest,
  type HoldStore,
  type JournalStore,
  type PayeeTurns,
  type Tx,
  type UnitOfWork,
} from '#application';
import type { EntryDraft, PayeeNumbers } from '#domain';
import type { CommitFailure, MemoryStore } from '../store.ts';
import type { SimulatedProcess } from './process.ts';

/** What a transaction is for, so that the same work can be done again on another store. */
export type Purpose =
  | { readonly kind: 'batch' }
  | { readonly kind: 'due' }
  | { readonly kind: 'command'; readonly request: HoldChangeRequest };

/** A transaction that became durable: what it wrote, and what it read that others may change at any time. */
export interface DurableWork {
  readonly purpose: Purpose;
  readonly drafts: ReadonlyMap<number, readonly EntryDraft[]>;
  readonly read: PayeeReadings;
}

/** What was known of payees when the transaction asked. */
export interface PayeeReadings {
  /** One list for each time it asked. */
  readonly numbers: readonly (readonly PayeeNumbers[])[];
  readonly turns?: PayeeTurns;
}

interface OpenWork {
  /** Statements run one after the other, as on one connection. */
  last: Promise<unknown>;
  drafts: ReadonlyMap<number, readonly EntryDraft[]>;
  read: PayeeReadings;
}

export class StoreConnection {
  readonly unitOfWork: UnitOfWork;
  readonly engineStore: EngineStore;
  readonly journalStore: JournalStore;
  readonly holdStore: HoldStore;
  /** What the transactions that begin from now on are for. */
  purpose: Purpose;
  /** How the next commit fails. */
  nextCommit: CommitFailure | undefined;
  readonly #process: SimulatedProcess;
  readonly #store: MemoryStore;
  readonly #open = new WeakMap<Tx, OpenWork>();
  readonly #onDurable: (work: DurableWork) => void;

  constructor(
    process: SimulatedProcess,
    store: MemoryStore,
    purpose: Purpose,
    onDurable: (work: DurableWork) => void,
  ) {
    this.#process = process;
    this.#store = store;
    this.purpose = purpose;
    this.#onDurable = onDurable;
    this.unitOfWork = { run: (work) => process.unlessDead(this.#run(work)) };
    this.engineStore = this.#engineStore();
    this.journalStore = this.#journalStore();
    this.holdStore = this.#holdStore();
  }

  async #run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const process = this.#process;
    const { purpose } = this;
    const open: OpenWork = { last: Promise.resolve(), drafts: new Map(), read: { numbers: [] } };
    await process.ask(() => undefined);
    const result = await this.#store.unitOfWork.run(async (tx) => {
      this.#open.set(tx, open);
      const value = await process.untilDeath(work(tx));
      await process.untilDeath(process.ask(() => undefined));
      if (this.#fails('before')) throw new TransientFault('connection lost before the commit');
      return value;
    });
    // Durable from here on, whether the process hears of it or not.
    const { drafts, read } = open;
    this.#onDurable({ purpose, drafts, read });
    if (this.#fails('after')) throw new TransientFault('connection lost after the commit');
    await process.ask(() => undefined);
    return result;
  }

  #fails(when: CommitFailure): boolean {
    if (this.nextCommit !== when) return false;
    this.nextCommit = undefined;
    return true;
  }

  #statement<T>(tx: Tx, call: () => Promise<T>): Promise<T> {
    const open = this.#open.get(tx);
    if (open === undefined) throw new Error('a statement outside of its transaction');
    const result = open.last.then(() => this.#process.ask(call));
    open.last = result.catch(() => undefined);
    return result;
  }

  #inTx<Rest extends readonly unknown[], T>(
    call: (tx: Tx, ...rest: Rest) => Promise<T>,
  ): (tx: Tx, ...rest: Rest) => Promise<T> {
    return (tx, ...rest) => this.#statement(tx, () => call(tx, ...rest));
  }

  #keep(tx: Tx, reading: (open: OpenWork) => PayeeReadings): void {
    const open = this.#open.get(tx);
    if (open !== undefined) open.read = reading(open);
  }

  #engineStore(): EngineStore {
    const { engineStore: inner } = this.#store;
    return {
      claim: (instanceId, partitions) =>
        this.#process.ask(() => inner.claim(instanceId, partitions)),
      markResponsesRead: (marks) => this.#process.ask(() => inner.markResponsesRead(marks)),
      unseenTopics: () => this.#process.ask(() => inner.unseenTopics()),
      knownSubjects: this.#inTx(inner.knownSubjects),
      recordedSubjects: this.#inTx(inner.recordedSubjects),
      windows: this.#inTx(inner.windows),
      payeeNumbers: (tx, requests, countTo) =>
        this.#statement(tx, async () => {
          const numbers = await inner.payeeNumbers(tx, requests, countTo);
          this.#keep(tx, ({ read }) => ({ ...read, numbers: [...read.numbers, numbers] }));
          return numbers;
        }),
      quiets: this.#inTx(inner.quiets),
      payeeTurns: (tx, partitions, newPayers) =>
        this.#statement(tx, async () => {
          const turns = await inner.payeeTurns(tx, partitions, newPayers);
          this.#keep(tx, ({ read }) => ({ ...read, turns }));
          return turns;
        }),
      habits: this.#inTx(inner.habits),
      saveHabits: this.#inTx(inner.saveHabits),
      savePayeeActivity: this.#inTx(inner.savePayeeActivity),
      keepPayeeTurns: this.#inTx(inner.keepPayeeTurns),
      profiles: this.#inTx(inner.profiles),
      lockHolds: this.#inTx(inner.lockHolds),
      appendEvidence: this.#inTx(inner.appendEvidence),
      saveProfiles: this.#inTx(inner.saveProfiles),
      saveSubjects: this.#inTx(inner.saveSubjects),
      addAppeals: this.#inTx(inner.addAppeals),
      saveHolds: this.#inTx(inner.saveHolds),
      advance: this.#inTx(inner.advance),
    };
  }

  #journalStore(): JournalStore {
    const { journalStore: inner } = this.#store;
    return {
      reserve: (tx, chains) => inner.reserve(tx, chains),
      append: (tx, drafts) =>
        this.#statement(tx, () => {
          const open = this.#open.get(tx);
          if (open !== undefined) open.drafts = drafts;
          return inner.append(tx, drafts);
        }),
      cursors: (chains) => this.#process.ask(() => inner.cursors(chains)),
      readAfter: (chain, sequence, limit) =>
        this.#process.ask(() => inner.readAfter(chain, sequence, limit)),
      markPublished: (marks) => this.#process.ask(() => inner.markPublished(marks)),
    };
  }

  #holdStore(): HoldStore {
    const { holdStore: inner } = this.#store;
    return {
      lockDue: this.#inTx(inner.lockDue),
      lockResends: this.#inTx(inner.lockResends),
      calls: this.#inTx(inner.calls),
      responsesRead: this.#inTx(inner.responsesRead),
      reconciliation: (overdueAt) => this.#process.ask(() => inner.reconciliation(overdueAt)),
      toReconcile: (what, query) => this.#process.ask(() => inner.toReconcile(what, query)),
      lock: this.#inTx(inner.lock),
      save: this.#inTx(inner.save),
      update: this.#inTx(inner.update),
      find: (holdId) => this.#process.ask(() => inner.find(holdId)),
      list: (query) => this.#process.ask(() => inner.list(query)),
    };
  }
}
