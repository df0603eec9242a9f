/** The fold: assesses a payer's transfers and draws in the one order of events. */
import type { CodeBook } from '../evidence/code-book.ts';
import type { PayerWindow, RecordedSubject } from '../evidence/payer-window.ts';
import { payeeStanding, type PayeeStanding } from '../evidence/payee-standing.ts';
import { subjectEnds, type SubjectEnds } from '../evidence/subject-ends.ts';
import { subjectState, transferState, type SubjectState } from '../evidence/subject-state.ts';
import {
  emptyTimeline,
  endHold,
  enterDraw,
  enterTransfer,
  observe,
  type Timeline,
} from '../evidence/timeline.ts';
import {
  isSubjectEvent,
  type CodeMatched,
  type PayerResponded,
  type PlatformEvent,
  type SubjectEvent,
} from '../event/event.ts';
import { Refs, type LateEvidence } from '../facts/gathering.ts';
import { gatherFacts } from '../facts/gather.ts';
import type { HoldActor, HoldEnd } from '../hold/hold.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Policy } from '../policy/policy.ts';
import { holdCeiling } from '../policy/hold-times.ts';
import { policySpans, type PolicySpans } from '../policy/spans.ts';
import type { Signal } from '../signal/signal.ts';
import { subjectKeyOf, subjectOf, type SubjectRef } from '../subject/subject.ts';
import type { Assessment, Tier, Verdict } from './assessment.ts';
import { weigh } from './weigh.ts';

export interface AssessmentOptions {
  /** Names holds, so that answers of the payer find the hold they speak of. */
  readonly holdIdOf?: (subject: SubjectRef) => string;
  /** For tests of rule (f). */
  readonly signals?: readonly Signal[];
}

/**
 * Assesses the subjects of the window whose `subjectKey` is among `targets`, in event order; every other subject stands as it is
 * on record, or, where nothing is on record, as it would be assessed. Pure: depends on the set of events, the record, the policy
 * and the code book alone. `window.events` MUST be sorted by `compareEvents` and distinct.
 */
export function assessPayer(
  window: PayerWindow,
  targets: ReadonlySet<string>,
  policy: Policy,
  codeBook: CodeBook,
  options: AssessmentOptions = {},
): Assessment[] {
  return new PayerFold(window, policy, codeBook, options).run(targets);
}

class PayerFold {
  readonly #window: PayerWindow;
  readonly #policy: Policy;
  readonly #spans: PolicySpans;
  readonly #codeBook: CodeBook;
  readonly #options: AssessmentOptions;
  readonly #timeline: Timeline = emptyTimeline();
  readonly #userYes: PayerResponded[] = [];
  readonly #codesMatched = new Map<string, CodeMatched[]>();
  /** Entered subjects that were held, by hold. */
  readonly #holds = new Map<string, SubjectState>();
  /** Ends of holds on record, earliest first. */
  readonly #recordedEnds: readonly RecordedEnd[];
  #nextEvent = 0;
  /** Worked out only where late evidence asks. */
  #ends: SubjectEnds | undefined;

  constructor(window: PayerWindow, policy: Policy, codeBook: CodeBook, options: AssessmentOptions) {
    this.#window = window;
    this.#policy = policy;
    this.#spans = policySpans(policy);
    this.#codeBook = codeBook;
    this.#options = options;
    const { events, recorded } = window;
    for (const event of events) {
      if (event.kind === 'code.matched') this.#keepMatch(event);
      else if (event.kind === 'payer.responded' && event.answer === 'coached_yes') {
        this.#userYes.push(event);
      }
    }
    this.#recordedEnds = recordedEnds(recorded);
  }

  run(targets: ReadonlySet<string>): Assessment[] {
    const assessments: Assessment[] = [];
    const seen = new Set<string>();
    for (const event of this.#window.events) {
      if (!isSubjectEvent(event)) continue;
      const key = subjectKeyOf(event);
      // The same request sent again is the same subject.
      if (seen.has(key)) continue;
      seen.add(key);
      this.#observeUntil(event.time + this.#spans.skew);
      const record = this.#window.recorded.get(key);
      const wanted = targets.has(key);
      const known = wanted ? undefined : record?.assessed;
      const standing = this.#standing(event);
      const assessment = known === undefined ? this.#assess(event, standing) : undefined;
      const verdict = assessment ?? known;
      if (verdict !== undefined) this.#enter(event, standing, verdict, record);
      if (wanted && assessment !== undefined) assessments.push(assessment);
      // Nothing after the last target is asked for.
      if (wanted && assessments.length === targets.size) break;
    }
    return assessments;
  }

