/** Whether what is on record of every subject is what the whole evidence says, however late and in whatever order it came. */
import type { DecisionSettings } from '#application';
import { NODE_HASHING } from '#config';
import {
  assessPayer,
  compareEvents,
  holdIdOf,
  isSubjectEvent,
  subjectKey,
  subjectOf,
  type PayerWindow,
  type RecordedSubject,
} from '#domain';
import type { MemoryStore } from '../store.ts';

export interface PayerOfRun {
  readonly partition: number;
  readonly payerId: string;
}

/**
 * Assesses every payer anew over all of his evidence and compares with the last assessment on record. What the processor was told and
 * how holds ended is given, since it depends on when things happened. Payees MUST NOT be shared between payers.
 */
export async function checkFinalAssessments(
  { unitOfWork, engineStore }: MemoryStore,
  payers: readonly PayerOfRun[],
  settings: DecisionSettings,
): Promise<readonly string[]> {
  const requests = payers.map((payer) => ({ ...payer, from: 0 }));
  const [windows, recorded] = await unitOfWork.run((tx) =>
    Promise.all([engineStore.windows(tx, requests), engineStore.recordedSubjects(tx, requests)]),
  );
  return windows.flatMap(({ payerId, events, cut, windowTruncated }) => {
    const onRecord = new Map(
      (recorded.get(payerId) ?? []).map((one) => [subjectKey(one.subject), one]),
    );
    const window: PayerWindow = {
      payerId,
      events: events.toSorted(compareEvents),
      recorded: onRecord,
      payees: new Map(),
      cut,
      windowTruncated,
      listedPayees: new Set(),
    };
    return checkPayer(window, settings);
  });
}

function checkPayer(window: PayerWindow, { policy, codeBook }: DecisionSettings): string[] {
  const subjects = window.events.filter(isSubjectEvent).map((one) => subjectKey(subjectOf(one)));
  const assessments = assessPayer(window, new Set(subjects), policy, codeBook, {
    holdIdOf: (subject) => holdIdOf(subject, NODE_HASHING.sha1),
  });
  return assessments.flatMap((assessment) => {
    const { subject, tier, ownTier } = assessment;
    const before: RecordedSubject['assessed'] | undefined = window.recorded.get(
      subjectKey(subject),
    )?.assessed;
    if (before?.tier === tier && before.ownTier === ownTier) return [];
    return [
      `${subject.kind} ${subject.id}: on record as ${before?.tier} (${before?.ownTier}), over all evidence ${tier} (${ownTier})`,
    ];
  });
}
