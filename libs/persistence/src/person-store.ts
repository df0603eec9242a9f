/** Finds and deletes what the database holds of one payer. */
import type { PersonStore, Restriction } from '#application';
import { integer } from './integers.ts';
import type { OpenTransaction, Statement, Transactions } from './transactions.ts';

const OPEN_HOLD: Statement = {
  name: 'persons.open_hold',
  text: `SELECT 1 FROM holds WHERE payer_id = $1 AND status IN ('placed', 'matured') LIMIT 1`,
};
const NEWEST: Statement = {
  name: 'persons.newest',
  text: `SELECT max(at) AS newest FROM (
      SELECT j.at FROM journal_disclosures d JOIN journal j USING (chain, sequence)
        WHERE d.payer_id = $1
      UNION ALL SELECT occurred_at FROM evidence WHERE payer_id = $1
      UNION ALL SELECT updated_at FROM profiles WHERE payer_id = $1
    ) known (at)`,
};
/** Every table of ours with such a column: whoever adds a table with a payer in it need not remember this file. */
const TABLES_WITH: Statement = {
  name: 'persons.tables',
  text: `SELECT c.relname AS table, a.attname AS column
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
      AND NOT c.relispartition AND NOT a.attisdropped
      AND (a.attname = 'payer_id' OR (c.relname = 'payee_activity' AND a.attname = 'payee_id'))
    ORDER BY 1, 2`,
};
const RESTRICTION: Statement = {
  name: 'persons.restriction',
  text: 'SELECT restriction_id, at, until FROM payer_restrictions WHERE payer_id = $1',
};
const RESTRICTED: Statement = {
  name: 'persons.restricted',
  text: 'SELECT payer_id FROM payer_restrictions WHERE payer_id = ANY ($1::text[])',
};
const RESTRICT: Statement = {
  name: 'persons.restrict',
  text: `INSERT INTO payer_restrictions (payer_id, restriction_id, at, until)
    VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
};
const UNRESTRICT: Statement = {
  name: 'persons.unrestrict',
  text: 'DELETE FROM payer_restrictions WHERE payer_id = $1',
};

interface RestrictionRow {
  readonly restriction_id: string;
  readonly at: string;
  readonly until: string | null;
}

function restrictionOf(row: RestrictionRow): Restriction {
  return {
    restrictionId: row.restriction_id,
    at: integer(row.at),
    ...(row.until === null ? {} : { until: integer(row.until) }),
  };
}

async function eraseEverywhere(
  open: OpenTransaction,
  payerId: string,
): Promise<{ entries: number; rows: number }> {
  const { rows: tables } = await open.query<{ table: string; column: string }>(TABLES_WITH, []);
  const erased = { entries: 0, rows: 0 };
  for (const { table, column } of tables) {
    const text = `DELETE FROM "${table}" WHERE "${column}" = $1`;
    const { count } = await open.query({ name: `persons.erase.${table}.${column}`, text }, [
      payerId,
    ]);
    erased[table === 'journal_disclosures' ? 'entries' : 'rows'] += count;
  }
  return erased;
}

export function makePersonStore(transactions: Transactions): PersonStore {
  return {
    async hasOpenHold(tx, payerId) {
      const { count } = await transactions.open(tx).query(OPEN_HOLD, [payerId]);
      return count > 0;
    },
    async known(tx, payerId) {
      const open = transactions.open(tx);
      const { rows } = await open.query<{ newest: string | null }>(NEWEST, [payerId]);
      const newest = rows[0]?.newest ?? null;
      return newest === null ? undefined : { newest: integer(newest) };
    },
    erase: (tx, payerId) => eraseEverywhere(transactions.open(tx), payerId),
    async restriction(payerId) {
      const { rows } = await transactions.query<RestrictionRow>(RESTRICTION, [payerId]);
      return rows[0] === undefined ? undefined : restrictionOf(rows[0]);
    },
    async restricted(payerIds) {
      if (payerIds.length === 0) return new Set();
      const { rows } = await transactions.query<{ payer_id: string }>(RESTRICTED, [payerIds]);
      return new Set(rows.map((row) => row.payer_id));
    },
    async restrict(tx, payerId, { restrictionId, at, until }) {
      const values = [payerId, restrictionId, at, until ?? null];
      await transactions.open(tx).query(RESTRICT, values);
    },
    async unrestrict(tx, payerId) {
      await transactions.open(tx).query(UNRESTRICT, [payerId]);
    },
  };
}
