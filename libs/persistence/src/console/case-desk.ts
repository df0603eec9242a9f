/** Cases as operations work on them, in PostgreSQL. */
import { TransientFault, type CaseDesk, type OtherPayer, type PayerProfile } from '#application';
import type { CaseWork, PlatformEvent } from '#domain';
import { integer } from '../integers.ts';
import { ENTRY_COLUMNS, entryOf, type JournalRow } from '../journal-store.ts';
import type { Statement, Transactions } from '../transactions.ts';
import { makeDigests } from './digests.ts';
import {
  CASE_ID,
  QUEUE_SELECT,
  queueRowOf,
  readCounts,
  readQueue,
  workOf,
  type StoredQueueRow,
  type StoredWork,
} from './queue.ts';

const CASE_HOLDS_MAX = 200;
const ENTRIES_MAX = 2_000;
const EVIDENCE_MAX = 1_000;

const HOLDS_OF_CASE: Statement = {
  name: 'cases.holds',
  text: `${QUEUE_SELECT}
    WHERE h.case_id = $1 OR (h.hold_id = $1 AND h.case_id IS NULL)
    ORDER BY h.placed_at, h.hold_id LIMIT ${CASE_HOLDS_MAX}`,
};
const FORMER: Statement = {
  name: 'cases.former',
  text: `${QUEUE_SELECT}
    WHERE h.payer_id = $1 AND ${CASE_ID} <> $2
    ORDER BY h.placed_at DESC LIMIT ${CASE_HOLDS_MAX}`,
};
const WORK_COLUMNS = `case_id, payer_id, partition, assignee, lock_by, lock_until, label, escalated_at,
  first_contact_at, version`;
const LOCK_WORK: Statement = {
  name: 'cases.lock_work',
  text: `SELECT case_id AS work_case_id, ${WORK_COLUMNS} FROM case_work WHERE case_id = $1 FOR UPDATE`,
};
const FIRST_HOLD: Statement = {
  name: 'cases.first_hold',
  text: `SELECT payer_id, partition FROM holds
    WHERE case_id = $1 OR (hold_id = $1 AND case_id IS NULL) LIMIT 1`,
};
const WORK: Statement = {
  name: 'cases.work',
  text: `SELECT case_id AS work_case_id, ${WORK_COLUMNS} FROM case_work WHERE case_id = ANY ($1::text[])`,
};
const SAVE_WORK: Statement = {
  name: 'cases.save_work',
  text: `INSERT INTO case_work AS old (${WORK_COLUMNS})
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (case_id) DO UPDATE SET assignee = excluded.assignee, lock_by = excluded.lock_by,
      lock_until = excluded.lock_until, label = excluded.label, escalated_at = excluded.escalated_at,
      first_contact_at = excluded.first_contact_at, version = excluded.version
    WHERE old.version = excluded.version - 1`,
};
const CASE_OF_HOLD: Statement = {
  name: 'cases.of_hold',
  text: `SELECT ${CASE_ID} AS case_id FROM holds h WHERE h.hold_id = $1`,
};
const ENTRIES: Statement = {
  name: 'cases.entries',
  text: `SELECT * FROM (
      SELECT ${ENTRY_COLUMNS} FROM journal_disclosures d JOIN journal j USING (chain, sequence)
      WHERE d.payer_id = $1 AND j.at >= $2 ORDER BY j.at DESC, j.sequence DESC LIMIT ${ENTRIES_MAX}) e
    ORDER BY chain, sequence`,
};
const EVIDENCE: Statement = {
  name: 'cases.evidence',
  text: `SELECT data FROM (
      SELECT e.data, e.occurred_at, e.source, e.event_id FROM evidence e
      WHERE e.partition = $1 AND e.payer_id = $2 AND e.occurred_at BETWEEN $3 AND $4
      ORDER BY e.occurred_at DESC, e.source DESC, e.event_id DESC LIMIT ${EVIDENCE_MAX}) newest
    ORDER BY occurred_at, source, event_id`,
};
const PROFILE: Statement = {
  name: 'cases.profile',
  text: 'SELECT data FROM profiles WHERE payer_id = $1',
};
const OTHERS: Statement = {
  name: 'cases.others',
  // At most fifty payers, and of each what it sent to the payee since then: the window's index is skipped through by partition.
  text: `SELECT a.payee_id, a.payer_id, a.last_at, sent.minor, open.holds, open.case_id
    FROM (
      SELECT payee_id, payer_id, max(at) AS last_at FROM payee_activity
      WHERE payee_id = ANY ($1::text[]) AND what = 0 AND at >= $3 AND payer_id <> $2
      GROUP BY payee_id, payer_id ORDER BY max(at) DESC LIMIT 50) a
    CROSS JOIN LATERAL (
      SELECT coalesce(sum((e.data::json #>> '{amount,minor}')::bigint), 0)::bigint AS minor
      FROM evidence e
      WHERE e.payer_id = a.payer_id AND e.payee_id = a.payee_id AND e.occurred_at >= $3
        AND e.kind = 'transfer.requested') sent
    CROSS JOIN LATERAL (
      SELECT count(*) AS holds, min(${CASE_ID}) AS case_id
      FROM holds h
      WHERE h.payer_id = a.payer_id AND h.payee_id = a.payee_id AND h.status IN ('placed', 'matured')) open
    ORDER BY a.last_at DESC`,
};
const VIEWS: Statement = {
  name: 'cases.views',
  text: 'SELECT view_id, name, filter FROM saved_views WHERE user_id = $1 ORDER BY name, view_id LIMIT 100',
};
const SAVE_VIEW: Statement = {
  name: 'cases.save_view',
  text: 'INSERT INTO saved_views (user_id, view_id, name, filter) VALUES ($1, $2, $3, $4)',
};
const DELETE_VIEW: Statement = {
  name: 'cases.delete_view',
  text: 'DELETE FROM saved_views WHERE user_id = $1 AND view_id = $2',
};
interface OtherRow {
  readonly payee_id: string;
  readonly payer_id: string;
  readonly last_at: string;
  readonly minor: string;
  readonly holds: string;
  readonly case_id: string | null;
}

