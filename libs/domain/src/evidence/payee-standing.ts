/** What a payee is to the payer at the time of a transfer: own, a person, new (SCORING §1). */
import type { TransferRequested } from '../event/event.ts';
import type { PolicySpans } from '../policy/spans.ts';
import { isWatched } from './spans.ts';
import type { Timeline } from './timeline.ts';

export type OwnDoubt = 'screen_share' | 'name_mismatch' | 'added_in_call';

export interface PayeeStanding {
  /** Ownership `own` and not doubtful: no outflow. */
  readonly own: boolean;
  readonly person: boolean;
  /** Never paid, or first paid less than a day before; unknown is not new. */
  readonly isNew: boolean;
  readonly ownDoubt?: OwnDoubt;
}

export function payeeStanding(
  transfer: TransferRequested,
  timeline: Timeline,
  spans: PolicySpans,
): PayeeStanding {
  const { payee, time } = transfer;
  const isNew =
    payee.paidCount === 0 ||
    (payee.firstPaidAt !== undefined && time - payee.firstPaidAt < spans.day);
  const cardOrWallet = payee.kind === 'bank_card' || payee.kind === 'wallet';
  if (payee.ownership === 'other') return { own: false, person: cardOrWallet, isNew };
  const ownDoubt = doubtOf(transfer, timeline, spans);
  return ownDoubt === undefined
    ? { own: true, person: false, isNew }
    : { own: false, person: cardOrWallet, isNew, ownDoubt };
}

function doubtOf(
  transfer: TransferRequested,
  timeline: Timeline,
  spans: PolicySpans,
): OwnDoubt | undefined {
  if (transfer.payee.nameMatch === 'mismatch') return 'name_mismatch';
  if (screenWatched(timeline, transfer.time, spans)) return 'screen_share';
  const { accountId } = transfer.payee;
  // An event that does not say which account was added may have added this one.
  const from = transfer.time - spans.evidence;
  const added = timeline.addedInCall.some(
    (event) =>
      event.time >= from && (event.accountId === undefined || event.accountId === accountId),
  );
  return added ? 'added_in_call' : undefined;
}

/** Somebody else sees or steers the screen, or did so up to an hour ago (CO2). */
export function screenWatched(timeline: Timeline, at: number, spans: PolicySpans): boolean {
  const after = spans.screenAfter;
  const share = timeline.shares.at(-1);
  if (share !== undefined && isWatched(share, at, after)) return true;
  const remote = timeline.signals.remote_control?.at(-1);
  return remote !== undefined && at - remote.time <= after;
}
