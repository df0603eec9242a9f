/** The self-check: the journal's tables against its own trees, again and again, a bounded number of entries at a time. */
import {
  HOUSE_CHAIN,
  NO_LEAF,
  TreeBuilder,
  fromHex,
  sameBytes,
  verifyChain,
  type ChainFault,
  type ChainHead,
} from '#domain';
import type { ChainEnd, EntryReader, SealStore, StoredCheckpoint } from '../ports/audit-store.ts';
import type { Hashing } from '../ports/clock.ts';

export interface SelfCheckDeps {
  readonly seals: SealStore;
  readonly reader: EntryReader;
  readonly hashing: Pick<Hashing, 'sha256'>;
}

/** Where table and tree first disagree. */
export interface JournalFault {
  readonly chain: number;
  readonly sequence: number;
  readonly fault: ChainFault | 'missing_entry' | 'missing_chain' | 'wrong_root' | 'wrong_tree';
}

interface Walk {
  readonly chain: number;
  head: ChainHead;
  readonly tree: TreeBuilder;
}

const START: ChainHead = { sequence: 0, leafHash: NO_LEAF };

/** Walks from the first entry of the first chain to the last sealed one of the last, and begins anew. */
export class SelfCheck {
  readonly #deps: SelfCheckDeps;
  #walk: Walk | undefined;
  #rounds = 0;
  readonly #known = new Set<number>();

  constructor(deps: SelfCheckDeps) {
    this.#deps = deps;
  }

  /** How often the whole journal was walked. */
  get rounds(): number {
    return this.#rounds;
  }

  /** Checks at most about `limit` more entries and returns the first fault among them; after one, the chain is walked again from its start. */
  async step(limit: number): Promise<JournalFault | undefined> {
    const ends = await this.#deps.seals.chainEnds();
    const lost = this.#lostChain(ends);
    if (lost !== undefined) return lost;
    const from = this.#walk?.chain ?? HOUSE_CHAIN;
    const end = ends.find(({ chain, sealed }) => chain >= from && sealed !== undefined);
    if (end?.sealed === undefined) {
      this.#walk = undefined;
      this.#rounds += 1;
      return undefined;
    }
    if (this.#walk?.chain !== end.chain) this.#walk = this.#begin(end.chain);
    const fault = await this.#advance(this.#walk, end, limit);
    if (fault !== undefined) this.#walk = this.#begin(end.chain);
    return fault;
  }

  #begin(chain: number): Walk {
    return {
      chain,
      head: START,
      tree: new TreeBuilder((bytes) => this.#deps.hashing.sha256(bytes)),
    };
  }

  #lostChain(ends: readonly ChainEnd[]): JournalFault | undefined {
    const present = new Set(ends.map(({ chain }) => chain));
    for (const chain of this.#known) {
      if (!present.has(chain)) return { chain, sequence: 1, fault: 'missing_chain' };
    }
    for (const chain of present) this.#known.add(chain);
    return undefined;
  }

  async #advance(walk: Walk, end: ChainEnd, limit: number): Promise<JournalFault | undefined> {
    const { seals, reader, hashing } = this.#deps;
    const { chain, head, tree } = walk;
    const next = await seals.checkpointOver(chain, head.sequence + 1);
    if (next === undefined) {
      // The chain is done: go on behind it.
      this.#walk = this.#begin(chain + 1);
      return undefined;
    }
    const to = Math.min(next.size, head.sequence + limit);
    const entries = await reader.entries({
      chain,
      after: head.sequence,
      to,
      limit: to - head.sequence,
      disclosures: true,
    });
    const broken = verifyChain(entries, (bytes) => hashing.sha256(bytes), head);
    if (broken !== undefined) return { chain, ...broken };
    const last = entries.at(-1);
    if (last === undefined || last.sequence < to || end.head < to) {
      return { chain, sequence: (last?.sequence ?? head.sequence) + 1, fault: 'missing_entry' };
    }
    for (const entry of entries) tree.push(fromHex(entry.leafHash));
    walk.head = { sequence: last.sequence, leafHash: last.leafHash };
    return this.#compare(walk, next);
  }

  async #compare({ chain, tree }: Walk, next: StoredCheckpoint): Promise<JournalFault | undefined> {
    for (const { height, index, hash } of tree.takeTiles()) {
      const stored = (await this.#deps.seals.tiles(chain, height, index, index + 1)).get(index);
      const sealed = (index + 1) * 2 ** height <= next.size;
      if (sealed && (stored === undefined || !sameBytes(stored, hash))) {
        return { chain, sequence: (index + 1) * 2 ** height, fault: 'wrong_tree' };
      }
    }
    if (tree.size === next.size && !sameBytes(tree.root(), next.root)) {
      return { chain, sequence: tree.size, fault: 'wrong_root' };
    }
    return undefined;
  }
}
