/** Whether what is on record of every subject is what the whole evidence says, however late and in whatever order it came. */
import type { DecisionSettings, WindowEvidence } from '#application';
import { NODE_HASHING } from '#config';
import {
  NO_HABITS,
  assessPayer,
  compareEvents,
  habitCount,
  habitsAfter,
  holdIdOf,
  isSubjectEvent,
  policySpans,
  subjectKey,
  subjectOf,
  type Habits,
  type PayeeNumbers,
  type PayerWindow,
  type PlatformEvent,
  type RecordedSubject,
} from '#domain';
import type { MemoryStore } from '../store.ts';

export interface PayerOfRun {
  readonly partition: number;
  readonly payerId: string;
}

/**
 * Assesses every payer anew over all of his evidence and compares with the last assessment on record. What the processor was told and
 * how holds ended is given, since it depends on when things happened; of payees, what is known in the end.
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
  const numbers = await numbersOf({ unitOfWork, engineStore }, windows, settings);
  const kept = await unitOfWork.run((tx) => engineStore.habits(tx, requests));
  return windows.flatMap(({ payerId, events, cut, windowTruncated }, index) => {
    const inOrder = events.toSorted(compareEvents);
    const habits = habitsOf(habitsAfter(NO_HABITS, inOrder, []), inOrder, settings);
    const onRecord = new Map(
      (recorded.get(payerId) ?? []).map((one) => [subjectKey(one.subject), one]),
    );
    const window: PayerWindow = {
      payerId,
      events: inOrder,
      recorded: onRecord,
      payees: numbers,
      habits,
      cut,
      windowTruncated,
      listedPayees: new Set(),
    };
    const onStore = habitsOf(kept[index] ?? NO_HABITS, inOrder, settings);
    return [...checkPayer(window, settings), ...checkHabits(payerId, onStore, habits)];
  });
}

/** How often each transfer's payee was paid with borrowed money before, by `subjectKey`. */
function habitsOf(
  habits: Habits,
  events: readonly PlatformEvent[],
  { policy }: DecisionSettings,
): ReadonlyMap<string, number> {
  const { skew } = policySpans(policy);
  return new Map(
    events.flatMap((event): [string, number][] =>
      event.kind === 'transfer.requested'
        ? [
            [
              subjectKey(subjectOf(event)),
              habitCount(habits, event.payee.accountId, event.time + skew),
            ],
          ]
        : [],
    ),
  );
}

function checkHabits(
  payerId: string,
  onStore: ReadonlyMap<string, number>,
  habits: ReadonlyMap<string, number>,
): string[] {
  return [...habits].flatMap(([key, count]) => {
    const known = onStore.get(key);
    if (known === count) return [];
    return [`${payerId}: ${known} payments kept of a habit where all evidence tells of ${count}`];
  });
}

async function numbersOf(
  { unitOfWork, engineStore }: Pick<MemoryStore, 'unitOfWork' | 'engineStore'>,
  windows: readonly WindowEvidence[],
  { policy }: DecisionSettings,
): Promise<ReadonlyMap<string, PayeeNumbers>> {
  const transfers = windows
    .flatMap(({ events }) => events)
    .filter((event) => event.kind === 'transfer.requested');
  const requests = transfers.map(({ payee, payer, time }) => ({
    payeeId: payee.accountId,
    payerId: payer.accountId,
    at: time,
  }));
  const numbers = await unitOfWork.run((tx) =>
    engineStore.payeeNumbers(tx, requests, policy.signals.PY3.newPayers),
  );
  return new Map(
    transfers.map((event, index) => [subjectKey(subjectOf(event)), numbers[index] as PayeeNumbers]),
  );
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
