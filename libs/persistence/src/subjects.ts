/** Subjects on record: their identity for good, their last decision and assessment. */
import {
  TransientFault,
  type KnownSubject,
  type StoredSubject,
  type SubjectWrite,
  type WindowRequest,
} from '#application';
import {
  subjectKey,
  type HoldActor,
  type HoldEnd,
  type Outcome,
  type RecordedHold,
  type SubjectEvent,
  type SubjectRef,
  type Tier,
} from '#domain';
import { integer } from './integers.ts';
import type { OpenTransaction } from './transactions.ts';

/** At most so many subjects per payer are read, the newest: far more than a window has events. */
export const SUBJECTS_MAX = 1_000;
/** Of older subjects only those whose hold is open are read, and at most so many per payer. */
const OPEN_HOLDS_MAX = 200;

const KNOWN = {
  name: 'subjects.known',
  text: `
    SELECT s.source, s.kind, s.subject_id, s.partition, s.payer_id, s.content_hash
    FROM unnest($1::text[], $2::text[], $3::text[]) AS r (source, kind, subject_id)
    CROSS JOIN LATERAL (
      SELECT * FROM subjects s
      WHERE s.source = r.source AND s.kind = r.kind AND s.subject_id = r.subject_id
      OFFSET 0) s`,
};

interface KnownRow {
  readonly source: string;
  readonly kind: SubjectRef['kind'];
  readonly subject_id: string;
  readonly partition: number;
  readonly payer_id: string;
  readonly content_hash: string;
}

export async function readKnownSubjects(
  transaction: OpenTransaction,
  subjects: readonly SubjectRef[],
): Promise<readonly KnownSubject[]> {
  if (subjects.length === 0) return [];
  const { rows } = await transaction.query<KnownRow>(KNOWN, [
    subjects.map((subject) => subject.source),
    subjects.map((subject) => subject.kind),
    subjects.map((subject) => subject.id),
  ]);
  return rows.map((row) => ({
    subject: { source: row.source, kind: row.kind, id: row.subject_id },
    partition: row.partition,
    payerId: row.payer_id,
    contentHash: row.content_hash,
  }));
}

// OFFSET 0 keeps the lookup a nested loop over the index, whatever the statistics of a young table say.
const RECORDED = {
  name: 'subjects.recorded',
  text: `
    SELECT s.source, s.kind, s.subject_id, s.payer_id, s.requested_at, s.content_hash, s.sequence,
      s.effect_outcome, s.effect_tier, s.effect_own_tier, s.assessed_outcome, s.assessed_tier,
      s.assessed_own_tier, s.lowered, s.watched_payee, s.request, s.case_id, h.hold_id, h.placed_at,
      h.due_at, h.ceiling_at,
      h.status, h.ended_at, h.ended_actor
    FROM unnest($1::integer[], $2::text[], $3::bigint[]) AS r (partition, payer_id, from_at)
    CROSS JOIN LATERAL (
      (SELECT * FROM subjects s
        WHERE s.partition = r.partition AND s.payer_id = r.payer_id AND s.requested_at >= r.from_at
        ORDER BY s.requested_at DESC
        LIMIT ${SUBJECTS_MAX})
      UNION ALL
      (SELECT s.* FROM holds o
        JOIN subjects s ON s.source = o.source AND s.kind = o.kind AND s.subject_id = o.subject_id
        WHERE o.payer_id = r.payer_id AND o.status IN ('placed', 'matured')
          AND s.partition = r.partition AND s.requested_at < r.from_at
        ORDER BY o.due_at DESC
        LIMIT ${OPEN_HOLDS_MAX})) s
    LEFT JOIN LATERAL (
      SELECT * FROM holds h WHERE h.hold_id = s.hold_id OFFSET 0) h ON true
    ORDER BY s.requested_at`,
};

interface RecordedRow {
  readonly source: string;
  readonly kind: SubjectRef['kind'];
  readonly subject_id: string;
  readonly payer_id: string;
  readonly requested_at: string;
  readonly content_hash: string;
  readonly sequence: number;
  readonly effect_outcome: Outcome;
  readonly effect_tier: Tier;
  readonly effect_own_tier: Tier | null;
  readonly assessed_outcome: Outcome;
  readonly assessed_tier: Tier;
  readonly assessed_own_tier: Tier;
  readonly lowered: boolean;
  readonly watched_payee: string | null;
  readonly request: string | null;
  readonly case_id: string | null;
  readonly hold_id: string | null;
  readonly placed_at: string;
  readonly due_at: string;
  readonly ceiling_at: string;
  readonly status: HoldEnd;
  readonly ended_at: string | null;
  readonly ended_actor: HoldActor | null;
}

