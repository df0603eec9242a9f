/** What is known of payees across payers: points in time, read by payee and followed by partition (SCORING PY3). */
import type { PayeeRequest, PayeeTurns, TurnedSubject } from '#application';
import {
  PAYEE_ACTIVITY_MS,
  POINTS_PER_PAYER_MAX,
  type PayeeActivity,
  type PayeeActivityChange,
  type PayeeActivityKind,
  type PayeeNumbers,
} from '#domain';
import { integer } from './integers.ts';
import type { OpenTransaction } from './transactions.ts';

/** As numbered in the schema. */
const WHAT: Readonly<Record<PayeeActivityKind, number>> = { attempt: 0, cash_out: 1 };

// Only what is not there: a repeat must not look like news to those who follow.
const ADD = {
  name: 'payees.add_activity',
  text: `
    INSERT INTO payee_activity (payee_id, what, at, payer_id)
    SELECT * FROM unnest($1::text[], $2::smallint[], $3::bigint[], $4::text[])
    ON CONFLICT DO NOTHING`,
};
const REMOVE = {
  name: 'payees.remove_activity',
  text: `
    DELETE FROM payee_activity a
    USING unnest($1::text[], $2::smallint[], $3::bigint[], $4::text[]) AS r (payee_id, what, at, payer_id)
    WHERE a.payee_id = r.payee_id AND a.what = r.what AND a.at = r.at AND a.payer_id = r.payer_id`,
};

/** Rows of one payer are written by the payer's own partition alone: nobody waits for anybody but a zombie. */
export async function savePayeeActivity(
  transaction: OpenTransaction,
  { added, gone }: PayeeActivityChange,
): Promise<void> {
  const write = async (statement: typeof ADD, points: readonly PayeeActivity[]): Promise<void> => {
    if (points.length === 0) return;
    // Sorted, so that a zombie's transaction and ours do not wait for each other.
    const rows = points.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    await transaction.query(statement, [
      rows.map((row) => row.payeeId),
      rows.map((row) => WHAT[row.kind]),
      rows.map((row) => row.at),
      rows.map((row) => row.payerId),
    ]);
  };
  await Promise.all([write(REMOVE, gone), write(ADD, added)]);
}

function keyOf({ payeeId, kind, at, payerId }: PayeeActivity): string {
  return `${payeeId}\n${kind}\n${at}\n${payerId}`;
}

/*
 * Within a day of a moment, on either side, lie at most six points of each payer: so many entries times the payers to be counted hold
 * enough of them, however many there are.
 */
const numbersOf = (request: string, countTo: string): string => `
  CROSS JOIN LATERAL (
    SELECT least(count(DISTINCT few.payer_id), ${countTo})::integer AS payers FROM (
      SELECT a.payer_id FROM payee_activity a
      WHERE a.payee_id = ${request}.payee_id AND a.what = ${WHAT.attempt}
        AND a.at > ${request}.at - ${PAYEE_ACTIVITY_MS}
        AND a.at < ${request}.at + ${PAYEE_ACTIVITY_MS}
        AND a.payer_id <> ${request}.payer_id
      LIMIT ${POINTS_PER_PAYER_MAX} * ${countTo}) few) counted
  CROSS JOIN LATERAL (
    SELECT EXISTS (
      SELECT 1 FROM payee_activity a
      WHERE a.payee_id = ${request}.payee_id AND a.what = ${WHAT.cash_out}
        AND a.at > ${request}.at - ${PAYEE_ACTIVITY_MS}
        AND a.at < ${request}.at + ${PAYEE_ACTIVITY_MS}) AS cash_out) leaving`;

const NUMBERS = {
  name: 'payees.numbers',
  text: `
    SELECT counted.payers, leaving.cash_out,
      (extract(epoch FROM statement_timestamp()) * 1000)::bigint AS read_at
    FROM unnest($1::text[], $2::text[], $3::bigint[]) WITH ORDINALITY
      AS r (payee_id, payer_id, at, ord)
    ${numbersOf('r', '$4::integer')}
    ORDER BY r.ord`,
};

interface NumbersRow {
  readonly payers: number;
  readonly cash_out: boolean;
  readonly read_at: string;
}

/** Payee numbers in the order of the requests. */
export async function readPayeeNumbers(
  transaction: OpenTransaction,
  requests: readonly PayeeRequest[],
  countTo: number,
): Promise<readonly PayeeNumbers[]> {
  if (requests.length === 0) return [];
  const { rows } = await transaction.query<NumbersRow>(NUMBERS, [
    requests.map((request) => request.payeeId),
    requests.map((request) => request.payerId),
    requests.map((request) => request.at),
    countTo,
  ]);
  return rows.map((row) => ({
    readAt: integer(row.read_at),
    newPayers24h: row.payers,
    fastCashOut: row.cash_out,
  }));
}

/** Changes read at once, and subjects returned at once. */
const CHANGES_MAX = 2_000;
const TURNED_MAX = 200;

/*
 * What was committed since: ids of transactions are given in no order of commits, but below the horizon all are over. A follower that
 * comes from another cluster's ids begins anew. Payees whom too few pay are dropped before anybody's transfers are looked up.
 */
