/** Alerts on their way: which entries of the journal are still to be handed to a channel, and how that goes. */
import type { Instant, SealedEntry } from '#domain';

/** An alert that a worker has taken to deliver. What it says is the entry; where that was erased nothing is left to say. */
export interface TakenAlert {
  readonly chain: number;
  readonly sequence: number;
  readonly requestedAt: Instant;
  /** This one included. */
  readonly attempts: number;
  readonly entry: SealedEntry;
}

export type AlertPlace = Pick<TakenAlert, 'chain' | 'sequence'>;

export interface AlertStore {
  /** Notes alerts that the journal has and that nobody has noted; at most `limit` a chain, none requested before `since`. */
  collect(since: Instant, limit: number): Promise<number>;
  /**
   * Takes up to `limit` alerts that are due and counts the attempt. Nobody else takes them before `leaseMs` have passed: a worker that dies
   * with one loses nothing.
   */
  take(now: Instant, leaseMs: number, limit: number): Promise<readonly TakenAlert[]>;
  delivered(place: AlertPlace, at: Instant): Promise<void>;
  /** To be tried again at `nextAt`; never again where that is undefined. */
  failed(place: AlertPlace, nextAt: Instant | undefined): Promise<void>;
  /** Marks alerts requested before `before` that have not arrived, each once, and returns how many. */
  raise(before: Instant, now: Instant): Promise<number>;
}
