/**
 * The Merkle tree over a chain's leaves (RFC 6962 §2.1): built leaf by leaf, continued from a frontier, proven by spans. Sizes and
 * indices are safe integers; the leaf of the entry with sequence s has the index s − 1.
 */
import { sameBytes } from './bytes.ts';

type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** Complete subtrees of 256 leaves, of 256² and so on are stored: every proof needs few reads (C2SP tlog-tiles). */
export const TILE_HEIGHT = 8;

/** SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array, sha256: Sha256): Uint8Array {
  const node = new Uint8Array(1 + left.length + right.length);
  node[0] = 1;
  node.set(left, 1);
  node.set(right, 1 + left.length);
  return sha256(node);
}

/** Leaves `from` inclusive to `to` exclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The complete subtree over leaves `index · 2^height` and on. */
export interface Subtree {
  readonly height: number;
  readonly index: number;
}

/** The largest complete aligned subtrees that make up a span, from left to right. */
export function subtreesOf({ from, to }: Span): Subtree[] {
  const subtrees: Subtree[] = [];
  for (let at = from; at < to;) {
    let height = 0;
    while (at % 2 ** (height + 1) === 0 && at + 2 ** (height + 1) <= to) height += 1;
    subtrees.push({ height, index: at / 2 ** height });
    at += 2 ** height;
  }
  return subtrees;
}

/** A tree that grows at its right end in logarithmic memory. */
export class TreeBuilder {
  readonly #sha256: Sha256;
  readonly #hashes: Uint8Array[] = [];
  readonly #heights: number[] = [];
  #tiles: (Subtree & { readonly hash: Uint8Array })[] = [];
  #size: number;

  /** `frontier`: the hashes of `subtreesOf({ from: 0, to: size })` of the tree to continue. */
  constructor(sha256: Sha256, size = 0, frontier: readonly Uint8Array[] = []) {
    this.#sha256 = sha256;
    this.#size = 0;
    const subtrees = subtreesOf({ from: 0, to: size });
    if (subtrees.length !== frontier.length) {
      throw new RangeError(`a tree of ${size} leaves has ${subtrees.length} subtrees in front`);
    }
    for (const [place, hash] of frontier.entries()) this.push(hash, subtrees[place]?.height);
    this.#tiles = [];
  }

  get size(): number {
    return this.#size;
  }

  /** Appends a leaf hash, or the hash of a complete subtree that begins where the tree ends. */
  push(hash: Uint8Array, height = 0): void {
    if (this.#size % 2 ** height !== 0) throw new RangeError('a subtree begins at its own width');
    this.#size += 2 ** height;
    this.#hashes.push(hash);
    this.#heights.push(height);
    this.#keepTile(height, hash);
    let last = this.#heights.length - 1;
    while (last > 0 && this.#heights[last] === this.#heights[last - 1]) {
      const right = this.#hashes.pop() as Uint8Array;
      const left = this.#hashes.pop() as Uint8Array;
      this.#heights.pop();
      const joined = (this.#heights.pop() as number) + 1;
      const node = nodeHash(left, right, this.#sha256);
      this.#hashes.push(node);
      this.#heights.push(joined);
      this.#keepTile(joined, node);
      last -= 1;
    }
  }

  #keepTile(height: number, hash: Uint8Array): void {
    if (height === 0 || height % TILE_HEIGHT !== 0) return;
    this.#tiles.push({ height, index: this.#size / 2 ** height - 1, hash });
  }

  /** Complete subtrees of the stored heights that came about since the last call. */
  takeTiles(): readonly (Subtree & { readonly hash: Uint8Array })[] {
    const tiles = this.#tiles;
    this.#tiles = [];
    return tiles;
  }

  /** What `new TreeBuilder(sha256, size, frontier)` continues from. */
  frontier(): readonly Uint8Array[] {
    return [...this.#hashes];
  }

  /** The tree's head; of an empty tree the hash of nothing. */
  root(): Uint8Array {
    return foldSubtrees(this.#hashes, this.#sha256) ?? this.#sha256(new Uint8Array());
  }
}

/** The head of the tree over adjoining complete subtrees, largest first; undefined where there are none. */
export function foldSubtrees(
  hashes: readonly Uint8Array[],
  sha256: Sha256,
): Uint8Array | undefined {
  let head: Uint8Array | undefined;
  for (const hash of hashes.toReversed()) {
    head = head === undefined ? hash : nodeHash(hash, head, sha256);
  }
  return head;
}

/** Spans whose heads are the inclusion proof of a leaf, from its sibling up to the root's child (RFC 6962 §2.1.1). */
export function inclusionSpans(index: number, size: number): Span[] {
  const spans: Span[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + split(to - from);
    if (index < middle) {
      spans.push({ from: middle, to });
      to = middle;
    } else {
      spans.push({ from, to: middle });
      from = middle;
    }
  }
  return spans.toReversed();
}

/** The largest power of two below `width`. */
function split(width: number): number {
  let half = 1;
  while (half * 2 < width) half *= 2;
  return half;
}

/** The head that an inclusion proof leads to, or undefined where it has not the length that index and size ask for. */
export function rootOfInclusion(
  leaf: Uint8Array,
  place: { readonly index: number; readonly size: number },
  proof: readonly Uint8Array[],
  sha256: Sha256,
): Uint8Array | undefined {
  const { index, size } = place;
  if (!(index >= 0 && index < size)) return undefined;
  const spans = inclusionSpans(index, size);
  if (spans.length !== proof.length) return undefined;
  let head = leaf;
  for (const [step, sibling] of proof.entries()) {
    const isLeft = (spans[step] as Span).to <= index;
    head = isLeft ? nodeHash(sibling, head, sha256) : nodeHash(head, sibling, sha256);
  }
  return head;
}

/** True where a leaf stands at its index under a head. */
export function verifyInclusion(
  leaf: Uint8Array,
  place: { readonly index: number; readonly size: number; readonly root: Uint8Array },
  proof: readonly Uint8Array[],
  sha256: Sha256,
): boolean {
  const root = rootOfInclusion(leaf, place, proof, sha256);
  return root !== undefined && sameBytes(root, place.root);
}
