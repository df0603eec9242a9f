/** Transactions on pooled connections: statements are prepared once per connection and sent without waiting for each other. */
import { InvariantBroken, TransientFault, type Tx, type UnitOfWork } from '#application';
import type { PoolClient, QueryResult, QueryResultRow } from 'pg';
import type { DataSource } from 'typeorm';
import { boundParameters } from './array-parameters.ts';
import { faultOf } from './faults.ts';

/** A statement with its name, under which each connection prepares it once. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

export interface Rows<Row> {
  readonly rows: readonly Row[];
  readonly count: number;
}

/** Array parameters may hold null; nothing else is sent. */
export type Parameter =
  | string
  | number
  | boolean
  | null
  | Uint8Array
  | readonly (string | number | boolean | null | Uint8Array)[];

/** Runs single statements, each in its own implicit transaction. */
export interface Queries {
  query<Row extends QueryResultRow>(
    statement: Statement,
    values: readonly Parameter[],
  ): Promise<Rows<Row>>;
}

/** One open transaction on one connection. */
export class OpenTransaction implements Queries {
  readonly #client: PoolClient;
  #over = false;
  #failure: Error | undefined;

  constructor(client: PoolClient) {
    this.#client = client;
    // Sent with the first statement, not waited for: `finish` sees whether it failed.
    void this.#send('begin', client.query('BEGIN')).catch(() => undefined);
  }

  /**
   * Sends a statement behind those already sent and resolves with its own result. MUST NOT be called after the unit of work
   * has ended: a late call would otherwise run outside any transaction.
   */
  async query<Row extends QueryResultRow>(
    statement: Statement,
    values: readonly Parameter[],
  ): Promise<Rows<Row>> {
    if (this.#over) throw this.#failure ?? new InvariantBroken('the transaction is over');
    const { rows, rowCount } = await this.#send(statement.name, this.#ask<Row>(statement, values));
    return { rows, count: rowCount ?? 0 };
  }

  /** Parameters that cannot be sent fail the transaction as what the server refuses does. */
  async #ask<Row extends QueryResultRow>(
    { name, text }: Statement,
    values: readonly Parameter[],
  ): Promise<QueryResult<Row>> {
    return this.#client.query<Row>({ name, text, values: boundParameters(text, values) });
  }

  /** Commits. Throws the first failure of the transaction, also one that the work swallowed. */
  async commit(): Promise<void> {
    this.#over = true;
    if (this.#failure !== undefined) throw this.#failure;
    const { command } = await this.#send('commit', this.#client.query('COMMIT'));
    // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK and no error.
    if (command !== 'COMMIT') throw this.#failure ?? new TransientFault('database: not committed');
  }

  /** Rolls back and returns the failure to report for `error`: the first one, not what followed from it. */
  async rollback(error: unknown): Promise<unknown> {
    this.#over = true;
    const failure = this.#failure ?? error;
    // Where this fails the connection is broken, and the pool drops it on release.
    await this.#client.query('ROLLBACK').catch(() => undefined);
    return failure;
  }

  async #send<T>(name: string, result: Promise<T>): Promise<T> {
    try {
      return await result;
    } catch (error) {
      const fault = faultOf(error, name);
      this.#failure ??= fault;
      throw fault;
    }
  }
}

export interface Transactions extends UnitOfWork, Queries {
  /** The transaction behind the port's opaque type. */
  open(tx: Tx): OpenTransaction;
}

export function makeTransactions(dataSource: DataSource): Transactions {
  const byTx = new WeakMap<Tx, OpenTransaction>();

  async function withClient<T>(use: (client: PoolClient) => Promise<T>): Promise<T> {
    const runner = dataSource.createQueryRunner();
    try {
      const client: PoolClient = await runner.connect().catch((error: unknown) => {
        throw faultOf(error, 'connect');
      });
      return await use(client);
    } finally {
      await runner.release();
    }
  }

  return {
    run: (work) =>
      withClient(async (client) => {
        const transaction = new OpenTransaction(client);
        const tx = {} as Tx;
        byTx.set(tx, transaction);
        try {
          const result = await work(tx);
          await transaction.commit();
          return result;
        } catch (error) {
          throw await transaction.rollback(error);
        }
      }),
    query: (statement, values) =>
      withClient(async (client) => {
        const query = { ...statement, values: boundParameters(statement.text, values) };
        const { rows, rowCount } = await client.query(query).catch((error: unknown) => {
          throw faultOf(error, statement.name);
        });
        return { rows, count: rowCount ?? 0 };
      }),
    open(tx) {
      const transaction = byTx.get(tx);
      if (transaction === undefined)
        throw new InvariantBroken('not a transaction of this database');
      return transaction;
    },
  };
}
