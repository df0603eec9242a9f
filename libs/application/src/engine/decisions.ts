/** Turns assessments into decisions, holds and alerts: the entries to write and the rows that follow. */
import {
  collects,
  decisionIdOf,
  firstOrder,
  groundsInTime,
  holdIdOf,
  holdTimes,
  isOpen,
  noticeFor,
  refusedInput,
  type FeedHealth,
  type Assessment,
  type HeldTier,
  type Instant,
  type Locale,
  type Notice,
  type Policy,
  type RefusedInput,
  type RefusedSubject,
  type SubjectEvent,
} from '#domain';
import type { Hashing } from '../ports/clock.ts';
import type { HoldRow, PayerProfile, StoredSubject, SubjectWrite } from '../ports/engine-store.ts';
import type { DecisionMade, DecisionSettings, PlacedDraft } from './batch-types.ts';
import { alertsFor } from './alerts.ts';
import { decisionDraft, holdDraft, type DecisionToWrite } from './drafts.ts';
import { change, outcomeHoldCommand, type BatchHolds } from './hold-responses.ts';
import type { SubjectAssessed } from './payer-assessment.ts';
import { recordedHold } from '../holds/recorded-hold.ts';
import { localeFrom } from '../payer/locale.ts';
import type { PayerInputs, Placed } from './payer-inputs.ts';

export interface DecisionContext {
  readonly settings: DecisionSettings;
  /** Of the input's partition, as of the input at this place. */
  readonly feedsAt: (place: number) => FeedHealth;
  readonly holds: BatchHolds;
  readonly profiles: ReadonlyMap<string, PayerProfile>;
  readonly hashing: Hashing;
  readonly now: Instant;
}

export interface Decided {
  readonly drafts: readonly PlacedDraft[];
  readonly write?: SubjectWrite;
  readonly made?: DecisionMade;
}

/** The decision about an assessed subject, where there is one, and what is kept of the assessment in any case. */
export function decide(
  assessed: SubjectAssessed,
  payer: PayerInputs,
  context: DecisionContext,
): Decided {
  const { effect, record, cause } = assessed;
  const tooLate = mayNotHold(assessed, context);
  if (effect === 'none' || (tooLate && record !== undefined)) {
    const write =
      record === undefined
        ? undefined
        : milderWrite(assessed, record, payer, context.settings.policy);
    return { drafts: [], ...(write === undefined ? {} : { write }) };
  }
  if (tooLate) return decide(warnedOnly(assessed), payer, context);
  const { assessment } = assessed;
  const { settings, now, hashing } = context;
  const sequence = (record?.sequence ?? 0) + 1;
  const shadow = settings.policy.mode === 'shadow';
  const { hold, holdDrafts } = shadow
    ? { holdDrafts: [] }
    : holdFor(assessed, payer, sequence, context);
  // Who is not held is not warned of it either: a payer hears nothing of a rehearsal.
  const notice = shadow ? undefined : noticeOf(assessed, payer, hold, context);
  const lagMs = Math.max(0, now - (cause.input?.brokerTime ?? now));
  const { decideBy } = assessed.event;
  const decision = decisionDraft(
    {
      subject: assessment.subject,
      payerId: payer.payerId,
      sequence,
      weighing: assessment,
      ...(assessed.caseId === undefined ? {} : { caseId: assessed.caseId }),
      ...(hold === undefined ? {} : { hold }),
      ...(shadow ? { wouldHold: wouldHoldOf(assessed, context) } : {}),
      ...(notice === undefined ? {} : { notice }),
      policy: settings.policy,
      feeds: context.feedsAt(cause.place),
      lagMs,
      late: decideBy !== undefined && now > decideBy,
    },
    now,
    hashing,
  );
  // Nobody is alarmed about what no longer waits.
  const waits = hold !== undefined && isOpen(hold);
  const told = { catalogue: settings.notices, now, hashing };
  const profile = context.profiles.get(payer.payerId);
  const alerts =
    !waits || notice === undefined ? [] : alertsFor(hold, notice, { profile, ...told });
  const drafts = [decision, ...holdDrafts, ...alerts].map((draft) => ({
    partition: payer.partition,
    place: cause.place,
    draft,
  }));
  return {
    drafts,
    write: decidedWrite(assessed, payer, { sequence, hold, policy: settings.policy }),
    made: {
      partition: payer.partition,
      kind: assessment.subject.kind,
      tier: assessment.tier,
      sequence,
      lagMs,
    },
  };
}

