/** Who may do what to a hold, and when: the pure decider behind every change (DESIGN, Hold life). */
import type { Instant } from '../kernel/instant.ts';
import type { HeldTier } from '../policy/policy.ts';
import { tierRank } from '../assessment/assessment.ts';
import { newOrder } from './hold-order.ts';
import { isOpen, type HoldActor, type HoldEnd, type HoldState, type HoldStatus } from './hold.ts';

export type HoldCommand =
  /** Stricter evidence: the tier rises and the waiting begins again, never beyond the ceiling. */
  | { readonly type: 'raise'; readonly tier: HeldTier; readonly dueAt: Instant }
  | {
      readonly type: 'extend';
      readonly actor: 'clock' | 'analyst';
      readonly dueAt: Instant;
      readonly reason: string;
    }
  | { readonly type: 'mature' }
  | { readonly type: 'expire' }
  | ReleaseCommand
  | {
      readonly type: 'cancel';
      readonly actor: Exclude<HoldActor, 'clock'>;
      readonly reason: string;
    };

export type ReleaseCommand = { readonly type: 'release' } &
  /** By the profile, at `dueAt`, once everything that was answered until then is read. */
  (
    | { readonly actor: 'clock'; readonly responsesReadUntil: Instant }
    | {
        readonly actor: 'analyst';
        readonly reason: string;
        /** A second person who agreed, and the contact outside the payer's device on record: needed for T3 and T4. */
        readonly secondPerson: boolean;
        readonly contactRecorded: boolean;
      }
    | { readonly actor: 'authority'; readonly reason: string }
    /** Reconfirmed in a fresh session that the platform vouches for, without a call. */
    | { readonly actor: 'payer'; readonly freshSession: boolean; readonly callRunning: boolean }
    /** A verified appeal lifts at once (Anti-Telecom-Fraud Law art. 32). */
    | { readonly actor: 'analyst'; readonly appealVerified: true; readonly reason: string }
    /** The money has left. */
    | { readonly actor: 'processor' }
  );

export type HoldRefusal =
  | 'hold_ended'
  | 'not_due'
  | 'not_matured'
  | 'needs_second_person'
  | 'needs_contact'
  | 'needs_fresh_session'
  | 'call_running'
  | 'not_later'
  | 'beyond_ceiling'
  | 'not_stricter'
  | 'profile_forbids'
  | 'responses_unread';

export type HoldVerdict<H> =
  | {
      readonly ok: true;
      readonly hold: H;
      readonly actor: HoldActor;
      readonly reason: string;
      readonly change: HoldChange;
    }
  | { readonly ok: false; readonly code: HoldRefusal };

/** Which entry and event the change is. */
export type HoldChange = 'extended' | 'matured' | HoldEnd;

/**
 * The hold after the command, or why not. An end is final: whatever comes after it is `hold_ended`, which is how racing acts are
 * told apart once their order is known. The next order's sequence is one above the last.
 */
export function decideHold<H extends HoldState>(
  hold: H,
  command: HoldCommand,
  now: Instant,
): HoldVerdict<H> {
  if (!isOpen(hold)) return refuse('hold_ended');
  // No path passes the ceiling: what is left then is the end, however late the clock is, and what has happened already.
  if (now >= hold.ceilingAt && !mayPassCeiling(command)) return refuse('beyond_ceiling');
  switch (command.type) {
    case 'raise':
      return raise(hold, command, now);
    case 'extend':
      return extend(hold, command, now);
    case 'mature':
      return mature(hold, now);
    case 'expire':
      return expire(hold, now);
    case 'release':
      return release(hold, command, now);
    case 'cancel':
      return end(hold, 'cancelled', command.actor, command.reason, now);
  }
}

/** What may still happen to a hold at its ceiling, however late (D-042, D-071). */
function mayPassCeiling(command: HoldCommand): boolean {
  if (command.type === 'release') {
    // Where the profile releases at `dueAt`, that may be the ceiling itself (SG): late or not, the payment goes.
    return command.actor === 'processor' || command.actor === 'clock';
  }
  return command.type === 'expire' || command.type === 'cancel';
}

function refuse<H>(code: HoldRefusal): HoldVerdict<H> {
  return { ok: false, code };
}

