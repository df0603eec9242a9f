/** A police instruction, entered by staff from its paper: kept as an object of its own, and followed at once. */
import { refuseInstruction, type InstructionRefusal } from '#domain';
import { stepHold } from '../holds/step-hold.ts';
import type { Instruction } from '../ports/care-store.ts';
import type { HoldRow } from '../ports/engine-store.ts';
import { careDraft, idOf, type AskedBy, type CareDeps } from './care-deps.ts';

export type InstructionResult =
  /** `effect`: what it did to the hold, which may have ended before. */
  | {
      readonly ok: true;
      readonly instruction: Instruction;
      readonly hold: HoldRow;
      readonly effect: 'changed' | 'recalled' | 'none';
    }
  | { readonly ok: false; readonly code: InstructionRefusal | 'hold_unknown' };

export interface RecordInstruction
  extends
    AskedBy,
    Pick<Instruction, 'holdId' | 'authority' | 'reference' | 'instruction' | 'validUntil'> {}

/** Keeps it with its reference and does what it says. At most two stops of 48 hours, counted under the hold's lock. */
export function recordInstruction(
  deps: CareDeps,
  asked: RecordInstruction,
): Promise<InstructionResult> {
  return deps.unitOfWork.run(async (tx): Promise<InstructionResult> => {
    const { holdId, authority, reference, instruction, validUntil, by } = asked;
    const hold = (await deps.holds.lock(tx, [holdId])).get(holdId);
    if (hold === undefined) return { ok: false, code: 'hold_unknown' };
    const instructionId = idOf('instruction', holdId, asked, deps.hashing);
    const known = await deps.care.instruction(instructionId);
    if (known !== undefined) return { ok: true, instruction: known, hold, effect: 'none' };
    const receivedAt = deps.clock.now();
    const before = await deps.care.countStops(tx, holdId);
    const refusal = refuseInstruction({ instruction, receivedAt, validUntil }, before);
    if (refusal !== undefined) return { ok: false, code: refusal };
    const kept: Instruction = {
      instructionId,
      holdId,
      payerId: hold.payerId,
      authority,
      reference,
      instruction,
      receivedAt,
      validUntil,
      count: instruction === 'stop' ? before + 1 : 0,
      by,
    };
    const command =
      instruction === 'stop'
        ? ({ type: 'cancel', actor: 'authority', reason: 'instruction_stop' } as const)
        : ({ type: 'release', actor: 'authority', reason: 'instruction_lift' } as const);
    const step = stepHold({ hold, command, by }, receivedAt);
    const { count } = kept;
    const draft = careDraft('instruction.recorded', hold, receivedAt, {
      body: { instructionId, authority, instruction, validUntil, count },
      personal: { reference, by },
    });
    const followed = step.step === 'refused' ? undefined : step;
    const drafts = followed === undefined ? [draft] : [draft, followed.draft];
    await Promise.all([
      ...(followed === undefined ? [] : [deps.holds.save(tx, [followed.hold])]),
      deps.care.addInstruction(tx, kept),
      deps.journal.append(tx, new Map([[hold.partition, drafts]])),
    ]);
    const effect = followed?.step ?? 'none';
    return { ok: true, instruction: kept, hold: followed?.hold ?? hold, effect };
  });
}