const TURNS = {
  name: 'payees.turns',
  text: `
    WITH place AS MATERIALIZED (
      SELECT CASE WHEN asked.read_to <= pg_snapshot_xmax(now.snapshot)::text::bigint
          THEN asked.read_to ELSE 0 END AS read_to,
        pg_snapshot_xmin(now.snapshot)::text::bigint AS horizon
      FROM (
        SELECT coalesce(min(coalesce(f.read_to, 0)), 0) AS read_to
        FROM unnest($1::integer[]) p LEFT JOIN payee_followers f ON f.partition = p) asked
      CROSS JOIN (SELECT pg_current_snapshot() AS snapshot) now
    ), page AS MATERIALIZED (
      SELECT a.txid, a.payee_id, a.what, a.at FROM payee_activity a
      WHERE a.txid >= (SELECT read_to FROM place) AND a.txid < (SELECT horizon FROM place)
      ORDER BY a.txid LIMIT ${CHANGES_MAX}
    ), changed AS MATERIALIZED (
      SELECT payee_id, bool_or(what = ${WHAT.cash_out}) AS cash_out,
        min(at) - ${PAYEE_ACTIVITY_MS} AS from_at, max(at) + ${PAYEE_ACTIVITY_MS} AS to_at
      FROM page GROUP BY payee_id
    ), turned AS MATERIALIZED (
      SELECT s.partition, s.payer_id, s.source, s.subject_id, s.requested_at FROM changed c
      CROSS JOIN LATERAL (
        SELECT count(DISTINCT near.payer_id) AS payers, count(*) AS points FROM (
          SELECT a.payer_id FROM payee_activity a
          WHERE a.payee_id = c.payee_id AND a.what = ${WHAT.attempt}
            AND a.at > c.from_at - ${PAYEE_ACTIVITY_MS} AND a.at < c.to_at + ${PAYEE_ACTIVITY_MS}
          LIMIT ${POINTS_PER_PAYER_MAX} * $2::integer) near) crowd
      CROSS JOIN LATERAL (
        SELECT s.*, s.watched_payee AS payee_id, s.requested_at AS at FROM subjects s
        WHERE s.watched_payee = c.payee_id AND s.requested_at > c.from_at
          AND s.requested_at < c.to_at AND s.partition = ANY ($1::integer[])
          AND (c.cash_out OR crowd.payers >= $2::integer
            OR crowd.points = ${POINTS_PER_PAYER_MAX} * $2::integer)
        OFFSET 0) s
      ${numbersOf('s', '$2::integer')}
      WHERE leaving.cash_out OR counted.payers >= $2::integer
      LIMIT ${TURNED_MAX}
    )
    SELECT read.changes, read.read_to, t.*
    FROM (
      SELECT count(*)::integer AS changes,
        CASE WHEN count(*) < ${CHANGES_MAX} THEN (SELECT horizon FROM place)
          ELSE max(page.txid) END AS read_to
      FROM page) read
    LEFT JOIN turned t ON true`,
};

interface TurnRow {
  readonly changes: number;
  readonly read_to: string;
  readonly partition: number | null;
  readonly payer_id: string;
  readonly source: string;
  readonly subject_id: string;
  readonly requested_at: string;
}

export async function readPayeeTurns(
  transaction: OpenTransaction,
  partitions: readonly number[],
  newPayers: number,
): Promise<PayeeTurns> {
  const { rows } = await transaction.query<TurnRow>(TURNS, [partitions, newPayers]);
  const subjects = rows.flatMap((row): TurnedSubject[] =>
    row.partition === null
      ? []
      : [
          {
            partition: row.partition,
            payerId: row.payer_id,
            subject: { source: row.source, kind: 'transfer', id: row.subject_id },
            requestedAt: integer(row.requested_at),
          },
        ],
  );
  const changes = rows[0]?.changes ?? 0;
  // Where not all subjects are returned, those that are will not be next time.
  const isAll = subjects.length < TURNED_MAX;
  return {
    subjects,
    ...(isAll && changes > 0 ? { readTo: integer(rows[0]?.read_to ?? 0) } : {}),
    more: !isAll || changes === CHANGES_MAX,
  };
}

const KEEP = {
  name: 'payees.keep_followers',
  text: `
    INSERT INTO payee_followers AS old (partition, read_to)
    SELECT p, $2::bigint FROM unnest($1::integer[]) p ORDER BY p
    ON CONFLICT (partition) DO UPDATE SET read_to = excluded.read_to`,
};
const UNWATCH = {
  name: 'payees.unwatch',
  text: `
    WITH turned AS MATERIALIZED (
      SELECT s.source, s.kind, s.subject_id
      FROM unnest($1::text[], $2::text[]) AS r (source, subject_id)
      JOIN subjects s ON s.source = r.source AND s.kind = 'transfer' AND s.subject_id = r.subject_id
      ORDER BY s.source, s.kind, s.subject_id FOR UPDATE OF s
    )
    UPDATE subjects s SET watched_payee = NULL FROM turned t
    WHERE s.source = t.source AND s.kind = t.kind AND s.subject_id = t.subject_id`,
};

export async function keepPayeeTurns(
  transaction: OpenTransaction,
  partitions: readonly number[],
  { subjects, readTo }: PayeeTurns,
): Promise<void> {
  await Promise.all([
    subjects.length === 0
      ? undefined
      : transaction.query(UNWATCH, [
          subjects.map(({ subject }) => subject.source),
          subjects.map(({ subject }) => subject.id),
        ]),
    readTo === undefined ? undefined : transaction.query(KEEP, [partitions, readTo]),
  ]);
}
