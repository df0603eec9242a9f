/** Sealing: the worker brings every chain's tree up to the chain and signs its head. The engine's path pays nothing for it. */
import {
  HOUSE_CHAIN,
  TreeBuilder,
  checkpointText,
  noteOf,
  originOf,
  sameBytes,
  type EntryDraft,
  type KeysBody,
} from '#domain';
import type { ChainEnd, EntryReader, SealStore, StoredCheckpoint } from '../ports/audit-store.ts';
import type { Clock, Hashing } from '../ports/clock.ts';
import { InvariantBroken } from '../ports/faults.ts';
import type { JournalStore } from '../ports/journal-store.ts';
import type { NoteSigner } from '../ports/note-signer.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export interface SealDeps {
  readonly seals: SealStore;
  readonly signer: NoteSigner;
  readonly hashing: Pick<Hashing, 'sha256'>;
  readonly clock: Clock;
}

export interface SealPace {
  /** A chain with new entries is sealed at least so often. */
  readonly everyMs: number;
  /** No two checkpoints of a chain are further apart. */
  readonly entriesMax: number;
}

export const SEAL_PACE: SealPace = { everyMs: 3_000, entriesMax: 10_000 };

/**
 * Seals every chain that is due and returns how many entries were sealed. A head is only ever signed over the tree of the head before
 * it: a checkpoint that this process saw and the store no longer has throws `InvariantBroken` instead of a second history.
 */
export class Sealer {
  readonly #deps: SealDeps;
  readonly #pace: SealPace;
  /** Last head that this process signed or saw, per chain. */
  readonly #seen = new Map<number, StoredCheckpoint>();

  constructor(deps: SealDeps, pace: SealPace = SEAL_PACE) {
    this.#deps = deps;
    this.#pace = pace;
  }

  async sealDue(): Promise<number> {
    let entries = 0;
    for (const end of await this.#deps.seals.chainEnds()) {
      this.#refuseFork(end);
      entries += await this.#sealChain(end);
    }
    return entries;
  }

  #refuseFork({ chain, head, sealed }: ChainEnd): void {
    const seen = this.#seen.get(chain);
    const size = sealed?.size ?? 0;
    const lost = seen !== undefined && size < seen.size;
    const other = seen?.size === size && sealed !== undefined && !sameBytes(seen.root, sealed.root);
    if (lost || other || head < size) {
      throw new InvariantBroken(`chain ${chain} has lost entries that were signed for`);
    }
    if (sealed !== undefined) this.#seen.set(chain, sealed);
  }

  async #sealChain({ chain, head, sealed }: ChainEnd): Promise<number> {
    const { clock } = this.#deps;
    let last = sealed;
    let size = last?.size ?? 0;
    const isDue = (): boolean =>
      head - size >= this.#pace.entriesMax ||
      (head > size && clock.now() - (last?.at ?? 0) >= this.#pace.everyMs);
    let entries = 0;
    while (isDue()) {
      last = await this.#seal(chain, last, Math.min(head, size + this.#pace.entriesMax));
      entries += last.size - size;
      size = last.size;
      this.#seen.set(chain, last);
    }
    return entries;
  }

  async #seal(
    chain: number,
    last: StoredCheckpoint | undefined,
    to: number,
  ): Promise<StoredCheckpoint> {
    const { seals, signer, hashing, clock } = this.#deps;
    const size = last?.size ?? 0;
    const leaves = await seals.leaves(chain, size, to);
    if (leaves.length !== to - size) {
      throw new InvariantBroken(`chain ${chain} has a gap between ${size} and ${to}`);
    }
    const builder = new TreeBuilder((bytes) => hashing.sha256(bytes), size, last?.frontier ?? []);
    for (const leaf of leaves) builder.push(leaf);
    const root = builder.root();
    const text = checkpointText({ origin: originOf(signer.journal, chain), size: to, root });
    const checkpoint: StoredCheckpoint = {
      chain,
      size: to,
      root,
      at: clock.now(),
      frontier: builder.frontier(),
      note: noteOf(text, signer.sign(text)),
    };
    await seals.saveCheckpoint(checkpoint, builder.takeTiles());
    return checkpoint;
  }
}

export interface KeyDeps {
  readonly unitOfWork: UnitOfWork;
  readonly journal: JournalStore;
  readonly reader: EntryReader;
  readonly signer: NoteSigner;
  readonly clock: Clock;
}

const ENTRIES_MAX = 1_000;

/** Journals the public keys where they are not those that were journaled last: a key that comes or goes leaves an entry. */
export async function introduceKeys(deps: KeyDeps): Promise<boolean> {
  const { reader, signer, clock } = deps;
  let last: string | undefined;
  for (let after = 0; ;) {
    const page = await reader.entries({
      chain: HOUSE_CHAIN,
      after,
      to: Number.MAX_SAFE_INTEGER,
      limit: ENTRIES_MAX,
      disclosures: false,
      containing: '"type":"keys.introduced"',
    });
    const entry = page.at(-1);
    if (entry === undefined) break;
    last = entry.canonical;
    after = entry.sequence;
  }
  const body: KeysBody = { keys: signer.publicKeys };
  if (last !== undefined) {
    const known = JSON.parse(last) as { readonly body: KeysBody };
    if (known.body.keys.join('\n') === body.keys.join('\n')) return false;
  }
  const draft: EntryDraft = { type: 'keys.introduced', at: clock.now(), body, personal: {} };
  await deps.unitOfWork.run((tx) => deps.journal.append(tx, new Map([[HOUSE_CHAIN, [draft]]])));
  return true;
}
