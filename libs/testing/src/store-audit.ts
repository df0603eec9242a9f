/** Sealing's and the auditors' view of the in-memory journal. */
import type { EntryReader, SealStore, StoredCheckpoint, Tile } from '#application';
import { fromHex, type SealedEntry } from '#domain';
import type { JournalTables } from './store-journal.ts';

export function makeSealStore({ heads, entries }: JournalTables): SealStore {
  const checkpoints = new Map<number, StoredCheckpoint[]>();
  const tiles = new Map<string, Tile>();
  const ofChain = (chain: number): StoredCheckpoint[] => checkpoints.get(chain) ?? [];
  return {
    async chainEnds() {
      return [...heads.rows.values()]
        .sort((a, b) => a.chain - b.chain)
        .map(({ chain, sequence }) => {
          const sealed = ofChain(chain).at(-1);
          return { chain, head: sequence, ...(sealed === undefined ? {} : { sealed }) };
        });
    },
    async leaves(chain, after, to) {
      return sequencesOf(after, to).flatMap((sequence) => {
        const entry = entries.rows.get(`${chain} ${sequence}`);
        return entry === undefined ? [] : [fromHex(entry.leafHash)];
      });
    },
    async saveCheckpoint(checkpoint, more) {
      const { chain, size } = checkpoint;
      if (!ofChain(chain).some((one) => one.size === size)) {
        const sorted = [...ofChain(chain), checkpoint].sort((a, b) => a.size - b.size);
        checkpoints.set(chain, sorted);
      }
      for (const tile of more) tiles.set(`${chain} ${tile.height} ${tile.index}`, tile);
    },
    async tiles(chain, height, from, to) {
      const found = new Map<number, Uint8Array>();
      for (let index = from; index < to; index += 1) {
        const tile = tiles.get(`${chain} ${height} ${index}`);
        if (tile !== undefined) found.set(index, tile.hash);
      }
      return found;
    },
    async checkpointAt(chain, size) {
      return ofChain(chain).find((one) => one.size === size);
    },
    async checkpointOver(chain, size) {
      return ofChain(chain).find((one) => one.size >= size);
    },
  };
}

function sequencesOf(after: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - after) }, (_, index) => after + 1 + index);
}

export function makeEntryReader({ entries, heads }: JournalTables): EntryReader {
  const ofChain = (chain: number): SealedEntry[] =>
    sequencesOf(0, heads.rows.get(String(chain))?.sequence ?? 0).flatMap(
      (sequence) => entries.rows.get(`${chain} ${sequence}`) ?? [],
    );
  const shown = (entry: SealedEntry, disclosures: boolean): SealedEntry =>
    disclosures ? entry : { ...entry, disclosures: [] };
  return {
    async entries({ chain, after, to, limit, disclosures, containing = '' }) {
      return ofChain(chain)
        .filter(({ sequence }) => sequence > after && sequence <= to)
        .filter(({ canonical }) => canonical.includes(containing))
        .slice(0, limit)
        .map((entry) => shown(entry, disclosures));
    },
    async entriesAt(chain, sequences, disclosures) {
      return ofChain(chain)
        .filter(({ sequence }) => sequences.includes(sequence))
        .map((entry) => shown(entry, disclosures));
    },
    async writtenBetween(chain, from, to) {
      const written = ofChain(chain).filter(({ at }) => at >= from && at < to);
      const [first, last] = [written[0], written.at(-1)];
      if (first === undefined || last === undefined) return undefined;
      return { from: first.sequence, to: last.sequence };
    },
    async placesOfPayer(payerId) {
      return [...entries.rows.values()]
        .filter((entry) => entry.payerId === payerId && entry.disclosures.length > 0)
        .map(({ chain, sequence }) => ({ chain, sequence }))
        .sort((a, b) => a.chain - b.chain || a.sequence - b.sequence);
    },
    async decision(decisionId, payerId) {
      return [...entries.rows.values()].find(
        (entry) =>
          entry.type === 'decision.made' &&
          entry.canonical.includes(`"decisionId":${JSON.stringify(decisionId)}`) &&
          (payerId === undefined || entry.payerId === payerId),
      );
    },
  };
}
