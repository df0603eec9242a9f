/** One step of a hold's life, whoever asks for it: the row as it is afterwards and the entries that say so. */
import {
  decideHold,
  recallAfter,
  type EntryDraft,
  type HoldCommand,
  type HoldRefusal,
  type Instant,
  type RecallReason,
} from '#domain';
import { holdDraft } from '../engine/drafts.ts';
import type { HoldRow } from '../ports/engine-store.ts';
import { recallDraft } from './hold-drafts.ts';

export interface HoldAct {
  readonly hold: HoldRow;
  readonly command: HoldCommand;
  /** The person behind it, where there is one. */
  readonly by?: string;
}

export type HoldStep =
  /** The hold changed, and an order follows. */
  | { readonly step: 'changed'; readonly hold: HoldRow; readonly draft: EntryDraft }
  /** Too late to stop the money: it is asked back. */
  | { readonly step: 'recalled'; readonly hold: HoldRow; readonly draft: EntryDraft }
  | { readonly step: 'refused'; readonly code: HoldRefusal };

/** Pure: nothing is kept. A hold whose money is asked back already is refused as ended. */
export function stepHold({ hold, command, by }: HoldAct, now: Instant): HoldStep {
  const verdict = decideHold(hold, command, now);
  if (!verdict.ok) {
    const reason = verdict.code === 'hold_ended' ? recallAfter(hold, command) : undefined;
    if (reason === undefined || hold.recall !== undefined) {
      return { step: 'refused', code: verdict.code };
    }
    return recall(hold, reason, now, by);
  }
  const { change, actor, reason } = verdict;
  const draft = holdDraft(
    { hold: verdict.hold, change, actor, reason, ...(by === undefined ? {} : { by }) },
    now,
  );
  return { step: 'changed', hold: verdict.hold, draft };
}

export function recall(
  hold: HoldRow,
  reason: RecallReason,
  now: Instant,
  by?: string,
): Extract<HoldStep, { step: 'recalled' }> {
  return {
    step: 'recalled',
    hold: { ...hold, recall: { at: now, reason } },
    draft: recallDraft(hold, reason, now, by),
  };
}
