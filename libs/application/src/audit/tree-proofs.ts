/** Proofs out of the stored tree: few reads each, whatever the size of the chain. */
import {
  TILE_HEIGHT,
  TreeBuilder,
  foldSubtrees,
  inclusionSpans,
  subtreesOf,
  type Span,
  type Subtree,
} from '#domain';
import type { SealStore } from '../ports/audit-store.ts';
import type { Hashing } from '../ports/clock.ts';
import { InvariantBroken } from '../ports/faults.ts';

const CACHED_MAX = 4_096;

/** Proofs about the sealed part of one chain. Complete subtrees never change, so those once read are kept. */
export class TreeProofs {
  readonly #seals: Pick<SealStore, 'leaves' | 'tiles'>;
  readonly #hashing: Pick<Hashing, 'sha256'>;
  readonly #chain: number;
  readonly #cache = new Map<string, Uint8Array>();

  constructor(
    seals: Pick<SealStore, 'leaves' | 'tiles'>,
    hashing: Pick<Hashing, 'sha256'>,
    chain: number,
  ) {
    this.#seals = seals;
    this.#hashing = hashing;
    this.#chain = chain;
  }

  /** The inclusion proof of a leaf in the tree of `size` leaves, from its sibling upwards. */
  async inclusion(index: number, size: number): Promise<readonly Uint8Array[]> {
    const proof: Uint8Array[] = [];
    for (const span of inclusionSpans(index, size)) proof.push(await this.#headOf(span));
    return proof;
  }

  /** The complete subtrees that make up a span: with them beside it, a range of leaves proves its place in the whole tree. */
  async subtrees(span: Span): Promise<readonly Uint8Array[]> {
    const hashes: Uint8Array[] = [];
    for (const subtree of subtreesOf(span)) hashes.push(await this.#hashOf(subtree));
    return hashes;
  }

  async #headOf(span: Span): Promise<Uint8Array> {
    const head = foldSubtrees(await this.subtrees(span), (bytes) => this.#hashing.sha256(bytes));
    if (head === undefined) throw new InvariantBroken('a proof has no empty span');
    return head;
  }

  async #hashOf(subtree: Subtree): Promise<Uint8Array> {
    const key = `${subtree.height} ${subtree.index}`;
    const known = this.#cache.get(key);
    if (known !== undefined) return known;
    const { height, index } = subtree;
    const base = Math.floor(height / TILE_HEIGHT) * TILE_HEIGHT;
    const width = 2 ** (height - base);
    const hashes = await this.#read(base, index * width, (index + 1) * width);
    const builder = new TreeBuilder((bytes) => this.#hashing.sha256(bytes));
    for (const hash of hashes) builder.push(hash);
    const found = builder.root();
    if (this.#cache.size >= CACHED_MAX) this.#cache.clear();
    this.#cache.set(key, found);
    return found;
  }

  async #read(height: number, from: number, to: number): Promise<readonly Uint8Array[]> {
    const hashes =
      height === 0
        ? await this.#seals.leaves(this.#chain, from, to)
        : [...(await this.#seals.tiles(this.#chain, height, from, to))]
            .sort(([a], [b]) => a - b)
            .map(([, hash]) => hash);
    if (hashes.length !== to - from) {
      throw new InvariantBroken(`the tree of chain ${this.#chain} is not complete`);
    }
    return hashes;
  }
}
