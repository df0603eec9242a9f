/** The transaction is a type: what must be atomic takes a `Tx`, and only `UnitOfWork.run` makes one. */

declare const txBrand: unique symbol;
/** An open transaction. Opaque: only the adapter that made it can look inside. */
export interface Tx {
  readonly [txBrand]: true;
}

export interface UnitOfWork {
  /**
   * Runs `work` in one transaction. MUST be durable when the promise resolves and MUST leave no trace when it rejects.
   * Throws `TransientFault` for what may pass by itself (connection lost, serialisation, deadlock).
   */
  run<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}
