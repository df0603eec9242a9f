/** Money that had left when it was to be stopped is asked back: a recall request to the processor (camt.056). */
import type { HoldCommand } from './hold-rules.ts';
import type { HoldState } from './hold.ts';

/** Who found out: the processor answering an order, or whoever cancelled after the release. */
export type RecallReason = 'too_late' | 'payer_cancelled' | 'scam_confirmed' | 'instruction_stop';

/** Why a cancel that was refused asks the money back; undefined where nothing has left. */
export function recallAfter(
  hold: Pick<HoldState, 'status'>,
  command: HoldCommand,
): RecallReason | undefined {
  if (hold.status !== 'released' || command.type !== 'cancel') return undefined;
  switch (command.actor) {
    case 'payer':
      return 'payer_cancelled';
    case 'analyst':
      return 'scam_confirmed';
    case 'authority':
      return 'instruction_stop';
    // The processor's own word that the payment did not go: nothing to ask back.
    case 'processor':
      return undefined;
  }
}

/** Reason of the camt.056: the customer's wish, or fraud (REGULATION §4). Draws have no payment message. */
export function recallIso20022(
  subjectKind: 'transfer' | 'draw',
  reason: RecallReason,
): string | undefined {
  if (subjectKind === 'draw') return undefined;
  return reason === 'payer_cancelled' ? 'camt.056/CUST' : 'camt.056/FRAD';
}
