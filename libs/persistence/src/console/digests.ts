/** Digests of holds, read from the journal: what the decision behind each of them said. */
import type { CaseDesk, HoldDigest } from '#application';
import { integer } from '../integers.ts';
import { ENTRY_COLUMNS, entryOf, type JournalRow } from '../journal-store.ts';
import type { OpenTransaction, Statement, Transactions } from '../transactions.ts';

const HEADS: Statement = {
  name: 'digests.heads',
  text: `SELECT h.chain, h.sequence AS head, coalesce(p.sequence, 0) AS digested
    FROM chain_heads h LEFT JOIN digest_positions p USING (chain) ORDER BY h.chain`,
};
const ENTRIES: Statement = {
  name: 'digests.entries',
  text: `SELECT ${ENTRY_COLUMNS} FROM journal j LEFT JOIN journal_disclosures d USING (chain, sequence)
    WHERE j.chain = $1 AND j.sequence > $2 AND j.sequence <= $2 + $3
      AND (j.type LIKE 'hold.%' OR (j.type = 'decision.made' AND j.canonical LIKE '%"outcome":"hold"%'))
    ORDER BY j.sequence`,
};
const REACHED: Statement = {
  name: 'digests.reached',
  text: `SELECT least(sequence, $2::bigint) AS up_to FROM chain_heads WHERE chain = $1`,
};
const KEEP: Statement = {
  name: 'digests.keep',
  text: `INSERT INTO hold_digests AS old (hold_id, score, lenders)
    SELECT $1, $2::integer, $3::text[]
    ON CONFLICT (hold_id) DO UPDATE SET score = coalesce(excluded.score, old.score),
      lenders = CASE WHEN excluded.score IS NULL THEN old.lenders ELSE excluded.lenders END`,
};
const ADVANCE: Statement = {
  name: 'digests.advance',
  text: `INSERT INTO digest_positions AS old (chain, sequence) VALUES ($1, $2)
    ON CONFLICT (chain) DO UPDATE SET sequence = greatest(old.sequence, excluded.sequence)`,
};

async function keep(
  transaction: OpenTransaction,
  chain: number,
  digests: readonly HoldDigest[],
  upTo: number,
): Promise<void> {
  // First, and held to the end: two consoles that digest the same chain do so one after the other.
  await transaction.query(ADVANCE, [chain, upTo]);
  for (const { holdId, score, lenders } of digests) {
    await transaction.query(KEEP, [holdId, score ?? null, lenders]);
  }
}

export function makeDigests(
  transactions: Transactions,
): Pick<CaseDesk, 'heads' | 'holdEntries' | 'keepDigests'> {
  return {
    async heads() {
      const { rows } = await transactions.query<{ chain: number; head: string; digested: string }>(
        HEADS,
        [],
      );
      return rows.map(({ chain, head, digested }) => ({
        chain,
        head: integer(head),
        digested: integer(digested),
      }));
    },
    async holdEntries(chain, after, limit) {
      // The end is read first: what is appended between the two statements is read the next time.
      const reached = await transactions.query<{ up_to: string }>(REACHED, [chain, after + limit]);
      const upTo = Math.max(after, integer(reached.rows[0]?.up_to ?? after));
      const { rows } = await transactions.query<JournalRow>(ENTRIES, [chain, after, upTo - after]);
      return { entries: rows.map(entryOf), upTo };
    },
    keepDigests: (chain, digests, upTo) =>
      transactions.run((tx) => keep(transactions.open(tx), chain, digests, upTo)),
  };
}
