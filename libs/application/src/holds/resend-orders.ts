/** Orders that nobody acknowledged are given again, and then raised to operations (DESIGN, Hold life). */
import { ORDER_OF_STATUS, decideResend, type EntryDraft, type HoldActor } from '#domain';
import { holdDraft } from '../engine/drafts.ts';
import type { HoldRow } from '../ports/engine-store.ts';
import type { HoldDeps } from './end-due-holds.ts';
import { raisedDraft } from './hold-drafts.ts';

export interface Resent {
  readonly resent: number;
  readonly raised: readonly HoldRow[];
}

/**
 * Gives at most `limit` orders again. They go through the journal like everything else, so that one publisher per chain keeps them in order; the
 * sequence is that of the order, only the attempt grows. Any number of workers may run it.
 */
export function resendOrders(deps: HoldDeps, limit: number): Promise<Resent> {
  return deps.unitOfWork.run(async (tx) => {
    const now = deps.clock.now();
    const waiting = await deps.holds.lockResends(tx, now, limit);
    if (waiting.length === 0) return { resent: 0, raised: [] };
    const changed: HoldRow[] = [];
    const raised: HoldRow[] = [];
    const drafts = new Map<number, EntryDraft[]>();
    for (const before of waiting) {
      const step = decideResend(before, now);
      if (step.step === 'none') continue;
      const { hold } = step;
      changed.push(hold);
      if (step.step === 'raised') raised.push(hold);
      const draft =
        step.step === 'raised'
          ? raisedDraft(hold, 'unacknowledged', now)
          : holdDraft({ hold, ...givenAs(hold) }, now);
      const ofChain = drafts.get(hold.partition) ?? [];
      ofChain.push(draft);
      drafts.set(hold.partition, ofChain);
    }
    await Promise.all([deps.holds.update(tx, changed), deps.journal.append(tx, drafts)]);
    return { resent: changed.length - raised.length, raised };
  });
}

/** How an order is told again: an end as that end, whatever holds as what it stands at. */
function givenAs(hold: HoldRow): {
  readonly change: 'placed' | 'extended' | 'matured' | 'released' | 'cancelled' | 'expired';
  readonly actor: HoldActor;
  readonly reason: string;
} {
  const { status, ended, orderSequence } = hold;
  if (ended !== undefined && ORDER_OF_STATUS[status] !== 'hold') {
    return { change: status, actor: ended.actor, reason: ended.reason };
  }
  if (status === 'matured') return { change: 'matured', actor: 'clock', reason: 'due' };
  const change = orderSequence === 1 ? 'placed' : 'extended';
  return { change, actor: 'clock', reason: 'order_repeated' };
}
