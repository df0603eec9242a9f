/** The journal on the in-memory store. */
import { hash } from 'node:crypto';
import { InvariantBroken, PartitionsFenced, type JournalStore } from '#application';
import { NO_LEAF, sealEntries, type SealedEntry } from '#domain';
import type { EngineTables } from './store-engine.ts';
import { makeTable, type MemoryTransactions, type Table } from './store-transactions.ts';

interface StoredHead {
  readonly chain: number;
  readonly sequence: number;
  readonly leafHash: string;
}

export interface JournalTables {
  readonly entries: Table<SealedEntry>;
  readonly heads: Table<StoredHead>;
  readonly published: Table<number>;
}

export function makeJournalTables(): JournalTables {
  return {
    entries: makeTable((entry) => String(entry.chain)),
    heads: makeTable(),
    published: makeTable(),
  };
}

function digest(text: string, encoding: 'hex' | 'base64url'): string {
  return hash('sha256', text, encoding);
}

export function makeJournalStore(
  transactions: MemoryTransactions,
  tables: JournalTables,
  engine: EngineTables,
): JournalStore {
  let salts = 0;
  // Counted instead of drawn, so that a run with the same seed writes the same bytes.
  const salt = (): string =>
    hash('sha256', `salt ${(salts += 1)}`, 'buffer')
      .subarray(0, 16)
      .toString('base64url');
  return {
    // Locks of this store are granted at once.
    reserve: () => undefined,
    async append(tx, drafts) {
      const open = transactions.open(tx);
      const sealed = new Map<number, readonly SealedEntry[]>();
      for (const [chain, ofChain] of [...drafts].sort(([a], [b]) => a - b)) {
        if (ofChain.length === 0) continue;
        const key = String(chain);
        await open.lock(`chain:${key}`);
        const head = open.get(tables.heads, key) ?? { sequence: 0, leafHash: NO_LEAF };
        const entries = sealEntries(head, chain, ofChain, { digest, salt });
        for (const entry of entries) open.put(tables.entries, `${chain} ${entry.sequence}`, entry);
        const last = entries.at(-1);
        if (last !== undefined) {
          const { sequence, leafHash } = last;
          open.put(tables.heads, key, { chain, sequence, leafHash });
        }
        sealed.set(chain, entries);
      }
      return sealed;
    },
    async cursors(chains) {
      return chains.map((chain) => ({
        chain,
        head: tables.heads.rows.get(String(chain))?.sequence ?? 0,
        published: tables.published.rows.get(String(chain)) ?? 0,
      }));
    },
    async readAfter(chain, sequence, limit) {
      const entries: SealedEntry[] = [];
      for (let next = sequence + 1; entries.length < limit; next += 1) {
        const entry = tables.entries.rows.get(`${chain} ${next}`);
        if (entry === undefined) break;
        entries.push(entry);
      }
      return entries;
    },
    markPublished: (marks) =>
      transactions.run(async (tx) => {
        const open = transactions.open(tx);
        const fenced: number[] = [];
        for (const { chain, epoch, sequence } of marks) {
          const key = String(chain);
          const lease = open.group(engine.positions, key)[0];
          if (lease?.epoch !== epoch) {
            fenced.push(chain);
            continue;
          }
          if (sequence > (open.get(tables.heads, key)?.sequence ?? 0)) {
            throw new InvariantBroken('a chain cannot be published past its head');
          }
          const published = Math.max(open.get(tables.published, key) ?? 0, sequence);
          open.put(tables.published, key, published);
        }
        if (fenced.length > 0) throw new PartitionsFenced(fenced.sort((a, b) => a - b));
      }),
  };
}
