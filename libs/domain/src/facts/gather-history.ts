/** What happened before: money that came back, holds that may be evaded or are open, answers, watches. */
import { isOpenHold, type SubjectState, type TransferState } from '../evidence/subject-state.ts';
import { inSession } from '../evidence/timeline.ts';
import { tierRank, type Tier } from '../assessment/assessment.ts';
import type { TransferEnded, TransferRequested } from '../event/event.ts';
import type { Facts, Ref } from './facts.ts';
import { orNone, since, type Gathering } from './gathering.ts';

const FAILED_AT_PAYEE = new Set(['returned', 'payee_rejected']);

/** Earlier transfers to the payee that came back or were rejected within a day. */
export function gatherReturned(
  g: Gathering,
  transfer: TransferRequested,
): readonly Ref[] | undefined {
  const dayAgo = transfer.time - g.spans.day;
  const failures: TransferEnded[] = [];
  for (const { failure, event } of g.timeline.transfers) {
    if (failure === undefined || failure.time < dayAgo) continue;
    if (!FAILED_AT_PAYEE.has(failure.reason ?? '')) continue;
    if (event.payee.accountId === transfer.payee.accountId) failures.push(failure);
  }
  return orNone(g.refs.all(failures));
}

/** Held transfers of three days, but for those whose hold ended by a verified release or a reconfirmation. */
export function gatherHeld(
  g: Gathering,
  transfer: TransferRequested,
): Pick<Facts, 'heldOtherPayee' | 'heldSamePayeeMore'> {
  const held = since(
    g.timeline.transfers,
    (state) => state.event.time,
    transfer.time - g.spans.evidence,
  ).filter((state) => wasHeld(state) && !state.verified);
  if (held.length === 0) return NOTHING_HELD;
  const other = held.filter((state) => state.event.payee.accountId !== transfer.payee.accountId);
  const more = held.filter(
    (state) =>
      state.event.payee.accountId === transfer.payee.accountId &&
      state.event.amount.currency === transfer.amount.currency &&
      state.event.amount.minor > transfer.amount.minor,
  );
  return {
    ...(other.length === 0 ? {} : { heldOtherPayee: refsOf(g, other) }),
    ...(more.length === 0 ? {} : { heldSamePayeeMore: refsOf(g, more) }),
  };
}

const NOTHING_HELD = {} as const;

function refsOf(g: Gathering, states: readonly SubjectState[]): readonly Ref[] {
  return g.refs.all(states.map((state) => state.event));
}

function wasHeld(state: SubjectState): boolean {
  return state.verdict.outcome === 'hold' || state.heldTier !== undefined;
}

/** Failed, held or cancelled attempts to the payee in session that were paid from another source. */
export function gatherFundingSwitched(
  g: Gathering,
  transfer: TransferRequested,
): readonly Ref[] | undefined {
  const switched = g.timeline.transfers.filter(
    (state) =>
      state.event.payee.accountId === transfer.payee.accountId &&
      state.event.fundingSource !== transfer.fundingSource &&
      didNotGo(state) &&
      inSession(g.timeline, transfer, state.event, g.spans),
  );
  return orNone(refsOf(g, switched));
}

function didNotGo(state: TransferState): boolean {
  return state.ended === 'failed' || state.ended === 'cancelled' || wasHeld(state);
}

/** Answers "yes, somebody told me to" of three days, and later ones as long as the subject could be stopped. */
export function gatherUserYes(g: Gathering): readonly Ref[] | undefined {
  const from = g.subject.time - g.spans.evidence;
  return orNone(g.refs.all(g.late.userYes.filter((answer) => answer.time >= from)));
}

/** Subjects of a day whose tier rule (b) lowered. */
export function gatherWatch(g: Gathering): readonly Ref[] | undefined {
  const lately = since(
    g.timeline.transfers,
    (state) => state.event.time,
    g.subject.time - g.spans.day,
  );
  return orNone(
    refsOf(
      g,
      lately.filter((state) => state.verdict.lowered),
    ),
  );
}

/** The open hold of the payer that is strictest by its own assessment; of equals the latest. */
export function gatherOpenHold(g: Gathering): Facts['openHold'] {
  const at = g.subject.time;
  let strictest: { tier: Tier; state: SubjectState } | undefined;
  for (const state of [...g.timeline.transfers, ...g.timeline.drawSubjects]) {
    if (!isOpenHold(state, at)) continue;
    const tier = ownTierOfHold(state);
    if (strictest === undefined || tierRank(tier) >= tierRank(strictest.tier)) {
      strictest = { tier, state };
    }
  }
  if (strictest === undefined) return undefined;
  return { tier: strictest.tier, ref: g.refs.of(strictest.state.event) };
}

/** The stricter of what it was held for and what it is assessed as now. */
function ownTierOfHold(state: SubjectState): Tier {
  const { heldTier, verdict } = state;
  if (heldTier === undefined || tierRank(verdict.ownTier) >= tierRank(heldTier)) {
    return verdict.ownTier;
  }
  return heldTier;
}
