/** Rows of holds: read, locked in order of id, and saved whole. The rules of their life are constraints of the table. */
import { InvariantBroken, TransientFault, type HoldRow } from '#application';
import type { HoldActor, RecallReason } from '#domain';
import type { QueryResultRow } from 'pg';
import { integer } from './integers.ts';
import type { OpenTransaction } from './transactions.ts';

export const HOLD_COLUMNS = `hold_id, partition, payer_id, source, kind, subject_id, payee_id,
  amount_minor, currency, tier, status, placed_at, due_at, ceiling_at, expiry_action,
  order_sequence, reason_codes, decision_id, ended_at, ended_actor, ended_reason, ack_sequence,
  ack_result, ack_at, case_id, profile, attempt, resend_at, raised_at, recall_at,
  recall_reason`;

export interface StoredHold extends QueryResultRow {
  readonly hold_id: string;
  readonly partition: number;
  readonly payer_id: string;
  readonly source: string;
  readonly kind: HoldRow['subject']['kind'];
  readonly subject_id: string;
  readonly payee_id: string | null;
  readonly amount_minor: string;
  readonly currency: string;
  readonly tier: HoldRow['tier'];
  readonly status: HoldRow['status'];
  readonly placed_at: string;
  readonly due_at: string;
  readonly ceiling_at: string;
  readonly expiry_action: HoldRow['expiryAction'];
  readonly order_sequence: number;
  readonly reason_codes: string;
  readonly decision_id: string;
  readonly ended_at: string | null;
  readonly ended_actor: HoldActor | null;
  readonly ended_reason: string | null;
  readonly ack_sequence: number | null;
  readonly ack_result: string | null;
  readonly ack_at: string | null;
  readonly case_id: string | null;
  readonly profile: HoldRow['profile'];
  readonly attempt: number;
  readonly resend_at: string | null;
  readonly raised_at: string | null;
  readonly recall_at: string | null;
  readonly recall_reason: RecallReason | null;
}

export function holdOf(row: StoredHold): HoldRow {
  return {
    holdId: row.hold_id,
    partition: row.partition,
    payerId: row.payer_id,
    subject: { source: row.source, kind: row.kind, id: row.subject_id },
    ...(row.payee_id === null ? {} : { payeeId: row.payee_id }),
    amountMinor: integer(row.amount_minor),
    currency: row.currency,
    tier: row.tier,
    profile: row.profile,
    status: row.status,
    placedAt: integer(row.placed_at),
    dueAt: integer(row.due_at),
    ceilingAt: integer(row.ceiling_at),
    expiryAction: row.expiry_action,
    orderSequence: row.order_sequence,
    attempt: row.attempt,
    reasonCodes: JSON.parse(row.reason_codes) as readonly string[],
    decisionId: row.decision_id,
    ...(row.case_id === null ? {} : { caseId: row.case_id }),
    ...endOf(row),
    ...acknowledgementOf(row),
    ...orderOf(row),
  };
}

function endOf(row: StoredHold): Pick<HoldRow, 'ended'> {
  const { ended_at: at, ended_actor: actor, ended_reason: reason } = row;
  if (at === null || actor === null || reason === null) return {};
  return { ended: { at: integer(at), actor, reason } };
}

function acknowledgementOf(row: StoredHold): Pick<HoldRow, 'acknowledged'> {
  const { ack_sequence: orderSequence, ack_result: result, ack_at: at } = row;
  if (orderSequence === null || result === null || at === null) return {};
  return { acknowledged: { orderSequence, result, at: integer(at) } };
}

function orderOf(row: StoredHold): Pick<HoldRow, 'resendAt' | 'raisedAt' | 'recall'> {
  const { resend_at: resendAt, raised_at: raisedAt, recall_at: at, recall_reason: reason } = row;
  return {
    ...(resendAt === null ? {} : { resendAt: integer(resendAt) }),
    ...(raisedAt === null ? {} : { raisedAt: integer(raisedAt) }),
    ...(at === null || reason === null ? {} : { recall: { at: integer(at), reason } }),
  };
}

const LOCK = {
  name: 'holds.lock',
  text: `SELECT ${HOLD_COLUMNS} FROM holds WHERE hold_id = ANY ($1::text[])
    ORDER BY hold_id FOR UPDATE`,
};

/** Locks in order of id, so that no two transactions wait for each other, and returns what exists. */
export async function lockHolds(
  transaction: OpenTransaction,
  holdIds: readonly string[],
): Promise<ReadonlyMap<string, HoldRow>> {
  if (holdIds.length === 0) return new Map();
  const { rows } = await transaction.query<StoredHold>(LOCK, [holdIds]);
  return new Map(rows.map((row) => [row.hold_id, holdOf(row)]));
}

