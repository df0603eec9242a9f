/** A person's command to one hold: decided by the hold's rules, kept, journaled and ordered in one transaction. */
import type { HoldCommand, HoldRefusal } from '#domain';
import type { HoldRow } from '../ports/engine-store.ts';
import type { HoldDeps } from './end-due-holds.ts';
import { stepHold } from './step-hold.ts';

export type HoldChangeResult =
  /** `recalled`: the payment was released before, so that the money is asked back instead of stopped. */
  | { readonly ok: true; readonly hold: HoldRow; readonly recalled: boolean }
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
    const step = stepHold({ hold, command, by }, deps.clock.now());
    if (step.step === 'refused') return { ok: false, code: step.code };
    await Promise.all([
      deps.holds.save(tx, [step.hold]),
      deps.journal.append(tx, new Map([[hold.partition, [step.draft]]])),
    ]);
    return { ok: true, hold: step.hold, recalled: step.step === 'recalled' };
  });
}
