/** How things stand, in numbers; and the journal and refused records for whoever looks after them. */
import type { Instant, SealedEntry } from '#domain';

export interface OverviewBucket {
  readonly at: Instant;
  readonly placed: number;
  readonly released: number;
  readonly cancelled: number;
  readonly expired: number;
}

export interface OverviewTotals {
  readonly holds: number;
  readonly open: number;
  readonly T2: number;
  readonly T3: number;
  readonly T4: number;
  readonly confirmedScams: number;
  readonly honestHolds: number;
  readonly honestMinutesMedian?: number;
  readonly honestMinutesP90?: number;
  readonly firstContactMinutesMedian?: number;
  readonly firstContactMinutesP90?: number;
  readonly unacknowledged: number;
  readonly tooLate: number;
}

export interface FeedHeard {
  readonly topic: string;
  readonly lastAt?: Instant;
}

export interface OverviewReads {
  /** Of the holds placed from `from` on, in buckets of `bucketMs`, oldest first, empty ones included. */
  series(from: Instant, to: Instant, bucketMs: number): Promise<readonly OverviewBucket[]>;
  totals(from: Instant, now: Instant): Promise<OverviewTotals>;
  /** What was cancelled or expired and had not left, by currency. */
  protectedMoney(
    from: Instant,
  ): Promise<readonly { readonly currency: string; readonly minor: number }[]>;
  reasons(from: Instant): Promise<readonly { readonly code: string; readonly holds: number }[]>;

  /** Entries of a chain before a sequence, newest first. */
  journal(chain: number, before: number, limit: number): Promise<readonly SealedEntry[]>;
  /** Refused records of all chains, newest first, after a place. */
  refused(
    limit: number,
    after?: { readonly at: Instant; readonly chain: number; readonly sequence: number },
  ): Promise<readonly SealedEntry[]>;
}
