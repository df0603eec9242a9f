/** The journal: the only write path, and the publisher's cursor. */
import { hash, randomBytes } from 'node:crypto';
import {
  InvariantBroken,
  PartitionsFenced,
  type ChainCursor,
  type JournalStore,
} from '#application';
import {
  NO_LEAF,
  sealEntries,
  type ChainHead,
  type Disclosure,
  type EntryDraft,
  type EntryType,
  type SealedEntry,
} from '#domain';
import { integer } from './integers.ts';
import type { OpenTransaction, Transactions } from './transactions.ts';

const SALT_BYTES = 16;
const SALTS_DRAWN = 512;
/** Random bytes are drawn for many salts at once: each draw is a call into the system. */
let drawn = Buffer.alloc(0);

function salt(): string {
  if (drawn.length < SALT_BYTES) drawn = randomBytes(SALT_BYTES * SALTS_DRAWN);
  const bytes = drawn.subarray(0, SALT_BYTES);
  drawn = drawn.subarray(SALT_BYTES);
  return bytes.toString('base64url');
}

const SEALING = {
  digest: (text: string, encoding: 'hex' | 'base64url'): string => hash('sha256', text, encoding),
  salt,
};

// Locks all or, where one is missing, none: it is created first, so that nobody holds a later head and waits for an earlier one.
const LOCK_HEADS = {
  name: 'journal.lock_heads',
  text: `SELECT chain, sequence, encode(leaf, 'hex') AS leaf FROM chain_heads
    WHERE chain = ANY ($1::integer[])
      AND (SELECT count(*) FROM chain_heads WHERE chain = ANY ($1::integer[])) = cardinality($1)
    ORDER BY chain FOR UPDATE`,
};
const CREATE_HEADS = {
  name: 'journal.create_heads',
  text: `INSERT INTO chain_heads (chain, sequence, leaf, published)
    SELECT chain, 0, decode('${NO_LEAF}', 'hex'), 0 FROM unnest($1::integer[]) chain
    ORDER BY chain ON CONFLICT DO NOTHING`,
};
const INSERT = {
  name: 'journal.insert',
  text: `INSERT INTO journal (chain, sequence, type, at, canonical, leaf)
    SELECT chain, sequence, type, at, canonical, decode(leaf, 'hex')
    FROM unnest($1::integer[], $2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::text[])
      AS r (chain, sequence, type, at, canonical, leaf)`,
};
const INSERT_DISCLOSURES = {
  name: 'journal.insert_disclosures',
  text: `INSERT INTO journal_disclosures (chain, sequence, payer_id, disclosures)
    SELECT * FROM unnest($1::integer[], $2::bigint[], $3::text[], $4::text[])`,
};
const MOVE_HEADS = {
  name: 'journal.move_heads',
  text: `UPDATE chain_heads h SET sequence = r.sequence, leaf = decode(r.leaf, 'hex')
    FROM unnest($1::integer[], $2::bigint[], $3::text[]) AS r (chain, sequence, leaf)
    WHERE h.chain = r.chain`,
};

interface HeadRow {
  readonly chain: number;
  readonly sequence: string;
  readonly leaf: string;
}

async function lockHeads(
  transaction: OpenTransaction,
  chains: readonly number[],
): Promise<ReadonlyMap<number, ChainHead>> {
  let { rows } = await transaction.query<HeadRow>(LOCK_HEADS, [chains]);
  if (rows.length < chains.length) {
    const [, again] = await Promise.all([
      transaction.query(CREATE_HEADS, [chains]),
      transaction.query<HeadRow>(LOCK_HEADS, [chains]),
    ]);
    rows = again.rows;
  }
  return new Map(
    rows.map((row) => [row.chain, { sequence: integer(row.sequence), leafHash: row.leaf }]),
  );
}

/** Heads that are being locked, by transaction. */
const reserved = new WeakMap<
  OpenTransaction,
  { readonly chains: ReadonlySet<number>; readonly heads: Promise<ReadonlyMap<number, ChainHead>> }
>();

function reserve(transaction: OpenTransaction, chains: readonly number[]): void {
  const sorted = chains.toSorted((a, b) => a - b);
  const heads = lockHeads(transaction, sorted);
  // Told by `append`, or by the commit.
  heads.catch(() => undefined);
  reserved.set(transaction, { chains: new Set(sorted), heads });
}

function reservedHeads(
  transaction: OpenTransaction,
  chains: readonly number[],
): Promise<ReadonlyMap<number, ChainHead>> {
  const known = reserved.get(transaction);
  reserved.delete(transaction);
  const covers = known !== undefined && chains.every((chain) => known.chains.has(chain));
  return covers ? known.heads : lockHeads(transaction, chains);
}

async function append(
  transaction: OpenTransaction,
  drafts: ReadonlyMap<number, readonly EntryDraft[]>,
): Promise<ReadonlyMap<number, readonly SealedEntry[]>> {
  const chains = [...drafts]
    .filter(([, ofChain]) => ofChain.length > 0)
    .map(([chain]) => chain)
    .sort((a, b) => a - b);
  if (chains.length === 0) return new Map();
  const heads = await reservedHeads(transaction, chains);
  const sealed = new Map(
    chains.map((chain) => {
      const head = heads.get(chain) ?? { sequence: 0, leafHash: NO_LEAF };
      return [chain, sealEntries(head, chain, drafts.get(chain) ?? [], SEALING)];
    }),
  );
  await write(transaction, [...sealed.values()]);
  return sealed;
}