  #keepMatch(event: CodeMatched): void {
    const known = this.#codesMatched.get(event.transferId);
    if (known === undefined) this.#codesMatched.set(event.transferId, [event]);
    else known.push(event);
  }

  #observeUntil(until: Instant): void {
    const { events } = this.#window;
    for (; this.#nextEvent < events.length; this.#nextEvent += 1) {
      const event = events[this.#nextEvent] as PlatformEvent;
      if (event.time > until) break;
      observe(this.#timeline, event, this.#spans);
      if (event.kind === 'payer.responded') this.#answer(event);
      if (event.kind === 'instruction.received' && event.instruction === 'lift') {
        this.#endHold(event.holdId, { end: 'released', actor: 'authority' });
      }
    }
    for (const { holdId, at, ended } of this.#recordedEnds) {
      if (at > until) break;
      this.#endHold(holdId, ended);
    }
  }

  /** A cancel ends a hold whenever it comes. What else ends one is checked by the hold's own rules and then on record. */
  #answer(event: PayerResponded): void {
    if (event.answer === 'cancel') this.#endHold(event.holdId, CANCELLED_BY_PAYER);
  }

  #endHold(holdId: string | undefined, ended: Ended): void {
    const state = holdId === undefined ? undefined : this.#holds.get(holdId);
    if (state !== undefined) endHold(this.#timeline, state, ended, this.#spans);
  }

  /** What the payee is as of the request; part of what is known also of a subject that stands as recorded. */
  #standing(event: SubjectEvent): PayeeStanding | undefined {
    if (event.kind !== 'transfer.requested') return undefined;
    return payeeStanding(event, this.#timeline, this.#spans);
  }

  #assess(event: SubjectEvent, standing: PayeeStanding | undefined): Assessment {
    const refs = new Refs();
    const facts = gatherFacts({
      subject: event,
      ...(standing === undefined ? {} : { standing }),
      timeline: this.#timeline,
      late: this.#lateEvidence(event),
      window: this.#window,
      policy: this.#policy,
      spans: this.#spans,
      codeBook: this.#codeBook,
      refs,
    });
    const weighing = weigh(facts, this.#policy, this.#options.signals);
    return { subject: subjectOf(event), ...weighing, facts, refs: refs.names };
  }

  #lateEvidence(subject: SubjectEvent): LateEvidence {
    const matched =
      subject.kind === 'transfer.requested'
        ? this.#codesMatched.get(subject.transferId)
        : undefined;
    if (this.#userYes.length === 0 && matched === undefined) return NO_LATE_EVIDENCE;
    const { events, recorded } = this.#window;
    this.#ends ??= subjectEnds(events, recorded, (ref) => this.#options.holdIdOf?.(ref));
    const end = this.#ends.endOf(subject) ?? Number.POSITIVE_INFINITY;
    const until = Math.max(end, subject.time + this.#spans.skew);
    return {
      userYes: this.#userYes.filter((answer) => answer.time <= until),
      codesMatched: (matched ?? []).filter((match) => match.time <= until),
    };
  }

  #enter(
    event: SubjectEvent,
    standing: PayeeStanding | undefined,
    verdict: Verdict,
    record: RecordedSubject | undefined,
  ): void {
    const heldTier = heldTierOf(record);
    const held = heldTier !== undefined || verdict.outcome === 'hold';
    const ceilingAt = record?.hold?.ceilingAt ?? holdCeiling(event.time, this.#policy);
    let entered: SubjectState;
    if (event.kind === 'transfer.requested' && standing !== undefined) {
      const transfer = transferState(event, standing, { verdict, heldTier, ceilingAt });
      enterTransfer(this.#timeline, transfer, this.#spans);
      entered = transfer;
    } else {
      entered = subjectState(event, { verdict, heldTier, ceilingAt });
      enterDraw(this.#timeline, entered);
    }
    if (held) this.#enterHold(entered, record);
  }

  #enterHold(state: SubjectState, record: RecordedSubject | undefined): void {
    const holdId = record?.hold?.holdId ?? this.#options.holdIdOf?.(subjectOf(state.event));
    if (holdId === undefined) return;
    this.#holds.set(holdId, state);
    const cancelled = this.#timeline.answers.some(
      (answer) => answer.holdId === holdId && answer.answer === 'cancel',
    );
    if (cancelled) endHold(this.#timeline, state, CANCELLED_BY_PAYER, this.#spans);
  }
}

interface Ended {
  readonly end: HoldEnd;
  readonly actor: HoldActor;
}

interface RecordedEnd {
  readonly holdId: string;
  readonly at: Instant;
  readonly ended: Ended;
}

const CANCELLED_BY_PAYER: Ended = { end: 'cancelled', actor: 'payer' };
const NO_LATE_EVIDENCE: LateEvidence = { userYes: [], codesMatched: [] };

/** Own tier of a hold that the processor was told, where it was told one. */
function heldTierOf(record: RecordedSubject | undefined): Tier | undefined {
  if (record?.effect.outcome !== 'hold') return undefined;
  return record.effect.ownTier ?? record.effect.tier;
}

function recordedEnds(recorded: ReadonlyMap<string, RecordedSubject>): RecordedEnd[] {
  const ends: RecordedEnd[] = [];
  for (const { hold } of recorded.values()) {
    if (hold?.ended === undefined) continue;
    const { at, end, actor } = hold.ended;
    ends.push({ holdId: hold.holdId, at, ended: { end, actor } });
  }
  return ends.sort((a, b) => a.at - b.at);
}
