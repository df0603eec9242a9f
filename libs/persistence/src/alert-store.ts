/** Alerts on their way. */
import type { AlertStore, TakenAlert } from '#application';
import { entryOf, type JournalRow } from './journal-store.ts';
import { integer } from './integers.ts';
import type { Transactions } from './transactions.ts';

/*
 * Entries of a chain become visible in order, because its head is locked while they are written: what was noted last is where to go on.
 * Alerts older than `since` are passed over only before the first one is noted.
 */
const COLLECT = {
  name: 'alerts.collect',
  text: `
    INSERT INTO alert_deliveries (chain, sequence, requested_at, next_at)
    SELECT new.chain, new.sequence, new.at, new.at
    FROM chain_heads h CROSS JOIN LATERAL (
      SELECT j.chain, j.sequence, j.at FROM journal j
      WHERE j.type = 'alert.requested' AND j.chain = h.chain AND j.at >= $1 AND j.sequence > coalesce(
        (SELECT d.sequence FROM alert_deliveries d WHERE d.chain = h.chain
          ORDER BY d.sequence DESC LIMIT 1), 0)
      ORDER BY j.sequence LIMIT $2
    ) new
    ON CONFLICT DO NOTHING`,
};

// Rows that another worker is taking are passed over.
const TAKE = {
  name: 'alerts.take',
  text: `
    WITH due AS MATERIALIZED (
      SELECT chain, sequence FROM alert_deliveries WHERE next_at <= $1
      ORDER BY next_at LIMIT $3 FOR UPDATE SKIP LOCKED
    ), taken AS (
      UPDATE alert_deliveries d SET attempts = d.attempts + 1, next_at = $1 + $2::bigint
      FROM due WHERE d.chain = due.chain AND d.sequence = due.sequence
      RETURNING d.chain, d.sequence, d.requested_at, d.attempts
    )
    SELECT j.chain, j.sequence, j.type, j.at, j.canonical, encode(j.leaf, 'hex') AS leaf,
      p.payer_id, p.disclosures, taken.requested_at, taken.attempts
    FROM taken JOIN journal j USING (chain, sequence)
      LEFT JOIN journal_disclosures p USING (chain, sequence)`,
};

const DELIVERED = {
  name: 'alerts.delivered',
  text: `UPDATE alert_deliveries SET delivered_at = $3, next_at = NULL
    WHERE chain = $1 AND sequence = $2 AND delivered_at IS NULL`,
};

const FAILED = {
  name: 'alerts.failed',
  text: `UPDATE alert_deliveries SET next_at = $3
    WHERE chain = $1 AND sequence = $2 AND delivered_at IS NULL`,
};

const RAISE = {
  name: 'alerts.raise',
  text: `UPDATE alert_deliveries SET raised_at = $2
    WHERE delivered_at IS NULL AND raised_at IS NULL AND requested_at <= $1`,
};

interface TakenRow extends JournalRow {
  readonly requested_at: string;
  readonly attempts: number;
}

export function makeAlertStore(transactions: Transactions): AlertStore {
  return {
    async collect(since, limit) {
      return (await transactions.query(COLLECT, [since, limit])).count;
    },
    async take(now, leaseMs, limit) {
      const { rows } = await transactions.query<TakenRow>(TAKE, [now, leaseMs, limit]);
      return rows.map((row): TakenAlert => ({
        chain: row.chain,
        sequence: integer(row.sequence),
        requestedAt: integer(row.requested_at),
        attempts: row.attempts,
        entry: entryOf(row),
      }));
    },
    async delivered({ chain, sequence }, at) {
      await transactions.query(DELIVERED, [chain, sequence, at]);
    },
    async failed({ chain, sequence }, nextAt) {
      await transactions.query(FAILED, [chain, sequence, nextAt ?? null]);
    },
    async raise(before, now) {
      return (await transactions.query(RAISE, [before, now])).count;
    },
  };
}