/** Of shadow mode: how long it would have waited. */
function wouldHoldOf(
  { assessment, event }: SubjectAssessed,
  { settings, now }: DecisionContext,
): DecisionToWrite['wouldHold'] {
  if (assessment.outcome !== 'hold') return undefined;
  const since = { placedAt: now, receivedAt: event.time };
  return holdTimes(assessment.tier as HeldTier, since, settings.policy);
}

/** Where the profile asks for grounds within a time and it is over, a new hold would be unlawful (UK, reg. 86(2A)). */
function mayNotHold({ assessment, event }: SubjectAssessed, context: DecisionContext): boolean {
  const { settings, holds, now, hashing } = context;
  if (assessment.outcome !== 'hold' || settings.policy.mode === 'shadow') return false;
  if (groundsInTime(event.time, now, settings.policy)) return false;
  return holds.get(holdIdOf(assessment.subject, (bytes) => hashing.sha1(bytes))) === undefined;
}

/** The strictest that is still lawful: the payer is told what was seen. */
function warnedOnly(assessed: SubjectAssessed): SubjectAssessed {
  const assessment = {
    ...assessed.assessment,
    outcome: 'warn',
    tier: 'T1',
    lowered: true,
  } as const;
  return { ...assessed, assessment };
}

/** Milder or too late: the processor hears nothing, but later subjects build on the assessment. */
function milderWrite(
  { assessment, event }: SubjectAssessed,
  record: StoredSubject,
  payer: PayerInputs,
  policy: Policy,
): SubjectWrite | undefined {
  const { outcome, tier, ownTier, lowered } = assessment;
  const { watchedPayee: wasWatched, ...rest } = record;
  const watched = watchedPayee(assessment, event, policy);
  const before = record.assessed;
  const same =
    before.tier === tier &&
    before.ownTier === ownTier &&
    before.lowered === lowered &&
    wasWatched === watched;
  if (same) return undefined;
  return {
    partition: payer.partition,
    payerId: payer.payerId,
    recorded: {
      ...rest,
      assessed: { outcome, tier, ownTier, lowered },
      ...(watched === undefined ? {} : { watchedPayee: watched }),
    },
  };
}

/** More may become known of a person until it is enough for PY3. */
function watchedPayee(
  { facts: { payee } }: Assessment,
  event: SubjectEvent,
  policy: Policy,
): string | undefined {
  if (event.kind !== 'transfer.requested' || payee?.person !== true) return undefined;
  const isEnough = payee.numbers !== undefined && collects(payee.numbers, policy);
  return isEnough ? undefined : event.payee.accountId;
}

function decidedWrite(
  { assessment, event, cause, record, caseId = record?.caseId }: SubjectAssessed,
  payer: PayerInputs,
  { sequence, hold, policy }: { sequence: number; hold: HoldRow | undefined; policy: Policy },
): SubjectWrite {
  const { subject, outcome, tier, ownTier, lowered } = assessment;
  const watched = watchedPayee(assessment, event, policy);
  return {
    partition: payer.partition,
    payerId: payer.payerId,
    recorded: {
      subject,
      contentHash: record?.contentHash ?? cause.input?.contentHash ?? '',
      requestedAt: event.time,
      sequence,
      effect: { outcome, tier, ownTier },
      assessed: { outcome, tier, ownTier, lowered },
      ...(caseId === undefined ? {} : { caseId }),
      ...(hold === undefined ? {} : { hold: recordedHold(hold) }),
      ...(watched === undefined ? {} : { watchedPayee: watched }),
      ...(outcome === 'hold' ? { request: event } : {}),
    },
  };
}