function otherOf(row: OtherRow): OtherPayer {
  return {
    payeeId: row.payee_id,
    payerId: row.payer_id,
    lastAt: integer(row.last_at),
    minor: integer(row.minor),
    openHolds: integer(row.holds),
    ...(row.case_id === null ? {} : { caseId: row.case_id }),
  };
}

/** A case without a row yet is that of its first hold, with nothing done about it. */
async function lockCase(
  transactions: Transactions,
  ...[tx, caseId]: Parameters<CaseDesk['lockCase']>
): Promise<CaseWork | undefined> {
  const open = transactions.open(tx);
  const { rows } = await open.query<StoredWork>(LOCK_WORK, [caseId]);
  if (rows[0] !== undefined) return workOf(rows[0]);
  const first = await open.query<{ payer_id: string; partition: number }>(FIRST_HOLD, [caseId]);
  const [hold] = first.rows;
  if (hold === undefined) return undefined;
  return { caseId, payerId: hold.payer_id, partition: hold.partition, version: 0 };
}

async function saveWork(
  transactions: Transactions,
  ...[tx, work]: Parameters<CaseDesk['saveWork']>
): Promise<void> {
  const { count } = await transactions
    .open(tx)
    .query(SAVE_WORK, [
      work.caseId,
      work.payerId,
      work.partition,
      work.assignee ?? null,
      work.lock?.by ?? null,
      work.lock?.until ?? null,
      work.label ?? null,
      work.escalatedAt ?? null,
      work.firstContactAt ?? null,
      work.version,
    ]);
  if (count === 0) throw new TransientFault('database: somebody else has just changed the case');
}

export function makeCaseDesk(transactions: Transactions): CaseDesk {
  const queueRows = async (statement: Statement, values: readonly string[]) => {
    const { rows } = await transactions.query<StoredQueueRow>(statement, values);
    return rows.map(queueRowOf);
  };
  return {
    ...makeDigests(transactions),
    queue: (query) => readQueue(transactions, query),
    counts: (userId, now) => readCounts(transactions, userId, now),
    holdsOfCase: (caseId) => queueRows(HOLDS_OF_CASE, [caseId]),
    formerHolds: (payerId, caseId) => queueRows(FORMER, [payerId, caseId]),
    lockCase: (tx, caseId) => lockCase(transactions, tx, caseId),
    saveWork: (tx, work) => saveWork(transactions, tx, work),
    async work(caseIds) {
      const { rows } = await transactions.query<StoredWork>(WORK, [caseIds]);
      return rows.map(workOf);
    },
    async caseOfHold(holdId) {
      const { rows } = await transactions.query<{ case_id: string }>(CASE_OF_HOLD, [holdId]);
      return rows[0]?.case_id;
    },
    async entriesOfPayer(payerId, from) {
      const { rows } = await transactions.query<JournalRow>(ENTRIES, [payerId, from]);
      return rows.map(entryOf);
    },
    async evidence(partition, payerId, from, to) {
      const values = [partition, payerId, from, to];
      const { rows } = await transactions.query<{ data: string }>(EVIDENCE, values);
      return rows.map((row) => JSON.parse(row.data) as PlatformEvent);
    },
    async profile(payerId) {
      const { rows } = await transactions.query<{ data: string }>(PROFILE, [payerId]);
      return rows[0] === undefined ? undefined : (JSON.parse(rows[0].data) as PayerProfile);
    },
    async otherPayers(payeeIds, payerId, from) {
      if (payeeIds.length === 0) return [];
      const { rows } = await transactions.query<OtherRow>(OTHERS, [payeeIds, payerId, from]);
      return rows.map(otherOf);
    },
    async views(userId) {
      const { rows } = await transactions.query<{ view_id: string; name: string; filter: string }>(
        VIEWS,
        [userId],
      );
      return rows.map(({ view_id: viewId, name, filter }) => ({ viewId, name, filter }));
    },
    async saveView(userId, { viewId, name, filter }) {
      await transactions.query(SAVE_VIEW, [userId, viewId, name, filter]);
    },
    async deleteView(userId, viewId) {
      const { count } = await transactions.query(DELETE_VIEW, [userId, viewId]);
      return count > 0;
    },
  };
}
