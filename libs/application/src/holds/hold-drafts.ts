/** Journal entries about a hold's orders: what is raised to people, and what is asked back. */
import {
  ORDER_OF_STATUS,
  recallIso20022,
  type EntryDraft,
  type Instant,
  type OrderRaisedBody,
  type OrderRaisedPersonal,
  type RecallBody,
  type RecallPersonal,
  type RecallReason,
} from '#domain';
import type { HoldRow } from '../ports/engine-store.ts';

/** The present order of the hold, which somebody has to look at. */
export function raisedDraft(
  hold: HoldRow,
  because: OrderRaisedBody['because'],
  at: Instant,
): EntryDraft {
  const { holdId, orderSequence, attempt, payerId } = hold;
  const order = ORDER_OF_STATUS[hold.status];
  const body: OrderRaisedBody = { holdId, order, orderSequence, attempt, because };
  const personal: OrderRaisedPersonal = { payer: payerId };
  return { type: 'order.raised', at, body, personal, payerId };
}

export function recallDraft(
  hold: HoldRow,
  reason: RecallReason,
  at: Instant,
  by?: string,
): EntryDraft {
  const { holdId, subject, decisionId, payerId } = hold;
  const iso20022 = recallIso20022(subject.kind, reason);
  const body: RecallBody = {
    holdId,
    subjectKind: subject.kind,
    decisionId,
    reason,
    ...(iso20022 === undefined ? {} : { iso20022 }),
  };
  const personal: RecallPersonal = {
    payer: payerId,
    subject: { source: subject.source, id: subject.id },
    ...(by === undefined ? {} : { by }),
  };
  return { type: 'recall.requested', at, body, personal, payerId };
}
