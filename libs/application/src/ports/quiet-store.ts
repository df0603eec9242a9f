/** Payees that staff vouched for, as the console keeps them. The engine reads them with its batch (`EngineStore.quiets`). */
import type { Instant, PayeeQuiet } from '#domain';
import type { Tx } from './unit-of-work.ts';

export interface QuietRow extends PayeeQuiet {
  readonly quietId: string;
  /** The chain that has its entries. */
  readonly partition: number;
  readonly payerId: string;
  readonly reason: string;
  /** Who vouched: a name of staff or of a machine client. */
  readonly by: string;
  /** Ended before its day: `until` is then when. */
  readonly endedBy?: string;
}

export interface QuietPage {
  readonly quiets: readonly QuietRow[];
  /** Opaque; absent on the last page. */
  readonly nextCursor?: string;
}

export interface QuietStore {
  /** Inserts, or updates the end of one that is there. */
  save(tx: Tx, quiet: QuietRow): Promise<void>;
  /** Locks one. */
  lock(tx: Tx, quietId: string): Promise<QuietRow | undefined>;
  /** That end after `endsAfter`, the soonest to end first. */
  list(query: {
    readonly payerId?: string;
    readonly endsAfter: Instant;
    readonly limit: number;
    readonly cursor?: string;
  }): Promise<QuietPage>;
  /** Partitions of the input topics, as engines have claimed them; 0 before the first one did. */
  partitionCount(): Promise<number>;
}
