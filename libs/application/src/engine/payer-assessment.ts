/** Assesses one payer's new and touched subjects and says what becomes of each. */
import {
  affectedSubjects,
  withLater,
  assessPayer,
  caseIdOf,
  caseJoined,
  caseMembers,
  decideEffect,
  holdIdOf,
  isOutcome,
  isSubjectEvent,
  outcomeKey,
  policySpans,
  subjectEnds,
  subjectKey,
  subjectKeyOf,
  subjectOf,
  type Assessment,
  type CodeBook,
  type Effect,
  type EventInput,
  type PayerWindow,
  type PlatformEvent,
  type Policy,
  type SubjectEvent,
  type SubjectRef,
} from '#domain';
import type { Hashing } from '../ports/clock.ts';
import type { StoredSubject } from '../ports/engine-store.ts';
import type { Placed } from './payer-inputs.ts';
import type { PayerOnRecord } from './payer-evidence.ts';

export interface SubjectAssessed {
  readonly event: SubjectEvent;
  readonly assessment: Assessment;
  readonly effect: Effect;
  readonly record: StoredSubject | undefined;
  /** Of what a decision is made about and holds. */
  readonly caseId?: string;
  /** What became of the money, where that is known already. */
  readonly outcome?: PlatformEvent;
  readonly cause: Cause;
}

/** The input that asks for the subject or, of a touched one, the last input of the payer; none where other payers' events did it. */
export interface Cause {
  readonly place: number;
  readonly input?: EventInput;
}

export interface AssessmentTools {
  readonly policy: Policy;
  readonly codeBook: CodeBook;
  readonly hashing: Hashing;
}

/** Keys of the subjects to assess: new ones, and decided ones that this batch's evidence touches. */
export function targetsOf(
  payer: PayerOnRecord,
  window: PayerWindow,
  { policy, hashing }: AssessmentTools,
): ReadonlySet<string> {
  const subjects = window.events.filter(isSubjectEvent);
  const targets = affectedSubjects(
    subjects,
    (key) => payer.recorded.has(key),
    payer.events,
    endsOf(window, hashing),
    policy,
  );
  for (const event of payer.events) {
    if (isSubjectEvent(event)) targets.add(subjectKeyOf(event));
  }
  const { turned } = payer;
  if (turned === undefined) return targets;
  const again = withLater(subjects, turned.keys, (key) => payer.recorded.has(key));
  return new Set([...targets, ...again]);
}

function endsOf(window: PayerWindow, hashing: Hashing): ReturnType<typeof subjectEnds> {
  return subjectEnds(window.events, window.recorded, (subject) => holdId(subject, hashing));
}

function holdId(subject: SubjectRef, hashing: Hashing): string {
  return holdIdOf(subject, (bytes) => hashing.sha1(bytes));
}

/** Assesses the targets in the order of events. Where the record is newer than the window, the record's ends count. */
export function assessTargets(
  payer: PayerOnRecord,
  window: PayerWindow,
  targets: ReadonlySet<string>,
  tools: AssessmentTools,
): SubjectAssessed[] {
  const { policy, codeBook, hashing } = tools;
  const assessments = assessPayer(window, targets, policy, codeBook, {
    holdIdOf: (subject) => holdId(subject, hashing),
  });
  const ends = endsOf(window, hashing);
  const ids = new Set(assessments.map(({ subject }) => subject.id));
  const subjects = new Map<string, SubjectEvent>();
  for (const event of window.events) {
    // Names are longer than ids, and most windows are asked for one subject of many.
    if (!isSubjectEvent(event) || !ids.has(subjectOf(event).id)) continue;
    const key = subjectKeyOf(event);
    if (!subjects.has(key)) subjects.set(key, event);
  }
  const causes = causesOf(payer);
  const members = caseMembers(payer.recorded.values());
  const { episode } = policySpans(policy);
  return assessments.map((assessment) => {
    const key = subjectKey(assessment.subject);
    const event = subjects.get(key) as SubjectEvent;
    const record = payer.recorded.get(key);
    const stoppable = ends.endOf(event) === undefined;
    const outcome = stoppable ? undefined : outcomeOf(event, window.events);
    const effect = decideEffect(record, assessment, stoppable);
    let caseId: string | undefined;
    if (effect !== 'none' && assessment.outcome === 'hold') {
      caseId =
        record?.caseId ??
        caseJoined(members, event.time, episode) ??
        caseIdOf(assessment.subject, (bytes) => hashing.sha1(bytes));
      members.push({ caseId, requestedAt: event.time, heldUntil: event.time });
    }
    return {
      event,
      assessment,
      effect,
      record,
      ...(caseId === undefined ? {} : { caseId }),
      ...(outcome === undefined ? {} : { outcome }),
      cause: causes.get(key) ?? payer.inputs.events.at(-1) ?? { place: payer.turned?.place ?? 0 },
    };
  });
}

/** The first that is told of what became of the subject's money. */
function outcomeOf(
  subject: SubjectEvent,
  events: readonly PlatformEvent[],
): PlatformEvent | undefined {
  const key = outcomeKey(subject);
  return events.find((event) => isOutcome(event) && outcomeKey(event) === key);
}

function causesOf(payer: PayerOnRecord): ReadonlyMap<string, Placed<EventInput>> {
  const causes = new Map<string, Placed<EventInput>>();
  for (const placed of payer.inputs.events) {
    const { event } = placed.input;
    if (isSubjectEvent(event)) causes.set(subjectKeyOf(event), placed);
  }
  return causes;
}
