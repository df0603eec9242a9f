/** The journal as sealing, checking and exporting read it. Nothing here appends entries: that is `JournalStore` alone. */
import type { Instant, SealedEntry, Subtree } from '#domain';

/** A head of a chain's tree, signed. */
export interface StoredCheckpoint {
  readonly chain: number;
  readonly size: number;
  readonly root: Uint8Array;
  /** When it was signed. */
  readonly at: Instant;
  /** Hashes from which a `TreeBuilder` continues. */
  readonly frontier: readonly Uint8Array[];
  /** The signed note (C2SP tlog-checkpoint). */
  readonly note: string;
}

export interface ChainEnd {
  readonly chain: number;
  /** Sequence of the last entry. */
  readonly head: number;
  /** Absent where the chain was never sealed. */
  readonly sealed?: StoredCheckpoint;
}

export type Tile = Subtree & { readonly hash: Uint8Array };

export interface SealStore {
  /** Every chain with where it ends and its last checkpoint, in order of chain. */
  chainEnds(): Promise<readonly ChainEnd[]>;
  /** Leaf hashes of the entries after `after` up to `to`, in order. Fewer than asked for where entries are missing. */
  leaves(chain: number, after: number, to: number): Promise<readonly Uint8Array[]>;
  /** Keeps a checkpoint with the subtrees that came about. Kept already by another worker is well too. */
  saveCheckpoint(checkpoint: StoredCheckpoint, tiles: readonly Tile[]): Promise<void>;
  /** Hashes of stored subtrees of one height (a multiple of `TILE_HEIGHT`), `from` inclusive to `to` exclusive. */
  tiles(
    chain: number,
    height: number,
    from: number,
    to: number,
  ): Promise<ReadonlyMap<number, Uint8Array>>;
  /** The checkpoint of exactly this size. */
  checkpointAt(chain: number, size: number): Promise<StoredCheckpoint | undefined>;
  /** The smallest checkpoint of at least this size. */
  checkpointOver(chain: number, size: number): Promise<StoredCheckpoint | undefined>;
}

export interface EntryRange {
  readonly chain: number;
  /** Exclusive. */
  readonly after: number;
  /** Inclusive. */
  readonly to: number;
  readonly limit: number;
  /** Also values and salts, where they are still there. */
  readonly disclosures: boolean;
  /** Only entries whose text contains this. */
  readonly containing?: string;
}

export interface EntryPlace {
  readonly chain: number;
  readonly sequence: number;
}

export interface EntryReader {
  /** Entries of a chain in order, at most `limit`. */
  entries(range: EntryRange): Promise<readonly SealedEntry[]>;
  /** Smallest and largest sequence of entries written in [from, to); undefined where there are none. */
  writtenBetween(
    chain: number,
    from: Instant,
    to: Instant,
  ): Promise<{ readonly from: number; readonly to: number } | undefined>;
  /** The entries of a chain with these sequences, in order. */
  entriesAt(
    chain: number,
    sequences: readonly number[],
    disclosures: boolean,
  ): Promise<readonly SealedEntry[]>;
  /** Where the entries stand that speak of a payer and have not been erased, in order. */
  placesOfPayer(payerId: string): Promise<readonly EntryPlace[]>;
  /** The entry in which a decision was made. */
  decision(decisionId: string, payerId?: string): Promise<SealedEntry | undefined>;
}