/** Places a hold, or raises the one that is there; one whose money has moved ends at once. */
function holdFor(
  assessed: SubjectAssessed,
  payer: PayerInputs,
  sequence: number,
  context: DecisionContext,
): { hold?: HoldRow; holdDrafts: readonly PlacedDraft['draft'][] } {
  const { assessment, event } = assessed;
  const { settings, holds, now, hashing } = context;
  const { policy } = settings;
  if (assessment.outcome !== 'hold') return { holdDrafts: [] };
  const tier = assessment.tier as HeldTier;
  const sha1 = (bytes: Uint8Array): Uint8Array => hashing.sha1(bytes);
  const holdId = holdIdOf(assessment.subject, sha1);
  const decisionId = decisionIdOf(assessment.subject, sequence, sha1);
  const times = holdTimes(tier, { placedAt: now, receivedAt: event.time }, policy);
  const known = holds.get(holdId);
  if (known !== undefined) {
    if (!isOpen(known)) return { holdDrafts: [] };
    const raised = { ...known, reasonCodes: codesOf(assessed) };
    const command = { type: 'raise', tier, dueAt: times.dueAt } as const;
    const { draft } = change(raised, command, { holds, now }, decisionId);
    const hold = holds.get(holdId) ?? known;
    return { hold, holdDrafts: draft === undefined ? [] : [draft] };
  }
  const hold: HoldRow = {
    holdId,
    partition: payer.partition,
    payerId: payer.payerId,
    subject: assessment.subject,
    ...(event.kind === 'transfer.requested' ? { payeeId: event.payee.accountId } : {}),
    amountMinor: event.amount.minor,
    currency: event.amount.currency,
    tier,
    profile: policy.profile,
    status: 'placed',
    placedAt: now,
    ...times,
    ...firstOrder(now),
    reasonCodes: codesOf(assessed),
    decisionId,
    ...(assessed.caseId === undefined ? {} : { caseId: assessed.caseId }),
  };
  holds.set(hold);
  const placed = { hold, change: 'placed', actor: 'clock', reason: `tier_${tier}` } as const;
  const holdDrafts = [holdDraft(placed, now)];
  if (assessed.outcome === undefined) return { hold, holdDrafts };
  // The money has moved or the request is gone: read together with its request, or before it. Nothing waits any more.
  const command = outcomeHoldCommand(assessed.outcome.kind);
  const { draft } = change(hold, command, { holds, now });
  if (draft !== undefined) holdDrafts.push(draft);
  return { hold: holds.get(holdId) ?? hold, holdDrafts };
}

function codesOf({ assessment }: SubjectAssessed): readonly string[] {
  return assessment.reasons.map((reason) => reason.code);
}

function noticeOf(
  { assessment, event }: SubjectAssessed,
  payer: PayerInputs,
  hold: HoldRow | undefined,
  { settings, profiles }: DecisionContext,
): Notice | undefined {
  return noticeFor(
    {
      subject: event,
      facts: assessment.facts,
      tier: assessment.tier,
      reasons: assessment.reasons,
      locale: localeOf(profiles.get(payer.payerId)),
      ...(hold === undefined ? {} : { dueAt: hold.dueAt }),
    },
    settings.notices,
  );
}

/** Chinese unless the platform says otherwise. */
export function localeOf(profile: PayerProfile | undefined): Locale {
  return localeFrom(profile?.locale);
}

/** The decision about a request that could not be read but can be named (rule f). */
export function decideRefused(
  refused: Placed<RefusedInput> & { readonly subject: RefusedSubject },
  payer: PayerInputs,
  context: DecisionContext,
): Decided {
  const { settings, now, hashing } = context;
  const { subject, requestedAt, contentHash, decideBy } = refused.subject;
  const weighing = refusedInput(settings.policy);
  const lagMs = Math.max(0, now - refused.input.brokerTime);
  const draft = decisionDraft(
    {
      subject,
      payerId: payer.payerId,
      sequence: 1,
      weighing,
      policy: settings.policy,
      feeds: context.feedsAt(refused.place),
      lagMs,
      late: decideBy !== undefined && now > decideBy,
    },
    now,
    hashing,
  );
  const { outcome, tier, ownTier, lowered } = weighing;
  return {
    drafts: [{ partition: payer.partition, place: refused.place, draft }],
    write: {
      partition: payer.partition,
      payerId: payer.payerId,
      recorded: {
        subject,
        contentHash,
        requestedAt,
        sequence: 1,
        effect: { outcome, tier, ownTier },
        assessed: { outcome, tier, ownTier, lowered },
      },
    },
    made: { partition: payer.partition, kind: subject.kind, tier, sequence: 1, lagMs },
  };
}
