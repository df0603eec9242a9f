/** Where an earlier transfer or draw of the payer stands as of one point in the order of events. */
import type { Tier, Verdict } from '../assessment/assessment.ts';
import type { SubjectEvent, TransferEnded, TransferRequested } from '../event/event.ts';
import type { HoldEnd } from '../hold/hold.ts';
import type { Instant } from '../kernel/instant.ts';
import type { TakenPart } from './borrowed-pool.ts';
import type { PayeeStanding } from './payee-standing.ts';

/** An earlier subject and what became of it so far. All members are there from the beginning: what is read often has one shape. */
export interface SubjectState {
  readonly event: SubjectEvent;
  readonly verdict: Verdict;
  /** Own tier of the effect, where the processor was told to hold: what is held stays held though assessed milder since. */
  readonly heldTier: Tier | undefined;
  readonly ceilingAt: Instant;
  /** `settled` also stands for a draw that was paid out. */
  ended: 'settled' | 'failed' | 'cancelled' | undefined;
  holdEnd: HoldEnd | undefined;
  /** The hold ended because somebody made sure: released by staff or an authority, or reconfirmed (CO6). */
  verified: boolean;
}

export interface TransferState extends SubjectState {
  readonly event: TransferRequested;
  readonly standing: PayeeStanding;
  failure: TransferEnded | undefined;
  /** Borrowed money it took out of the pool; undefined while it has not been sent. */
  taken: readonly TakenPart[] | undefined;
}

type Standing = Pick<SubjectState, 'verdict' | 'heldTier' | 'ceilingAt'>;

/** A subject of which nothing has become yet. */
export function subjectState(
  event: SubjectEvent,
  { verdict, heldTier, ceilingAt }: Standing,
): SubjectState {
  return {
    event,
    verdict,
    heldTier,
    ceilingAt,
    ended: undefined,
    holdEnd: undefined,
    verified: false,
  };
}

/** A transfer of which nothing has become yet. */
export function transferState(
  event: TransferRequested,
  standing: PayeeStanding,
  { verdict, heldTier, ceilingAt }: Standing,
): TransferState {
  return {
    event,
    verdict,
    heldTier,
    ceilingAt,
    ended: undefined,
    holdEnd: undefined,
    verified: false,
    standing,
    failure: undefined,
    taken: undefined,
  };
}

/** From the request until it failed, was cancelled, or its hold ended without release. */
export function isAttempted(state: TransferState): boolean {
  return (
    state.ended !== 'failed' &&
    state.ended !== 'cancelled' &&
    state.holdEnd !== 'cancelled' &&
    state.holdEnd !== 'expired'
  );
}

export function isSent(state: TransferState): boolean {
  return state.taken !== undefined;
}

/** Held and waiting: not settled, failed, cancelled, released, expired, and its ceiling not reached. */
export function isOpenHold(state: SubjectState, at: Instant): boolean {
  return (
    (state.verdict.outcome === 'hold' || state.heldTier !== undefined) &&
    state.ended === undefined &&
    state.holdEnd === undefined &&
    at < state.ceilingAt
  );
}
