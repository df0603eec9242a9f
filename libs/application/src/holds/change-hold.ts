/** A person's command to one hold: decided by the hold's rules, kept, journaled and ordered in one transaction. */
import { decideHold, type HoldCommand, type HoldRefusal } from '#domain';
import { holdDraft } from '../engine/drafts.ts';
import type { HoldRow } from '../ports/engine-store.ts';
import type { HoldDeps } from './end-due-holds.ts';

export type HoldChangeResult =
  | { readonly ok: true; readonly hold: HoldRow }
  | { readonly ok: false; readonly code: HoldRefusal | 'hold_unknown' };

export interface HoldChangeRequest {
  readonly holdId: string;
  readonly command: HoldCommand;
  /** Who does it: a name of staff or of a machine client, journaled as a commitment. */
  readonly by: string;
}

/** Changes a hold, or says why not. Of two people who act at once the first one's change stands, and the second is told. */
export function changeHold(
  deps: HoldDeps,
  { holdId, command, by }: HoldChangeRequest,
): Promise<HoldChangeResult> {
  return deps.unitOfWork.run(async (tx): Promise<HoldChangeResult> => {
    const hold = (await deps.holds.lock(tx, [holdId])).get(holdId);
    if (hold === undefined) return { ok: false, code: 'hold_unknown' };
    const now = deps.clock.now();
    const verdict = decideHold(hold, command, now);
    if (!verdict.ok) return verdict;
    const { change, actor, reason } = verdict;
    const { profile } = deps.policy();
    const draft = holdDraft({ hold: verdict.hold, change, actor, reason, profile, by }, now);
    await Promise.all([
      deps.holds.save(tx, [verdict.hold]),
      deps.journal.append(tx, new Map([[hold.partition, [draft]]])),
    ]);
    return { ok: true, hold: verdict.hold };
  });
}