const SAVE = {
  name: 'holds.save',
  text: `
    INSERT INTO holds (${HOLD_COLUMNS})
    SELECT * FROM unnest($1::text[], $2::integer[], $3::text[], $4::text[], $5::text[],
      $6::text[], $7::text[], $8::bigint[], $9::text[], $10::text[], $11::text[], $12::bigint[],
      $13::bigint[], $14::bigint[], $15::text[], $16::integer[], $17::text[], $18::text[],
      $19::bigint[], $20::text[], $21::text[], $22::integer[], $23::text[], $24::bigint[],
      $25::text[], $26::text[], $27::integer[], $28::bigint[], $29::bigint[], $30::bigint[],
      $31::text[])
    ON CONFLICT (hold_id) DO UPDATE SET
      tier = excluded.tier, status = excluded.status, due_at = excluded.due_at,
      ceiling_at = excluded.ceiling_at, expiry_action = excluded.expiry_action,
      order_sequence = excluded.order_sequence, reason_codes = excluded.reason_codes,
      decision_id = excluded.decision_id, ended_at = excluded.ended_at,
      ended_actor = excluded.ended_actor, ended_reason = excluded.ended_reason,
      ack_sequence = excluded.ack_sequence, ack_result = excluded.ack_result,
      ack_at = excluded.ack_at, attempt = excluded.attempt, resend_at = excluded.resend_at,
      raised_at = excluded.raised_at, recall_at = excluded.recall_at,
      recall_reason = excluded.recall_reason
    WHERE holds.placed_at = excluded.placed_at`,
};

/**
 * Inserts or updates whole rows; a hold given twice is saved in its last state. Throws `InvariantBroken` when a row would
 * change the end of a hold, move its ceiling or take back an order, `TransientFault` when another transaction just placed the hold.
 */
export async function saveHolds(
  transaction: OpenTransaction,
  holds: readonly HoldRow[],
): Promise<void> {
  if (holds.length === 0) return;
  const byId = new Map(holds.map((hold) => [hold.holdId, hold]));
  const rows = [...byId.values()].sort((a, b) => (a.holdId < b.holdId ? -1 : 1));
  const { count } = await transaction.query(SAVE, [
    rows.map((row) => row.holdId),
    rows.map((row) => row.partition),
    rows.map((row) => row.payerId),
    rows.map((row) => row.subject.source),
    rows.map((row) => row.subject.kind),
    rows.map((row) => row.subject.id),
    rows.map((row) => row.payeeId ?? null),
    rows.map((row) => row.amountMinor),
    rows.map((row) => row.currency),
    rows.map((row) => row.tier),
    rows.map((row) => row.status),
    rows.map((row) => row.placedAt),
    rows.map((row) => row.dueAt),
    rows.map((row) => row.ceilingAt),
    rows.map((row) => row.expiryAction),
    rows.map((row) => row.orderSequence),
    rows.map((row) => JSON.stringify(row.reasonCodes)),
    rows.map((row) => row.decisionId),
    rows.map((row) => row.ended?.at ?? null),
    rows.map((row) => row.ended?.actor ?? null),
    rows.map((row) => row.ended?.reason ?? null),
    rows.map((row) => row.acknowledged?.orderSequence ?? null),
    rows.map((row) => row.acknowledged?.result ?? null),
    rows.map((row) => row.acknowledged?.at ?? null),
    rows.map((row) => row.caseId ?? null),
    rows.map((row) => row.profile),
    rows.map((row) => row.attempt),
    rows.map((row) => row.resendAt ?? null),
    rows.map((row) => row.raisedAt ?? null),
    rows.map((row) => row.recall?.at ?? null),
    rows.map((row) => row.recall?.reason ?? null),
  ]);
  if (count < rows.length)
    throw new TransientFault('database: a hold was just placed by another transaction');
}

const UPDATE = {
  name: 'holds.update',
  text: `
    UPDATE holds h SET status = r.status, due_at = r.due_at, order_sequence = r.order_sequence,
      attempt = r.attempt, resend_at = r.resend_at, raised_at = r.raised_at,
      ended_at = r.ended_at, ended_actor = r.ended_actor, ended_reason = r.ended_reason
    FROM unnest($1::text[], $2::text[], $3::bigint[], $4::integer[], $5::integer[], $6::bigint[],
      $7::bigint[], $8::bigint[], $9::text[], $10::text[])
      AS r (hold_id, status, due_at, order_sequence, attempt, resend_at, raised_at, ended_at,
        ended_actor, ended_reason)
    WHERE h.hold_id = r.hold_id`,
};

/**
 * Of holds that this transaction has locked, what the clock changes: a third of the work of a whole row, for when a million end at once. Throws
 * `InvariantBroken` as `saveHolds` does, and when a hold is not there.
 */
export async function updateHolds(
  transaction: OpenTransaction,
  holds: readonly HoldRow[],
): Promise<void> {
  if (holds.length === 0) return;
  const { count } = await transaction.query(UPDATE, [
    holds.map((row) => row.holdId),
    holds.map((row) => row.status),
    holds.map((row) => row.dueAt),
    holds.map((row) => row.orderSequence),
    holds.map((row) => row.attempt),
    holds.map((row) => row.resendAt ?? null),
    holds.map((row) => row.raisedAt ?? null),
    holds.map((row) => row.ended?.at ?? null),
    holds.map((row) => row.ended?.actor ?? null),
    holds.map((row) => row.ended?.reason ?? null),
  ]);
  if (count !== holds.length) throw new InvariantBroken('a hold to be changed is not there');
}
