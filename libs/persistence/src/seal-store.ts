/** Checkpoints and subtrees of the journal's trees. */
import type { ChainEnd, SealStore, StoredCheckpoint } from '#application';
import { integer } from './integers.ts';
import type { Statement, Transactions } from './transactions.ts';

const COLUMNS = 'chain, size, root, at, frontier, note';

const CHAIN_ENDS: Statement = {
  name: 'seals.chain_ends',
  text: `SELECT h.chain, h.sequence AS head, c.size, c.root, c.at, c.frontier, c.note
    FROM chain_heads h LEFT JOIN LATERAL (
      SELECT * FROM checkpoints WHERE chain = h.chain ORDER BY size DESC LIMIT 1
    ) c ON true
    ORDER BY h.chain`,
};
// One value instead of a row per leaf: thousands of leaves cost the driver as much as one.
const LEAVES: Statement = {
  name: 'seals.leaves',
  text: `SELECT string_agg(leaf, ''::bytea ORDER BY sequence) AS leaves
    FROM journal WHERE chain = $1 AND sequence > $2 AND sequence <= $3`,
};
const SAVE_CHECKPOINT: Statement = {
  name: 'seals.save_checkpoint',
  text: `INSERT INTO checkpoints (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT DO NOTHING`,
};
const SAVE_TILES: Statement = {
  name: 'seals.save_tiles',
  text: `INSERT INTO journal_tree (chain, height, position, hash)
    SELECT $1, height, position, hash
    FROM unnest($2::smallint[], $3::bigint[], $4::bytea[]) AS r (height, position, hash)
    ON CONFLICT DO NOTHING`,
};
const TILES: Statement = {
  name: 'seals.tiles',
  text: `SELECT position, hash FROM journal_tree
    WHERE chain = $1 AND height = $2 AND position >= $3 AND position < $4`,
};
const CHECKPOINT_AT: Statement = {
  name: 'seals.checkpoint_at',
  text: `SELECT ${COLUMNS} FROM checkpoints WHERE chain = $1 AND size = $2`,
};
const CHECKPOINT_OVER: Statement = {
  name: 'seals.checkpoint_over',
  text: `SELECT ${COLUMNS} FROM checkpoints WHERE chain = $1 AND size >= $2 ORDER BY size LIMIT 1`,
};

interface CheckpointRow {
  readonly chain: number;
  readonly size: string;
  readonly root: Buffer;
  readonly at: string;
  readonly frontier: Buffer;
  readonly note: string;
}

type EndRow = { readonly chain: number; readonly head: string } & (
  CheckpointRow | { readonly size: null }
);

const HASH_BYTES = 32;

function hashesOf(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length / HASH_BYTES }, (_, index) =>
    bytes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES),
  );
}

function checkpointOf(row: CheckpointRow): StoredCheckpoint {
  return {
    chain: row.chain,
    size: integer(row.size),
    root: row.root,
    at: integer(row.at),
    frontier: hashesOf(row.frontier),
    note: row.note,
  };
}

function endOf(row: EndRow): ChainEnd {
  const end = { chain: row.chain, head: integer(row.head) };
  return row.size === null ? end : { ...end, sealed: checkpointOf(row) };
}

export function makeSealStore(transactions: Transactions): SealStore {
  return {
    async chainEnds() {
      const { rows } = await transactions.query<EndRow>(CHAIN_ENDS, []);
      return rows.map(endOf);
    },
    async leaves(chain, after, to) {
      const { rows } = await transactions.query<{ leaves: Buffer | null }>(LEAVES, [
        chain,
        after,
        to,
      ]);
      return hashesOf(rows[0]?.leaves ?? Buffer.alloc(0));
    },
    async saveCheckpoint({ chain, size, root, at, frontier, note }, tiles) {
      await transactions.run(async (tx) => {
        const open = transactions.open(tx);
        const values = [chain, size, root, at, Buffer.concat(frontier), note];
        await Promise.all([
          tiles.length === 0
            ? undefined
            : open.query(SAVE_TILES, [
                chain,
                tiles.map((tile) => tile.height),
                tiles.map((tile) => tile.index),
                tiles.map((tile) => tile.hash),
              ]),
          open.query(SAVE_CHECKPOINT, values),
        ]);
      });
    },
    async tiles(chain, height, from, to) {
      const { rows } = await transactions.query<{ position: string; hash: Buffer }>(TILES, [
        chain,
        height,
        from,
        to,
      ]);
      return new Map(rows.map((row) => [integer(row.position), row.hash]));
    },
    async checkpointAt(chain, size) {
      const { rows } = await transactions.query<CheckpointRow>(CHECKPOINT_AT, [chain, size]);
      return rows[0] === undefined ? undefined : checkpointOf(rows[0]);
    },
    async checkpointOver(chain, size) {
      const { rows } = await transactions.query<CheckpointRow>(CHECKPOINT_OVER, [chain, size]);
      return rows[0] === undefined ? undefined : checkpointOf(rows[0]);
    },
  };
}
