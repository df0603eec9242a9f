/** The journal as writers and the publisher use it. */
import type { EntryDraft, SealedEntry } from '#domain';
import type { Tx } from './unit-of-work.ts';

export interface ChainCursor {
  readonly chain: number;
  /** Sequence of the last entry. */
  readonly head: number;
  /** Sequence of the last entry whose messages the broker acknowledged. */
  readonly published: number;
}

export interface JournalStore {
  /**
   * Begins to lock the heads of these chains, so that `append` in the same transaction need not wait for them. Locks on holds MUST have
   * been asked for before, since holds are locked before heads everywhere.
   */
  reserve(tx: Tx, chains: readonly number[]): void;
  /**
   * Locks the chain heads in order of chain, gives sequence numbers without gaps, seals and appends. The only write path
   * of the journal. Entries keep the order of the drafts.
   */
  append(
    tx: Tx,
    drafts: ReadonlyMap<number, readonly EntryDraft[]>,
  ): Promise<ReadonlyMap<number, readonly SealedEntry[]>>;
  cursors(chains: readonly number[]): Promise<readonly ChainCursor[]>;
  /** Entries after `sequence`, in order, at most `limit`. */
  readAfter(chain: number, sequence: number, limit: number): Promise<readonly SealedEntry[]>;
  /** Moves the publisher's cursor forward under the partition's epoch. Throws `PartitionsFenced` when the epoch is not ours. */
  markPublished(
    marks: readonly { chain: number; epoch: number; sequence: number }[],
  ): Promise<void>;
}
