/** Transactions over maps in memory: read committed, row locks that wait, deadlocks found, nothing kept without a commit. */
import { InvariantBroken, TransientFault, type Tx, type UnitOfWork } from '#application';

/** What the next commit does. `before`: nothing is kept. `after`: all is kept, but the caller is told it failed. */
export type CommitFailure = 'before' | 'after';

/** Committed rows by key, and by group where rows are looked up together. */
export interface Table<Row> {
  readonly rows: Map<string, Row>;
  readonly groups: Map<string, Map<string, Row>>;
  readonly groupOf: (row: Row) => string;
  /** By key, the number of the commit that last put the row. */
  readonly commits: Map<string, number>;
}

export function makeTable<Row>(groupOf: (row: Row) => string = () => ''): Table<Row> {
  return { rows: new Map(), groups: new Map(), groupOf, commits: new Map() };
}

export function putRow<Row>(table: Table<Row>, key: string, row: Row): void {
  deleteRow(table, key);
  table.rows.set(key, row);
  const name = table.groupOf(row);
  const group = table.groups.get(name) ?? new Map<string, Row>();
  table.groups.set(name, group.set(key, row));
}

export function deleteRow<Row>(table: Table<Row>, key: string): void {
  const old = table.rows.get(key);
  if (old === undefined) return;
  table.rows.delete(key);
  table.commits.delete(key);
  const name = table.groupOf(old);
  const group = table.groups.get(name);
  group?.delete(key);
  if (group?.size === 0) table.groups.delete(name);
}

/** One open transaction: what it would write, and the locks it holds until its end. */
export class OpenTransaction {
  readonly #locks: Locks;
  readonly #writes = new Map<object, Map<string, (commit: number) => void>>();
  readonly #pending = new Map<object, Map<string, unknown>>();
  #over = false;

  constructor(locks: Locks) {
    this.#locks = locks;
  }

  get over(): boolean {
    return this.#over;
  }

  /** Waits until no other transaction holds the lock. Throws `TransientFault` when that would never be. */
  async lock(name: string): Promise<void> {
    this.#assertOpen();
    await this.#locks.take(this, name);
    this.#assertOpen();
  }

  /** Takes the lock only when it is free. */
  tryLock(name: string): boolean {
    this.#assertOpen();
    return this.#locks.tryTake(this, name);
  }

  get<Row>(table: Table<Row>, key: string): Row | undefined {
    this.#assertOpen();
    const own = this.#own(table);
    return own.has(key) ? own.get(key) : table.rows.get(key);
  }

