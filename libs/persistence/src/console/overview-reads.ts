/** The overview's numbers in PostgreSQL: everything by the time at which holds were placed. */
import type { OverviewReads, OverviewTotals } from '#application';
import { integer } from '../integers.ts';
import { ENTRY_COLUMNS, entryOf, type JournalRow } from '../journal-store.ts';
import type { Statement, Transactions } from '../transactions.ts';
import { CASE_ID } from './queue.ts';

const SERIES: Statement = {
  name: 'overview.series',
  text: `SELECT b.at, count(h.hold_id) AS placed,
      count(*) FILTER (WHERE h.status = 'released') AS released,
      count(*) FILTER (WHERE h.status = 'cancelled') AS cancelled,
      count(*) FILTER (WHERE h.status = 'expired') AS expired
    FROM generate_series($1::bigint, $2::bigint - 1, $3::bigint) AS b (at)
    LEFT JOIN holds h ON h.placed_at >= b.at AND h.placed_at < b.at + $3::bigint
    GROUP BY b.at ORDER BY b.at`,
};
/*
 * Honest: labelled so, or sent on by the payer or staff after all. They waited from placing to the end. An order is unacknowledged when
 * the processor has confirmed no such order for more than a minute.
 */
const TOTALS: Statement = {
  name: 'overview.totals',
  text: `WITH placed AS (
      SELECT h.*, w.label, w.first_contact_at,
        row_number() OVER (PARTITION BY ${CASE_ID} ORDER BY h.placed_at, h.hold_id) AS number,
        (w.label = 'legitimate'
          OR (w.label IS NULL AND h.status = 'released' AND h.ended_actor IN ('payer', 'analyst'))) AS honest
      FROM holds h LEFT JOIN case_work w ON w.case_id = ${CASE_ID} WHERE h.placed_at >= $1)
    SELECT count(*) AS holds,
      count(*) FILTER (WHERE ended_at IS NULL) AS open,
      count(*) FILTER (WHERE tier = 'T2') AS "T2",
      count(*) FILTER (WHERE tier = 'T3') AS "T3",
      count(*) FILTER (WHERE tier = 'T4') AS "T4",
      count(*) FILTER (WHERE label = 'scam' AND number = 1) AS scams,
      count(*) FILTER (WHERE honest) AS honest,
      percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY (ended_at - placed_at) / 60000.0)
        FILTER (WHERE honest AND ended_at IS NOT NULL) AS honest_minutes,
      percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY (first_contact_at - placed_at) / 60000.0)
        FILTER (WHERE first_contact_at IS NOT NULL AND number = 1) AS contact_minutes,
      count(*) FILTER (WHERE ack_sequence IS DISTINCT FROM order_sequence
        AND coalesce(ended_at, placed_at) < $2::bigint - 60000) AS unacknowledged,
      count(*) FILTER (WHERE ack_result = 'too_late') AS too_late
    FROM placed`,
};
const PROTECTED: Statement = {
  name: 'overview.protected',
  text: `SELECT currency, sum(amount_minor)::bigint AS minor FROM holds
    WHERE placed_at >= $1 AND status IN ('cancelled', 'expired') AND ack_result IS DISTINCT FROM 'too_late'
    GROUP BY currency ORDER BY currency`,
};
const REASONS: Statement = {
  name: 'overview.reasons',
  text: `SELECT code, count(*) AS holds
    FROM holds h CROSS JOIN LATERAL jsonb_array_elements_text(h.reason_codes::jsonb) AS r (code)
    WHERE h.placed_at >= $1 AND code !~ '^(M[0-9]|CAP_)' GROUP BY code ORDER BY holds DESC, code LIMIT 40`,
};
const JOURNAL: Statement = {
  name: 'overview.journal',
  text: `SELECT ${ENTRY_COLUMNS} FROM journal j LEFT JOIN journal_disclosures d USING (chain, sequence)
    WHERE j.chain = $1 AND j.sequence < $2 ORDER BY j.sequence DESC LIMIT $3`,
};
const REFUSED: Statement = {
  name: 'overview.refused',
  text: `SELECT ${ENTRY_COLUMNS} FROM journal j LEFT JOIN journal_disclosures d USING (chain, sequence)
    WHERE j.type = 'record.refused' AND (j.at, j.chain, j.sequence) < ($1::bigint, $2::integer, $3::bigint)
    ORDER BY j.at DESC, j.chain DESC, j.sequence DESC LIMIT $4`,
};
const LATEST = { at: Number.MAX_SAFE_INTEGER, chain: 0, sequence: 0 };

interface TotalsRow {
  readonly holds: string;
  readonly open: string;
  readonly T2: string;
  readonly T3: string;
  readonly T4: string;
  readonly scams: string;
  readonly honest: string;
  readonly honest_minutes: readonly number[] | null;
  readonly contact_minutes: readonly number[] | null;
  readonly unacknowledged: string;
  readonly too_late: string;
}

function totalsOf(row: TotalsRow): OverviewTotals {
  const [honestMinutesMedian, honestMinutesP90] = row.honest_minutes ?? [];
  const [firstContactMinutesMedian, firstContactMinutesP90] = row.contact_minutes ?? [];
  return {
    holds: integer(row.holds),
    open: integer(row.open),
    T2: integer(row.T2),
    T3: integer(row.T3),
    T4: integer(row.T4),
    confirmedScams: integer(row.scams),
    honestHolds: integer(row.honest),
    ...(honestMinutesMedian === undefined ? {} : { honestMinutesMedian }),
    ...(honestMinutesP90 === undefined ? {} : { honestMinutesP90 }),
    ...(firstContactMinutesMedian === undefined ? {} : { firstContactMinutesMedian }),
    ...(firstContactMinutesP90 === undefined ? {} : { firstContactMinutesP90 }),
    unacknowledged: integer(row.unacknowledged),
    tooLate: integer(row.too_late),
  };
}

type SeriesRow = Record<'at' | 'placed' | 'released' | 'cancelled' | 'expired', string>;

export function makeOverviewReads(transactions: Transactions): OverviewReads {
  return {
    async series(from, to, bucketMs) {
      const { rows } = await transactions.query<SeriesRow>(SERIES, [from, to, bucketMs]);
      return rows.map(({ at, placed, released, cancelled, expired }) => ({
        at: integer(at),
        placed: integer(placed),
        released: integer(released),
        cancelled: integer(cancelled),
        expired: integer(expired),
      }));
    },
    async totals(from, now) {
      const { rows } = await transactions.query<TotalsRow>(TOTALS, [from, now]);
      const [row] = rows;
      if (row === undefined) throw new Error('an aggregate gave no row');
      return totalsOf(row);
    },
    async protectedMoney(from) {
      const { rows } = await transactions.query<{ currency: string; minor: string }>(PROTECTED, [
        from,
      ]);
      return rows.map(({ currency, minor }) => ({ currency, minor: integer(minor) }));
    },
    async reasons(from) {
      const { rows } = await transactions.query<{ code: string; holds: string }>(REASONS, [from]);
      return rows.map(({ code, holds }) => ({ code, holds: integer(holds) }));
    },
    async journal(chain, before, limit) {
      const { rows } = await transactions.query<JournalRow>(JOURNAL, [chain, before, limit]);
      return rows.map(entryOf);
    },
    async refused(limit, after = LATEST) {
      const values = [after.at, after.chain, after.sequence, limit];
      const { rows } = await transactions.query<JournalRow>(REFUSED, values);
      return rows.map(entryOf);
    },
  };
}
