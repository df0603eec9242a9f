/** Counts what of the journal's personal values is there, and what is gone. */
import type { RetentionStore } from '#application';
import { integer } from './integers.ts';
import type { Statement, Transactions } from './transactions.ts';

/** A pass over the journal: for a report that is asked for now and then, not for a hot path. */
const COUNT: Statement = {
  name: 'retention.count',
  text: `SELECT count(*) FILTER (WHERE d.chain IS NOT NULL) AS entries,
      min(j.at) FILTER (WHERE d.chain IS NOT NULL) AS oldest,
      count(*) FILTER (WHERE d.chain IS NOT NULL AND j.at < $2) AS overdue,
      count(*) FILTER (WHERE d.chain IS NULL AND j.at >= $3) AS early
    FROM journal j LEFT JOIN journal_disclosures d USING (chain, sequence)
    WHERE j.type = ANY ($1::text[]) AND position('"personal":{}' in j.canonical) = 0`,
};
const ERASED: Statement = {
  name: 'retention.erased',
  text: `SELECT coalesce(sum((canonical::json -> 'body' ->> 'entries')::bigint), 0) AS erased
    FROM journal WHERE chain = -1 AND type = 'payer.erased'`,
};

interface CountRow {
  readonly entries: string;
  readonly oldest: string | null;
  readonly overdue: string;
  readonly early: string;
}

export function makeRetentionStore(transactions: Transactions): RetentionStore {
  return {
    async count(types, { overdueBefore, keptSince }) {
      const values = [types, Math.floor(overdueBefore), Math.floor(keptSince)];
      const { rows } = await transactions.query<CountRow>(COUNT, values);
      const { entries = '0', oldest = null, overdue = '0', early = '0' } = rows[0] ?? {};
      return {
        entries: integer(entries),
        ...(oldest === null ? {} : { oldest: integer(oldest) }),
        overdue: integer(overdue),
        early: integer(early),
      };
    },
    async erasedEntries() {
      const { rows } = await transactions.query<{ erased: string }>(ERASED, []);
      return integer(rows[0]?.erased ?? 0);
    },
  };
}