function raise<H extends HoldState>(
  hold: H,
  { tier, dueAt }: Extract<HoldCommand, { type: 'raise' }>,
  now: Instant,
): HoldVerdict<H> {
  if (tierRank(tier) <= tierRank(hold.tier)) return refuse('not_stricter');
  const later = Math.min(Math.max(hold.dueAt, dueAt), hold.ceilingAt);
  return goOn({ ...hold, tier, dueAt: later, status: 'placed' }, 'clock', 'stricter_evidence', now);
}

function extend<H extends HoldState>(
  hold: H,
  command: Extract<HoldCommand, { type: 'extend' }>,
  now: Instant,
): HoldVerdict<H> {
  if (hold.status === 'matured') return refuse('not_due');
  if (command.dueAt <= hold.dueAt || command.dueAt <= now) return refuse('not_later');
  if (command.dueAt > hold.ceilingAt) return refuse('beyond_ceiling');
  return goOn({ ...hold, dueAt: command.dueAt }, command.actor, command.reason, now);
}

function mature<H extends HoldState>(hold: H, now: Instant): HoldVerdict<H> {
  if (hold.status === 'matured' || now < hold.dueAt) return refuse('not_due');
  if (hold.expiryAction !== 'reconfirm') return refuse('profile_forbids');
  return {
    ok: true,
    hold: newOrder({ ...hold, status: 'matured' }, now),
    actor: 'clock',
    reason: 'due',
    change: 'matured',
  };
}

/** At the ceiling unless the profile releases, at `dueAt` where it rejects. */
function expire<H extends HoldState>(hold: H, now: Instant): HoldVerdict<H> {
  if (hold.expiryAction === 'release') return refuse('profile_forbids');
  if (now >= hold.ceilingAt) return end(hold, 'expired', 'clock', 'ceiling', now);
  if (hold.expiryAction !== 'reject') return refuse('not_due');
  return now < hold.dueAt ? refuse('not_due') : end(hold, 'expired', 'clock', 'profile', now);
}

function release<H extends HoldState>(
  hold: H,
  command: ReleaseCommand,
  now: Instant,
): HoldVerdict<H> {
  switch (command.actor) {
    case 'clock':
      if (hold.expiryAction !== 'release') return refuse('profile_forbids');
      if (now < hold.dueAt) return refuse('not_due');
      // A cancel that was sent before precedes it (DESIGN, Hold life): not before it can have been seen.
      if (command.responsesReadUntil <= hold.dueAt) return refuse('responses_unread');
      return end(hold, 'released', 'clock', 'profile', now);
    case 'payer':
      if (hold.status !== 'matured') return refuse('not_matured');
      if (!command.freshSession) return refuse('needs_fresh_session');
      if (command.callRunning) return refuse('call_running');
      return end(hold, 'released', 'payer', 'reconfirmed', now);
    case 'analyst':
      return releaseByAnalyst(hold, command, now);
    case 'authority':
      return end(hold, 'released', 'authority', command.reason, now);
    case 'processor':
      return end(hold, 'released', 'processor', 'settled', now);
  }
}

/** One person for T2, two and a recorded contact for T3 and T4; a verified appeal lifts at once. */
function releaseByAnalyst<H extends HoldState>(
  hold: H,
  command: Extract<ReleaseCommand, { actor: 'analyst' }>,
  now: Instant,
): HoldVerdict<H> {
  const verified = 'appealVerified' in command;
  if (!verified && hold.tier !== 'T2') {
    if (!command.secondPerson) return refuse('needs_second_person');
    if (!command.contactRecorded) return refuse('needs_contact');
  }
  return end(hold, 'released', 'analyst', command.reason, now);
}

function goOn<H extends HoldState>(
  hold: H,
  actor: HoldActor,
  reason: string,
  now: Instant,
): HoldVerdict<H> {
  return { ok: true, hold: newOrder(hold, now), actor, reason, change: 'extended' };
}

function end<H extends HoldState>(
  hold: H,
  status: HoldEnd & HoldStatus,
  actor: HoldActor,
  reason: string,
  at: Instant,
): HoldVerdict<H> {
  const next = newOrder({ ...hold, status, ended: { at, actor, reason } }, at);
  return { ok: true, hold: next, actor, reason, change: status };
}
