/** What fraud operations look at and work on: the queue, cases, and the journal and evidence behind them. */
import type { CaseLabel, CaseWork, Instant, PlatformEvent, SealedEntry } from '#domain';
import type { HoldRow, PayerProfile } from './engine-store.ts';
import type { Tx } from './unit-of-work.ts';

export interface QueueQuery {
  readonly state: 'open' | 'placed' | 'matured' | 'ended' | 'all';
  readonly tiers?: readonly string[];
  readonly kind?: 'transfer' | 'draw';
  readonly reasons?: readonly string[];
  /** `lender` or `lender/product`. */
  readonly lender?: string;
  readonly payeeId?: string;
  readonly payerId?: string;
  /** The payee, the payer of this hold. */
  readonly samePayeeAs?: string;
  readonly samePayerAs?: string;
  readonly minorMin?: number;
  readonly minorMax?: number;
  /** A user, or null for nobody. */
  readonly assignee?: string | null;
  readonly label?: CaseLabel | 'none';
  readonly escalated?: boolean;
  readonly limit: number;
  readonly cursor?: string;
}

export interface QueueRow {
  readonly hold: HoldRow;
  readonly work: CaseWork;
  /** Tenths of a deciban; absent until the decision was read, well under a second after the hold was placed. */
  readonly score?: number;
  readonly lenders: readonly string[];
}

export interface QueueCounts {
  readonly open: number;
  readonly T2: number;
  readonly T3: number;
  readonly T4: number;
  readonly matured: number;
  readonly dueSoon: number;
  readonly mine: number;
  readonly unassigned: number;
  readonly escalated: number;
}

/** What a hold's own row does not tell: what its decision said. */
export interface HoldDigest {
  readonly holdId: string;
  readonly score?: number;
  readonly lenders: readonly string[];
}

/** Another payer of a payee within 24 hours. */
export interface OtherPayer {
  readonly payerId: string;
  readonly payeeId: string;
  readonly lastAt: Instant;
  readonly minor: number;
  readonly openHolds: number;
  readonly caseId?: string;
}

export interface SavedView {
  readonly viewId: string;
  readonly name: string;
  /** JSON. */
  readonly filter: string;
}

export interface CaseDesk {
  /** Open: the next due first. Otherwise the last due first. At most `limit` rows, whatever the filter. */
  queue(
    query: QueueQuery,
  ): Promise<{ readonly rows: readonly QueueRow[]; readonly nextCursor?: string }>;
  counts(userId: string, now: Instant): Promise<QueueCounts>;

  /** The holds of a case in the order in which they were placed, at most 200. Empty: there is no such case. */
  holdsOfCase(caseId: string): Promise<readonly QueueRow[]>;
  /** The case that a hold belongs to, locked; undefined where there is no such case. */
  lockCase(tx: Tx, caseId: string): Promise<CaseWork | undefined>;
  saveWork(tx: Tx, work: CaseWork): Promise<void>;
  work(caseIds: readonly string[]): Promise<readonly CaseWork[]>;
  caseOfHold(holdId: string): Promise<string | undefined>;

  /** Entries about a payer since `from`, in order, at most 2,000, the newest. */
  entriesOfPayer(payerId: string, from: Instant): Promise<readonly SealedEntry[]>;
  /** Evidence of a payer from `from` up to `to`, oldest first, at most 1,000, the newest. */
  evidence(
    partition: number,
    payerId: string,
    from: Instant,
    to: Instant,
  ): Promise<readonly PlatformEvent[]>;
  profile(payerId: string): Promise<PayerProfile | undefined>;
  otherPayers(
    payeeIds: readonly string[],
    payerId: string,
    from: Instant,
  ): Promise<readonly OtherPayer[]>;
  /** Holds of other cases of the payer, newest first, at most 200. */
  formerHolds(payerId: string, caseId: string): Promise<readonly QueueRow[]>;

  views(userId: string): Promise<readonly SavedView[]>;
  saveView(userId: string, view: SavedView): Promise<void>;
  /** False where there is none of that id that is this person's. */
  deleteView(userId: string, viewId: string): Promise<boolean>;

  /** Every chain with its last sequence, and how far the digests have come. */
  heads(): Promise<
    readonly { readonly chain: number; readonly head: number; readonly digested: number }[]
  >;
  /** Entries that say something about holds, in order, at most `limit`; `upTo` is where to go on after. */
  holdEntries(
    chain: number,
    after: number,
    limit: number,
  ): Promise<{ readonly entries: readonly SealedEntry[]; readonly upTo: number }>;
  /** Keeps digests and how far they go. Safe to do twice. */
  keepDigests(chain: number, digests: readonly HoldDigest[], upTo: number): Promise<void>;
}
