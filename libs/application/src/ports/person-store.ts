/** Personal values of one payer across the whole database: deleted, or kept and no longer shown. */
import type { Instant } from '#domain';
import type { Tx } from './unit-of-work.ts';

export interface Restriction {
  readonly restrictionId: string;
  readonly at: Instant;
  /** Until when the law asks for keeping; open-ended where absent. */
  readonly until?: Instant;
}

export interface ErasedRows {
  /** Journal entries whose values and salts are gone. */
  readonly entries: number;
  /** Rows of all other tables. */
  readonly rows: number;
}

export interface PersonStore {
  hasOpenHold(tx: Tx, payerId: string): Promise<boolean>;
  /** When the payer's oldest and newest entries were written; undefined where nothing is known of them. */
  known(tx: Tx, payerId: string): Promise<{ readonly newest: Instant } | undefined>;
  /** Deletes every row that names the payer as its payer. Tables are found by their columns, so that a new one is not forgotten. */
  erase(tx: Tx, payerId: string): Promise<ErasedRows>;
  restriction(payerId: string): Promise<Restriction | undefined>;
  /** Those of the given payers whose values may only be kept. */
  restricted(payerIds: readonly string[]): Promise<ReadonlySet<string>>;
  restrict(tx: Tx, payerId: string, restriction: Restriction): Promise<void>;
  unrestrict(tx: Tx, payerId: string): Promise<void>;
}