/** By payer, oldest first; every payer asked for is in the map. */
export async function readRecordedSubjects(
  transaction: OpenTransaction,
  requests: readonly WindowRequest[],
): Promise<ReadonlyMap<string, readonly StoredSubject[]>> {
  const found = new Map<string, StoredSubject[]>(requests.map((one) => [one.payerId, []]));
  if (requests.length === 0) return found;
  const { rows } = await transaction.query<RecordedRow>(RECORDED, [
    requests.map((request) => request.partition),
    requests.map((request) => request.payerId),
    requests.map((request) => request.from),
  ]);
  for (const row of rows) found.get(row.payer_id)?.push(recordedSubject(row));
  return found;
}

function recordedSubject(row: RecordedRow): StoredSubject {
  const recorded = {
    subject: { source: row.source, kind: row.kind, id: row.subject_id },
    requestedAt: integer(row.requested_at),
    contentHash: row.content_hash,
    sequence: row.sequence,
    effect: {
      outcome: row.effect_outcome,
      tier: row.effect_tier,
      ...(row.effect_own_tier === null ? {} : { ownTier: row.effect_own_tier }),
    },
    assessed: {
      outcome: row.assessed_outcome,
      tier: row.assessed_tier,
      ownTier: row.assessed_own_tier,
      lowered: row.lowered,
    },
    ...(row.case_id === null ? {} : { caseId: row.case_id }),
    ...(row.watched_payee === null ? {} : { watchedPayee: row.watched_payee }),
    ...(row.request === null ? {} : { request: JSON.parse(row.request) as SubjectEvent }),
  };
  return row.hold_id === null ? recorded : { ...recorded, hold: recordedHold(row, row.hold_id) };
}

function recordedHold(row: RecordedRow, holdId: string): RecordedHold {
  const hold = {
    holdId,
    placedAt: integer(row.placed_at),
    dueAt: integer(row.due_at),
    ceilingAt: integer(row.ceiling_at),
  };
  const { ended_at: at, ended_actor: actor } = row;
  if (at === null || actor === null) return hold;
  return { ...hold, ended: { at: integer(at), end: row.status, actor } };
}

/*
 * A row that is there already is only updated by its own partition, payer and content: whoever finds another one there has
 * raced with a second subject of the same identity and must look again.
 */
const SAVE = {
  name: 'subjects.save',
  text: `
    INSERT INTO subjects AS old (source, kind, subject_id, partition, payer_id, requested_at,
      content_hash, sequence, effect_outcome, effect_tier, effect_own_tier, assessed_outcome,
      assessed_tier, assessed_own_tier, lowered, hold_id, request, case_id, watched_payee)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::integer[], $5::text[],
      $6::bigint[], $7::text[], $8::integer[], $9::text[], $10::text[], $11::text[], $12::text[],
      $13::text[], $14::text[], $15::boolean[], $16::text[], $17::text[], $18::text[],
      $19::text[])
    ON CONFLICT (source, kind, subject_id) DO UPDATE SET
      sequence = excluded.sequence,
      effect_outcome = excluded.effect_outcome, effect_tier = excluded.effect_tier,
      effect_own_tier = excluded.effect_own_tier,
      assessed_outcome = excluded.assessed_outcome, assessed_tier = excluded.assessed_tier,
      assessed_own_tier = excluded.assessed_own_tier, lowered = excluded.lowered,
      hold_id = excluded.hold_id, request = excluded.request, case_id = excluded.case_id,
      watched_payee = excluded.watched_payee
    WHERE old.partition = excluded.partition AND old.payer_id = excluded.payer_id
      AND old.content_hash = excluded.content_hash AND old.sequence <= excluded.sequence`,
};

/** Inserts and updates; a subject given twice counts with its last state. Throws `TransientFault` when an identity is taken. */
export async function saveSubjects(
  transaction: OpenTransaction,
  writes: readonly SubjectWrite[],
): Promise<void> {
  if (writes.length === 0) return;
  const byKey = new Map(writes.map((write) => [subjectKey(write.recorded.subject), write]));
  // Sorted, so that two partitions with the same identities do not wait for each other.
  const rows = [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, write]) => write);
  const recorded = rows.map((row) => row.recorded);
  const { count } = await transaction.query(SAVE, [
    recorded.map((row) => row.subject.source),
    recorded.map((row) => row.subject.kind),
    recorded.map((row) => row.subject.id),
    rows.map((row) => row.partition),
    rows.map((row) => row.payerId),
    recorded.map((row) => row.requestedAt),
    rows.map((row) => row.recorded.contentHash),
    recorded.map((row) => row.sequence),
    recorded.map((row) => row.effect.outcome),
    recorded.map((row) => row.effect.tier),
    recorded.map((row) => row.effect.ownTier ?? null),
    recorded.map((row) => row.assessed.outcome),
    recorded.map((row) => row.assessed.tier),
    recorded.map((row) => row.assessed.ownTier),
    recorded.map((row) => row.assessed.lowered),
    recorded.map((row) => row.hold?.holdId ?? null),
    recorded.map((row) => (row.request === undefined ? null : JSON.stringify(row.request))),
    recorded.map((row) => row.caseId ?? null),
    recorded.map((row) => row.watchedPayee ?? null),
  ]);
  if (count !== rows.length) {
    throw new TransientFault('a subject was just recorded by another transaction');
  }
}
