/** Which decided subjects late evidence touches, so that only these are assessed again (rule e, and PERFORMANCE §4). */
import { compareEvents } from '../event/order.ts';
import { isSubjectEvent, type PlatformEvent, type SubjectEvent } from '../event/event.ts';
import { isOutcome, outcomeKey, type SubjectEnds } from '../evidence/subject-ends.ts';
import type { Policy } from '../policy/policy.ts';
import { policySpans } from '../policy/spans.ts';
import { subjectKeyOf } from '../subject/subject.ts';

/**
 * Keys of the decided subjects among `subjects` whose assessment may change because of `newEvents`, together with every later one
 * that is decided, since later subjects depend on earlier ones. Events that came in order touch nothing.
 * `subjects` MUST be sorted by `compareEvents`.
 */
export function affectedSubjects(
  subjects: readonly SubjectEvent[],
  decided: (key: string) => boolean,
  newEvents: readonly PlatformEvent[],
  ends: SubjectEnds,
  policy: Policy,
): Set<string> {
  const { skew } = policySpans(policy);
  const touches = newEvents.map((event) => touchTest(event, ends, skew));
  const first = subjects.findIndex((subject) => touches.some((touch) => touch(subject)));
  return decidedFrom(subjects, first, decided);
}

/**
 * Those of the keys that are decided and among `subjects`, together with every later one that is decided. `subjects` MUST be in order.
 */
export function withLater(
  subjects: readonly SubjectEvent[],
  keys: ReadonlySet<string>,
  decided: (key: string) => boolean,
): Set<string> {
  const first = subjects.findIndex((subject) => {
    const key = subjectKeyOf(subject);
    return keys.has(key) && decided(key);
  });
  return decidedFrom(subjects, first, decided);
}

function decidedFrom(
  inOrder: readonly SubjectEvent[],
  first: number,
  decided: (key: string) => boolean,
): Set<string> {
  if (first < 0) return new Set();
  const keys = inOrder.slice(first).map(subjectKeyOf);
  return new Set(keys.filter(decided));
}

type Touch = (subject: SubjectEvent) => boolean;

const TOUCHES_NOTHING: Touch = () => false;

function touchTest(event: PlatformEvent, ends: SubjectEnds, skew: number): Touch {
  switch (event.kind) {
    case 'payer.updated':
    case 'hold.acknowledged':
    case 'instruction.received':
      return TOUCHES_NOTHING;
    case 'code.matched':
      return (subject) =>
        subject.kind === 'transfer.requested' &&
        subject.transferId === event.transferId &&
        (event.time <= subject.time + skew || canBeStopped(subject, event, ends));
    case 'payer.responded':
      if (event.answer === 'coached_yes') {
        return (subject) => event.time <= subject.time + skew || canBeStopped(subject, event, ends);
      }
      return event.answer === 'cancel' ? countsFor(event, ends, skew) : TOUCHES_NOTHING;
    case 'session.observed':
      return countsFor(event, ends, skew);
    default:
      return isSubjectEvent(event) ? precedes(event, skew) : countsFor(event, ends, skew);
  }
}

/**
 * Context counts for subjects from a little before it on; what became of a transfer not for that transfer itself. A draw's payout
 * may say more of the draw than its request did, so it counts.
 */
function countsFor(event: PlatformEvent, ends: SubjectEnds, skew: number): Touch {
  const own = isOutcome(event) ? outcomeKey(event) : undefined;
  const isTransferOutcome = own !== undefined && 'transferId' in event;
  return (subject) => {
    const isOwn = own !== undefined && outcomeKey(subject) === own;
    // That it ended so early takes away what counted because it had not.
    if (isOwn && ends.hasLateEvidenceAfter(subject, event.time)) return true;
    return subject.time + skew >= event.time && !(isOwn && isTransferOutcome);
  };
}

/** A transfer counts for those behind it in the order; a requested draw is context as well. */
function precedes(event: SubjectEvent, skew: number): Touch {
  const key = subjectKeyOf(event);
  if (event.kind === 'credit.draw-requested') {
    return (subject) => subjectKeyOf(subject) !== key && subject.time + skew >= event.time;
  }
  return (subject) => compareEvents(event, subject) < 0;
}

function canBeStopped(subject: SubjectEvent, event: PlatformEvent, ends: SubjectEnds): boolean {
  const end = ends.endOf(subject);
  return end === undefined || event.time <= end;
}
