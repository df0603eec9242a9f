/** What the processor says of an order: obeyed, or not, and what follows from that. */
import {
  ORDER_OF_STATUS,
  isOpen,
  raised,
  settledOrder,
  type EntryDraft,
  type HoldAcknowledged,
  type Instant,
} from '#domain';
import { acknowledgedDraft } from '../engine/drafts.ts';
import type { HoldRow } from '../ports/engine-store.ts';
import { raisedDraft } from './hold-drafts.ts';
import { recall, stepHold } from './step-hold.ts';

export interface Acknowledged {
  readonly hold: HoldRow;
  readonly drafts: readonly EntryDraft[];
}

/**
 * The hold with the acknowledgement, and its entries; undefined where it says nothing new: an older order than one acknowledged before, or one
 * that was never given.
 */
export function acknowledge(
  hold: HoldRow,
  event: HoldAcknowledged,
  now: Instant,
): Acknowledged | undefined {
  const { orderSequence, result } = event;
  if (orderSequence > hold.orderSequence) return undefined;
  if (hold.acknowledged !== undefined && hold.acknowledged.orderSequence >= orderSequence) {
    return undefined;
  }
  const kept = { ...hold, acknowledged: { orderSequence, result, at: event.time } };
  const drafts = [acknowledgedDraft(event, now)];
  const after = afterAnswer(kept, event, now);
  return { hold: after.hold, drafts: [...drafts, ...after.drafts] };
}

function afterAnswer(hold: HoldRow, event: HoldAcknowledged, now: Instant): Acknowledged {
  const leftBefore = event.result === 'too_late' && event.order !== 'release';
  if (event.orderSequence < hold.orderSequence) {
    // The newer order will be answered too. But money that had left then has left.
    return leftBefore ? moneyLeft(hold, now) : { hold, drafts: [] };
  }
  const order = ORDER_OF_STATUS[hold.status];
  if (event.order !== order) return raise(hold, 'other_order', now);
  switch (event.result) {
    case 'done':
      return { hold: settledOrder(hold), drafts: [] };
    case 'unknown_subject':
      return raise(hold, 'unknown_subject', now);
    case 'too_late':
      // A payment that could not be sent any more is not money that left: somebody has to look.
      return leftBefore ? moneyLeft(hold, now) : raise(hold, 'too_late', now);
  }
}

function raise(
  hold: HoldRow,
  because: Parameters<typeof raisedDraft>[1],
  now: Instant,
): Acknowledged {
  return { hold: raised(hold, now), drafts: [raisedDraft(hold, because, now)] };
}

/** It is asked back, and a hold that still waited has ended: there is nothing left to hold. */
function moneyLeft(hold: HoldRow, now: Instant): Acknowledged {
  let current = settledOrder(hold);
  const drafts: EntryDraft[] = [];
  if (isOpen(current)) {
    const command = { type: 'release', actor: 'processor' } as const;
    const step = stepHold({ hold: current, command }, now);
    if (step.step === 'changed') {
      current = step.hold;
      drafts.push(step.draft);
    }
  }
  if (current.recall === undefined) {
    const step = recall(current, 'too_late', now);
    current = step.hold;
    drafts.push(step.draft);
  }
  return { hold: current, drafts };
}