  put<Row>(table: Table<Row>, key: string, row: Row): void {
    this.#assertOpen();
    this.#own(table).set(key, row);
    this.#write(table, key, (commit) => {
      putRow(table, key, row);
      table.commits.set(key, commit);
    });
  }

  remove<Row>(table: Table<Row>, key: string): void {
    this.#assertOpen();
    this.#own(table).set(key, undefined);
    this.#write(table, key, () => deleteRow(table, key));
  }

  #write(table: object, key: string, write: (commit: number) => void): void {
    const writes = this.#writes.get(table) ?? new Map<string, (commit: number) => void>();
    this.#writes.set(table, writes.set(key, write));
  }

  /** Rows of a group as this transaction sees them. */
  group<Row>(table: Table<Row>, name: string): readonly Row[] {
    this.#assertOpen();
    const seen = new Map(table.groups.get(name));
    for (const [key, row] of this.#own(table)) {
      if (row !== undefined && table.groupOf(row) === name) seen.set(key, row);
      else seen.delete(key);
    }
    return [...seen.values()];
  }

  all<Row>(table: Table<Row>): readonly Row[] {
    this.#assertOpen();
    const rows = new Map([...table.rows, ...this.#own(table)]).values();
    return [...rows].filter((row) => row !== undefined);
  }

  /** `commit`: one more than that of the transaction that committed before. */
  commit(commit: number): void {
    this.#assertOpen();
    for (const writes of this.#writes.values()) for (const write of writes.values()) write(commit);
    this.drop();
  }

  /** Ends without keeping anything. */
  drop(): void {
    this.#over = true;
    this.#locks.release(this);
  }

  /** What it would write; undefined for what it would remove. */
  #own<Row>(table: Table<Row>): Map<string, Row | undefined> {
    const own = this.#pending.get(table) ?? new Map<string, unknown>();
    this.#pending.set(table, own);
    return own as Map<string, Row | undefined>;
  }

  #assertOpen(): void {
    if (this.#over) throw new TransientFault('the transaction is over');
  }
}

interface Waiter {
  readonly owner: OpenTransaction;
  readonly wake: () => void;
}

/** Exclusive locks by name, first come first served. */
class Locks {
  readonly #held = new Map<string, OpenTransaction>();
  readonly #queues = new Map<string, Waiter[]>();

  tryTake(owner: OpenTransaction, name: string): boolean {
    const holder = this.#held.get(name);
    if (holder === undefined) this.#held.set(name, owner);
    return holder === undefined || holder === owner;
  }

  async take(owner: OpenTransaction, name: string): Promise<void> {
    while (!owner.over && !this.tryTake(owner, name)) {
      if (this.#waitsFor(this.#held.get(name), owner)) throw new TransientFault('deadlock');
      await new Promise<void>((wake) => {
        this.#queues.set(name, [...(this.#queues.get(name) ?? []), { owner, wake }]);
      });
    }
  }

  release(owner: OpenTransaction): void {
    for (const [name, holder] of this.#held) if (holder === owner) this.#held.delete(name);
    // Everyone is woken and looks again; who finds the lock taken queues behind.
    const queues = [...this.#queues.values()];
    this.#queues.clear();
    for (const { wake } of queues.flat()) wake();
  }

  /** Whether `from` waits, directly or through others, for a lock that `target` holds. */
  #waitsFor(from: OpenTransaction | undefined, target: OpenTransaction): boolean {
    const seen = new Set<OpenTransaction>();
    const open = from === undefined ? [] : [from];
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      if (one === target) return true;
      if (seen.has(one)) continue;
      seen.add(one);
      for (const [name, queue] of this.#queues) {
        const holder = this.#held.get(name);
        if (holder !== undefined && queue.some((waiter) => waiter.owner === one)) open.push(holder);
      }
    }
    return false;
  }
}

export interface MemoryTransactions extends UnitOfWork {
  /** The transaction behind the port's opaque type. */
  open(tx: Tx): OpenTransaction;
  /** Transactions committed so far. */
  readonly commits: number;
  failNextCommit(when: CommitFailure, error?: Error): void;
  crash(): void;
}

export function makeTransactions(): MemoryTransactions {
  const locks = new Locks();
  const byTx = new WeakMap<Tx, OpenTransaction>();
  const running = new Set<OpenTransaction>();
  let failure: { when: CommitFailure; error: Error } | undefined;
  let commits = 0;

  function commit(transaction: OpenTransaction): void {
    const failing = failure;
    failure = undefined;
    if (failing?.when === 'before') throw failing.error;
    commits += 1;
    transaction.commit(commits);
    if (failing?.when === 'after') throw failing.error;
  }

  return {
    async run(work) {
      const transaction = new OpenTransaction(locks);
      const tx = {} as Tx;
      byTx.set(tx, transaction);
      running.add(transaction);
      try {
        const result = await work(tx);
        commit(transaction);
        return result;
      } finally {
        transaction.drop();
        running.delete(transaction);
      }
    },
    get commits() {
      return commits;
    },
    open(tx) {
      const transaction = byTx.get(tx);
      if (transaction === undefined) throw new InvariantBroken('not a transaction of this store');
      return transaction;
    },
    failNextCommit(when, error = new TransientFault('connection lost')) {
      failure = { when, error };
    },
    crash() {
      for (const transaction of running) transaction.drop();
    },
  };
}
