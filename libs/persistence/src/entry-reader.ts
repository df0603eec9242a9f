/** The journal read for audits: in pages, by time, by person, by decision. */
import type { EntryReader } from '#application';
import type { Disclosure, EntryType, SealedEntry } from '#domain';
import { integer } from './integers.ts';
import type { Statement, Transactions } from './transactions.ts';

/** One statement per shape, so that each keeps the plan that suits it. */
function entriesStatement(disclosures: boolean, containing: boolean): Statement {
  const [columns, join] = disclosures
    ? ['d.payer_id, d.disclosures', 'LEFT JOIN journal_disclosures d USING (chain, sequence)']
    : ['NULL AS payer_id, NULL AS disclosures', ''];
  return {
    name: `entries.page${disclosures ? '.disclosures' : ''}${containing ? '.containing' : ''}`,
    text: `SELECT j.chain, j.sequence, j.type, j.at, j.canonical, j.leaf, ${columns}
      FROM journal j ${join}
      WHERE j.chain = $1 AND j.sequence > $2 AND j.sequence <= $3
        ${containing ? 'AND position($5::text in j.canonical) > 0' : ''}
      ORDER BY j.sequence LIMIT $4`,
  };
}

const ENTRIES_AT: Statement = {
  name: 'entries.at',
  text: `SELECT j.chain, j.sequence, j.type, j.at, j.canonical, j.leaf, d.payer_id, d.disclosures
    FROM journal j LEFT JOIN journal_disclosures d USING (chain, sequence)
    WHERE j.chain = $1 AND j.sequence = ANY ($2::bigint[]) ORDER BY j.sequence`,
};
const WRITTEN_BETWEEN: Statement = {
  name: 'entries.written_between',
  text: `SELECT min(sequence) AS first, max(sequence) AS last
    FROM journal WHERE chain = $1 AND at >= $2 AND at < $3`,
};
const PLACES_OF_PAYER: Statement = {
  name: 'entries.places_of_payer',
  text: `SELECT chain, sequence FROM journal_disclosures WHERE payer_id = $1
    ORDER BY chain, sequence`,
};
const DECISION: Statement = {
  name: 'entries.decision',
  text: `SELECT j.chain, j.sequence, j.type, j.at, j.canonical, j.leaf, d.payer_id, d.disclosures
    FROM journal j LEFT JOIN journal_disclosures d USING (chain, sequence)
    WHERE j.type = 'decision.made' AND position($1::text in j.canonical) > 0
      AND ($2::text IS NULL OR d.payer_id = $2) LIMIT 1`,
};

interface EntryRow {
  readonly chain: number;
  readonly sequence: string;
  readonly type: EntryType;
  readonly at: string;
  readonly canonical: string;
  readonly leaf: Buffer;
  readonly payer_id: string | null;
  readonly disclosures: string | null;
}

function entryOf(row: EntryRow): SealedEntry {
  return {
    chain: row.chain,
    sequence: integer(row.sequence),
    type: row.type,
    at: integer(row.at),
    canonical: row.canonical,
    leafHash: row.leaf.toString('hex'),
    disclosures: row.disclosures === null ? [] : (JSON.parse(row.disclosures) as Disclosure[]),
    ...(row.payer_id === null ? {} : { payerId: row.payer_id }),
  };
}

export function makeEntryReader(transactions: Transactions): EntryReader {
  return {
    async entries({ chain, after, to, limit, disclosures, containing }) {
      const { rows } = await transactions.query<EntryRow>(
        entriesStatement(disclosures, containing !== undefined),
        [chain, after, to, limit, ...(containing === undefined ? [] : [containing])],
      );
      return rows.map(entryOf);
    },
    async entriesAt(chain, sequences, disclosures) {
      const { rows } = await transactions.query<EntryRow>(ENTRIES_AT, [chain, sequences]);
      return rows.map((row) => entryOf(disclosures ? row : { ...row, disclosures: null }));
    },
    async writtenBetween(chain, from, to) {
      const { rows } = await transactions.query<{ first: string | null; last: string | null }>(
        WRITTEN_BETWEEN,
        [chain, from, to],
      );
      const { first = null, last = null } = rows[0] ?? {};
      if (first === null || last === null) return undefined;
      return { from: integer(first), to: integer(last) };
    },
    async placesOfPayer(payerId) {
      const { rows } = await transactions.query<{ chain: number; sequence: string }>(
        PLACES_OF_PAYER,
        [payerId],
      );
      return rows.map((row) => ({ chain: row.chain, sequence: integer(row.sequence) }));
    },
    async decision(decisionId, payerId) {
      const { rows } = await transactions.query<EntryRow>(DECISION, [
        `"decisionId":${JSON.stringify(decisionId)}`,
        payerId ?? null,
      ]);
      return rows[0] === undefined ? undefined : entryOf(rows[0]);
    },
  };
}
