/** Rows of what people ask about holds, read back. */
import type { Appeal, Instruction, ReleaseRequest } from '#application';
import type { QueryResultRow } from 'pg';
import { integer } from './integers.ts';

export interface StoredRequest extends QueryResultRow {
  readonly request_id: string;
  readonly hold_id: string;
  readonly order_sequence: number;
  readonly requested_by: string;
  readonly requested_at: string;
  readonly reason: string;
  readonly contact_channel: ReleaseRequest['contact']['channel'];
  readonly contact_at: string;
  readonly contact_reference: string;
  readonly state: ReleaseRequest['state'];
  readonly decided_by: string | null;
  readonly decided_at: string | null;
}

export function requestOf(row: StoredRequest): ReleaseRequest {
  const { decided_by: by, decided_at: at } = row;
  return {
    requestId: row.request_id,
    holdId: row.hold_id,
    orderSequence: row.order_sequence,
    by: row.requested_by,
    at: integer(row.requested_at),
    reason: row.reason,
    contact: {
      channel: row.contact_channel,
      at: integer(row.contact_at),
      reference: row.contact_reference,
    },
    state: row.state,
    ...(by === null || at === null ? {} : { decided: { by, at: integer(at) } }),
  };
}

export const APPEAL_COLUMNS = `appeal_id, kind, hold_id, payer_id, partition, origin, received_at,
  due_at, typed, state, decided_by, decided_at, explanation`;

export interface StoredAppeal extends QueryResultRow {
  readonly appeal_id: string;
  readonly kind: Appeal['kind'];
  readonly hold_id: string;
  readonly payer_id: string;
  readonly partition: number;
  readonly origin: Appeal['origin'];
  readonly received_at: string;
  readonly due_at: string;
  readonly typed: string | null;
  readonly state: Appeal['state'];
  readonly decided_by: string | null;
  readonly decided_at: string | null;
  readonly explanation: string | null;
}

export function appealOf(row: StoredAppeal): Appeal {
  const { decided_by: by, decided_at: at, explanation } = row;
  const decided =
    by === null || at === null || explanation === null
      ? undefined
      : { by, at: integer(at), explanation };
  return {
    appealId: row.appeal_id,
    kind: row.kind,
    holdId: row.hold_id,
    payerId: row.payer_id,
    partition: row.partition,
    origin: row.origin,
    receivedAt: integer(row.received_at),
    dueAt: integer(row.due_at),
    ...(row.typed === null ? {} : { typed: row.typed }),
    state: row.state,
    ...(decided === undefined ? {} : { decided }),
  };
}

export interface StoredInstruction extends QueryResultRow {
  readonly instruction_id: string;
  readonly hold_id: string;
  readonly payer_id: string;
  readonly authority: string;
  readonly reference: string;
  readonly instruction: Instruction['instruction'];
  readonly received_at: string;
  readonly valid_until: string;
  readonly count: number;
  readonly recorded_by: string;
}

export function instructionOf(row: StoredInstruction): Instruction {
  return {
    instructionId: row.instruction_id,
    holdId: row.hold_id,
    payerId: row.payer_id,
    authority: row.authority,
    reference: row.reference,
    instruction: row.instruction,
    receivedAt: integer(row.received_at),
    validUntil: integer(row.valid_until),
    count: row.count,
    by: row.recorded_by,
  };
}