async function write(
  transaction: OpenTransaction,
  sealed: readonly (readonly SealedEntry[])[],
): Promise<void> {
  const entries = sealed.flat();
  const disclosed = entries.filter(
    (entry) => entry.disclosures.length > 0 || entry.payerId !== undefined,
  );
  const heads = sealed.flatMap((ofChain) => ofChain.at(-1) ?? []);
  await Promise.all([
    transaction.query(INSERT, [
      entries.map((entry) => entry.chain),
      entries.map((entry) => entry.sequence),
      entries.map((entry) => entry.type),
      entries.map((entry) => entry.at),
      entries.map((entry) => entry.canonical),
      entries.map((entry) => entry.leafHash),
    ]),
    transaction.query(INSERT_DISCLOSURES, [
      disclosed.map((entry) => entry.chain),
      disclosed.map((entry) => entry.sequence),
      disclosed.map((entry) => entry.payerId ?? null),
      disclosed.map((entry) => JSON.stringify(entry.disclosures)),
    ]),
    transaction.query(MOVE_HEADS, [
      heads.map((entry) => entry.chain),
      heads.map((entry) => entry.sequence),
      heads.map((entry) => entry.leafHash),
    ]),
  ]);
}

/** Of `journal j` with `journal_disclosures d`, as `entryOf` reads them. */
export const ENTRY_COLUMNS = `j.chain, j.sequence, j.type, j.at, j.canonical, encode(j.leaf, 'hex') AS leaf,
  d.payer_id, d.disclosures`;

const CURSORS = {
  name: 'journal.cursors',
  text: `SELECT chain, sequence, published FROM chain_heads WHERE chain = ANY ($1::integer[])`,
};
const READ_AFTER = {
  name: 'journal.read_after',
  text: `SELECT ${ENTRY_COLUMNS} FROM journal j LEFT JOIN journal_disclosures d USING (chain, sequence)
    WHERE j.chain = $1 AND j.sequence > $2 ORDER BY j.sequence LIMIT $3`,
};
/*
 * The epoch is read, not locked: whoever was fenced in the same moment has published these entries in order all the same, and
 * the cursor only moves forward. Heads are locked in order of chain, as `append` does.
 */
const MARK = {
  name: 'journal.mark_published',
  text: `
    WITH mine AS MATERIALIZED (
      SELECT r.chain, r.sequence
      FROM unnest($1::integer[], $2::bigint[], $3::bigint[]) AS r (chain, epoch, sequence)
      WHERE r.epoch = (SELECT max(p.epoch) FROM positions p WHERE p.partition = r.chain)
    ), locked AS MATERIALIZED (
      SELECT h.chain FROM chain_heads h WHERE h.chain IN (SELECT mine.chain FROM mine)
      ORDER BY h.chain FOR UPDATE
    ), moved AS (
      UPDATE chain_heads h SET published = mine.sequence FROM mine JOIN locked USING (chain)
      WHERE h.chain = mine.chain AND h.published < mine.sequence
    )
    SELECT mine.chain, coalesce(h.sequence, 0) AS head
    FROM mine LEFT JOIN chain_heads h USING (chain)`,
};

export interface JournalRow {
  readonly chain: number;
  readonly sequence: string;
  readonly type: EntryType;
  readonly at: string;
  readonly canonical: string;
  readonly leaf: string;
  readonly payer_id: string | null;
  readonly disclosures: string | null;
}

/** An entry as it was read. */
export function entryOf(row: JournalRow): SealedEntry {
  return {
    chain: row.chain,
    sequence: integer(row.sequence),
    type: row.type,
    at: integer(row.at),
    canonical: row.canonical,
    leafHash: row.leaf,
    disclosures: row.disclosures === null ? [] : (JSON.parse(row.disclosures) as Disclosure[]),
    ...(row.payer_id === null ? {} : { payerId: row.payer_id }),
  };
}

export function makeJournalStore(transactions: Transactions): JournalStore {
  return {
    reserve: (tx, chains) => reserve(transactions.open(tx), chains),
    append: (tx, drafts) => append(transactions.open(tx), drafts),
    async cursors(chains) {
      const { rows } = await transactions.query<{
        chain: number;
        sequence: string;
        published: string;
      }>(CURSORS, [chains]);
      return chains.map((chain): ChainCursor => {
        const row = rows.find((one) => one.chain === chain);
        const head = integer(row?.sequence ?? 0);
        return { chain, head, published: integer(row?.published ?? 0) };
      });
    },
    async readAfter(chain, sequence, limit) {
      const values = [chain, sequence, limit];
      const { rows } = await transactions.query<JournalRow>(READ_AFTER, values);
      return rows.map(entryOf);
    },
    async markPublished(marks) {
      if (marks.length === 0) return;
      await transactions.run((tx) => markPublished(transactions.open(tx), marks));
    },
  };
}

type Mark = Parameters<JournalStore['markPublished']>[0][number];

async function markPublished(transaction: OpenTransaction, marks: readonly Mark[]): Promise<void> {
  const { rows } = await transaction.query<{ chain: number; head: string }>(MARK, [
    marks.map((mark) => mark.chain),
    marks.map((mark) => mark.epoch),
    marks.map((mark) => mark.sequence),
  ]);
  const heads = new Map(rows.map((row) => [row.chain, integer(row.head)]));
  const fenced = marks.map((mark) => mark.chain).filter((chain) => !heads.has(chain));
  if (fenced.length > 0) throw new PartitionsFenced(fenced.toSorted((a, b) => a - b));
  if (marks.some((mark) => mark.sequence > (heads.get(mark.chain) ?? 0))) {
    throw new InvariantBroken('a chain cannot be published past its head');
  }
}
