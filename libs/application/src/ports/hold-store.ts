/** Holds as the worker and the console use them. The engine's own writes are in `engine-store.ts`. */
import type { Instant, PlatformEvent } from '#domain';
import type { HoldRow, WindowRequest } from './engine-store.ts';
import type { Tx } from './unit-of-work.ts';

export interface HoldPage {
  readonly holds: readonly HoldRow[];
  /** Opaque; absent on the last page. */
  readonly nextCursor?: string;
}

/** Why a hold is on the list of those that people have to look at. */
export type HoldsToReconcile = 'unacknowledged' | 'raised' | 'recalled' | 'overdue';

export interface ReconciliationCounts {
  readonly open: number;
  /** Orders given and not answered yet, raised ones included. */
  readonly unacknowledged: number;
  readonly raised: number;
  readonly recalled: number;
  /** Past their time by more than the grace, and nothing has ended them. */
  readonly overdue: number;
}

export interface HoldStore {
  /**
   * Locks up to `limit` holds whose `dueAt` (placed) or `ceilingAt` (placed, matured) has come, skipping locked rows, by urgency. Holds that the
   * profile releases are left out until the responses of their partition are read past `dueAt`.
   */
  lockDue(tx: Tx, now: Instant, limit: number): Promise<readonly HoldRow[]>;
  /** Locks up to `limit` holds whose order is to be given again, skipping locked rows, the longest waiting first. */
  lockResends(tx: Tx, now: Instant, limit: number): Promise<readonly HoldRow[]>;
  lock(tx: Tx, holdIds: readonly string[]): Promise<ReadonlyMap<string, HoldRow>>;
  save(tx: Tx, holds: readonly HoldRow[]): Promise<void>;
  /** What the clock changes of holds that `tx` has locked: state, due time, order, end. Nothing else of the row is kept. */
  update(tx: Tx, holds: readonly HoldRow[]): Promise<void>;
  /** Starts and ends of calls of these payers from a time on, by payer, in no order. */
  calls(
    tx: Tx,
    requests: readonly WindowRequest[],
  ): Promise<ReadonlyMap<string, readonly PlatformEvent[]>>;
  /** Until when everything that was answered is read and applied, by partition. Absent where nobody has said so. */
  responsesRead(tx: Tx): Promise<ReadonlyMap<number, Instant>>;
  find(holdId: string): Promise<HoldRow | undefined>;
  /** Oldest `dueAt` first. `open` is placed or matured. */
  list(query: {
    state: 'open' | 'ended' | 'all';
    payerId?: string;
    limit: number;
    cursor?: string;
  }): Promise<HoldPage>;
  /** `overdueAt`: what should have happened before it and has not is overdue. Bounded: each is counted to `COUNT_MAX` at most. */
  reconciliation(overdueAt: Instant): Promise<ReconciliationCounts>;
  /** The oldest first, at most `limit`. */
  toReconcile(
    what: HoldsToReconcile,
    query: { readonly overdueAt: Instant; readonly limit: number },
  ): Promise<readonly HoldRow[]>;
}

/** Counting stops here: more than that is an outage, however many more. */
export const COUNT_MAX = 100_000;
