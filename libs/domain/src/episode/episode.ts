/** An episode is what happens to one payer in one go, over log-outs, new session ids and new devices; its holds are a case. */
import type { RecordedSubject } from '../evidence/payer-window.ts';
import type { Instant } from '../kernel/instant.ts';
import { uuidV5, type Sha1 } from '../subject/ids.ts';
import { subjectKey, type SubjectRef } from '../subject/subject.ts';

/** A subject that was held in a case. */
export interface CaseMember {
  readonly caseId: string;
  /** Event time of its request. */
  readonly requestedAt: Instant;
  /** The latest time at which its hold was or may be open; its request where nothing was really held. */
  readonly heldUntil: Instant;
}

/** The members among a payer's recorded subjects. */
export function caseMembers(recorded: Iterable<RecordedSubject>): CaseMember[] {
  const members: CaseMember[] = [];
  for (const { caseId, requestedAt, hold } of recorded) {
    if (caseId === undefined) continue;
    const heldUntil = hold === undefined ? requestedAt : (hold.ended?.at ?? hold.ceilingAt);
    members.push({ caseId, requestedAt, heldUntil });
  }
  return members;
}

/**
 * The case that a subject held at `at` belongs to: that of the latest member before it whose hold is open or which was requested at most
 * `gapMs` earlier; otherwise, for a subject that late evidence held afterwards, that of the first member at most `gapMs` later. Undefined
 * where it opens a case of its own. Sessions and devices play no part: a caller has people log out, log in and change phones.
 *
 * A case is never renamed: late evidence between two of them joins the earlier one.
 */
export function caseJoined(
  members: readonly CaseMember[],
  at: Instant,
  gapMs: number,
): string | undefined {
  let before: CaseMember | undefined;
  let after: CaseMember | undefined;
  for (const member of members) {
    const { requestedAt, heldUntil } = member;
    if (requestedAt <= at) {
      if (at > Math.max(requestedAt + gapMs, heldUntil)) continue;
      if (before === undefined || requestedAt > before.requestedAt) before = member;
    } else if (requestedAt - at <= gapMs) {
      if (after === undefined || requestedAt < after.requestedAt) after = member;
    }
  }
  return (before ?? after)?.caseId;
}

/** `caseId` of the case that a subject opens: UUIDv5 of `case` and the subject's name on a line each. */
export function caseIdOf(opener: SubjectRef, sha1: Sha1): string {
  return uuidV5(`case\n${subjectKey(opener)}`, sha1);
}
