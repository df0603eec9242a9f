/** Holds as the worker and the console use them. The engine's own writes are in `engine-store.ts`. */
import type { Instant } from '#domain';
import type { HoldRow } from './engine-store.ts';
import type { Tx } from './unit-of-work.ts';

export interface HoldPage {
  readonly holds: readonly HoldRow[];
  /** Opaque; absent on the last page. */
  readonly nextCursor?: string;
}

export interface HoldStore {
  /** Locks up to `limit` holds whose `dueAt` (placed) or `ceilingAt` (placed, matured) has come, skipping locked rows, by urgency. */
  lockDue(tx: Tx, now: Instant, limit: number): Promise<readonly HoldRow[]>;
  lock(tx: Tx, holdIds: readonly string[]): Promise<ReadonlyMap<string, HoldRow>>;
  save(tx: Tx, holds: readonly HoldRow[]): Promise<void>;
  find(holdId: string): Promise<HoldRow | undefined>;
  /** Oldest `dueAt` first. `open` is placed or matured. */
  list(query: {
    state: 'open' | 'ended' | 'all';
    payerId?: string;
    limit: number;
    cursor?: string;
  }): Promise<HoldPage>;
}
