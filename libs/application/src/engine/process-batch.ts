/** One batch is one transaction: evidence, decisions, holds, journal and positions, or nothing (DESIGN, property 2). */
import {
  NO_HABITS,
  underPressure,
  type BatchBody,
  type EntryDraft,
  type InputTopic,
  type Instant,
  type PayeeActivityChange,
  type PayeeNumbers,
  type PayerUpdated,
  type PayerWindow,
  type Policy,
  isSubjectEvent,
  subjectKey,
  subjectOf,
  type SubjectRef,
} from '#domain';
import type {
  EvidenceWrite,
  PayerProfile,
  PositionAdvance,
  SubjectWrite,
} from '../ports/engine-store.ts';
import type { HabitWrite } from '../ports/habit-store.ts';
import type { Tx } from '../ports/unit-of-work.ts';
import type {
  BatchDeps,
  BatchResult,
  DecisionMade,
  DecisionSettings,
  PartitionLot,
  PlacedDraft,
} from './batch-types.ts';
import { keepAppeals } from './appeal-answers.ts';
import { decide, decideRefused, type Decided, type DecisionContext } from './decisions.ts';
import { batchDraft, refusedDraft } from './drafts.ts';
import { healthInBatch } from './feed-watch.ts';
import { applyResponses, BatchHolds } from './hold-responses.ts';
import { assessTargets, targetsOf, type SubjectAssessed } from './payer-assessment.ts';
import {
  holdsToLock,
  isEvidence,
  payersOnRecord,
  readRecorded,
  readWindows,
  refreshHolds,
  windowOf,
  type PayerOnRecord,
} from './payer-evidence.ts';
import { activityOf, readPayees, readPayeesAgain } from './payee-knowledge.ts';
import { changedHabits, habitsNow, readHabits, withHabits } from './payer-habits.ts';
import { sortByPayer, subjectsAsked, type PayerInputs, type SortedBatch } from './payer-inputs.ts';

/**
 * Decides a batch. MUST be durable when it resolves and leave no trace when it rejects; throws `PartitionsFenced` when one of the
 * partitions is owned by somebody else by now, `TransientFault` when trying again can help.
 */
export function processBatch(
  deps: BatchDeps,
  lots: readonly PartitionLot[],
  settings: DecisionSettings,
): Promise<BatchResult> {
  return deps.unitOfWork.run(async (tx) => {
    const now = deps.clock.now();
    const [known, recorded] = await Promise.all([
      deps.store.knownSubjects(tx, subjectsAsked(lots)),
      readRecorded(tx, deps.store, lots, settings.policy),
    ]);
    const sorted = sortByPayer(lots, known);
    const payers = payersOnRecord(sorted.payers, recorded, settings.policy);
    const work = await assessBatch(tx, deps, payers, {
      settings,
      feedsAt: healthInBatch(lots),
      now,
      // What is kept of a batch depends on nothing that is decided.
      whileAssessing: () => {
        const kept = deps.store.appendEvidence(tx, evidenceOf(sorted));
        deps.journal.reserve(
          tx,
          lots.map(({ partition }) => partition),
        );
        return kept;
      },
    });
    return write(tx, deps, { lots, sorted, work, now });
  });
}

export interface BatchContext {
  readonly settings: DecisionSettings;
  readonly feedsAt: DecisionContext['feedsAt'];
  readonly now: Instant;
  /** Begun when everything is read, so that the database works while we do, and over when the assessment is. */
  readonly whileAssessing?: () => Promise<unknown>;
}

export interface BatchWork {
  readonly holds: BatchHolds;
  readonly drafts: readonly PlacedDraft[];
  readonly subjects: readonly SubjectWrite[];
  readonly decisions: readonly DecisionMade[];
  readonly activity: PayeeActivityChange;
  readonly habits: readonly HabitWrite[];
}

/** Assesses what is to be assessed of the payers and says what follows; writes nothing. */
export async function assessBatch(
  tx: Tx,
  deps: BatchDeps,
  payers: readonly PayerOnRecord[],
  { settings, feedsAt, now, whileAssessing }: BatchContext,
): Promise<BatchWork> {
  const { store, hashing } = deps;
  const [locked, windows, payees, habitsBefore, quiets, profiles] = await readBatch(
    tx,
    deps,
    payers,
    settings.policy,
  );
  const meanwhile = whileAssessing?.();
  // Its failure is told below, unless ours comes first.
  meanwhile?.catch(() => undefined);
  refreshHolds(payers, locked);
  const holds = new BatchHolds(locked);
  const byPayer = new Map<PayerInputs, PayerWindow>(
    [...windows].map(([payer, evidence]) => {
      const window = windowOf(payer, evidence, payees.get(payer) ?? NO_NUMBERS);
      const ofPayer = quiets.get(payer.inputs.payerId);
      return [payer.inputs, ofPayer === undefined ? window : { ...window, quiets: ofPayer }];
    }),
  );
  const drafts: PlacedDraft[] = [];
  const responses = {
    holds,
    hashing,
    now,
    underPressure: (payer: PayerInputs, at: Instant) =>
      underPressure(byPayer.get(payer)?.events ?? [], at, settings.policy),
    openHoldsOf: (payer: PayerInputs) => openHoldsOf(payers, payer),
    sessionOf: (payer: PayerInputs, subject: SubjectRef) => sessionOf(byPayer.get(payer), subject),
  };
  for (const { inputs } of payers) drafts.push(...applyResponses(inputs, responses));
  const answered = payers.map(({ inputs }) => inputs);
  const { policy } = settings;
  drafts.push(...(await keepAppeals(tx, deps, answered, { holds, policy, now })));
  refreshHolds(payers, new Map(holds.changed().map((row) => [row.holdId, row])));

  const tools = { policy: settings.policy, codeBook: settings.codeBook, hashing };
  const habits = habitsNow(habitsBefore, windows);
  const toAssess = payers.flatMap((payer) => {
    const [read, numbers] = [byPayer.get(payer.inputs), payees.get(payer)];
    if (read === undefined || numbers === undefined) return [];
    const targets = targetsOf(payer, read, tools);
    if (targets.size === 0) return [];
    const window = withHabits(read, habits.get(payer) ?? NO_HABITS, targets, settings.policy);
    return [{ payer, window, targets, numbers }];
  });
  await readPayeesAgain(tx, store, toAssess, settings.policy);
  const assessed = new Map(
    toAssess.map(({ payer, window, targets }) => [
      payer,
      assessTargets(payer, window, targets, tools),
    ]),
  );
  const context = { settings, feedsAt, holds, profiles, hashing, now };
  const made = decideAll(payers, assessed, context);
  drafts.push(...made.drafts);
  const known = { activity: activityOf(windows), habits: changedHabits(habitsBefore, habits) };
  await meanwhile;
  return { holds, drafts, subjects: made.subjects, decisions: made.decisions, ...known };
}

/** What is decided about each payer, in the order of the batch. */
function decideAll(
  payers: readonly PayerOnRecord[],
  assessed: ReadonlyMap<PayerOnRecord, readonly SubjectAssessed[]>,
  context: DecisionContext,
): Pick<BatchWork, 'drafts' | 'subjects' | 'decisions'> {
  const drafts: PlacedDraft[] = [];
  const subjects: SubjectWrite[] = [];
  const decisions: DecisionMade[] = [];
  for (const payer of payers) {
    const made: Decided[] = [
      ...(assessed.get(payer) ?? []).map((one) => decide(one, payer.inputs, context)),
      ...payer.inputs.refused.map((one) => decideRefused(one, payer.inputs, context)),
    ];
    for (const one of made) {
      drafts.push(...one.drafts);
      if (one.write !== undefined) subjects.push(one.write);
      if (one.made !== undefined) decisions.push(one.made);
    }
  }
  return { drafts, subjects, decisions };
}

/** Everything that an assessment looks at, asked for at once. */
function readBatch(tx: Tx, { store }: BatchDeps, payers: readonly PayerOnRecord[], policy: Policy) {
  const toAssess = payersToAssess(payers);
  return Promise.all([
    store.lockHolds(tx, holdsToLock(payers)),
    readWindows(tx, store, payers),
    readPayees(tx, store, payers, policy),
    readHabits(tx, store, payers),
    store.quiets(tx, toAssess),
    store.profiles(tx, toAssess),
  ]);
}

function payersToAssess(payers: readonly PayerOnRecord[]): string[] {
  return payers.flatMap(({ windowFrom, inputs }) =>
    windowFrom === undefined ? [] : [inputs.payerId],
  );
}

const NO_NUMBERS: ReadonlyMap<string, PayeeNumbers> = new Map();

function openHoldsOf(payers: readonly PayerOnRecord[], inputs: PayerInputs): readonly string[] {
  const recorded = payers.find((payer) => payer.inputs === inputs)?.recorded.values() ?? [];
  return [...recorded].flatMap(({ hold }) =>
    hold === undefined || hold.ended !== undefined ? [] : [hold.holdId],
  );
}

function sessionOf(window: PayerWindow | undefined, subject: SubjectRef): string | undefined {
  const key = subjectKey(subject);
  const request = window?.events.find(
    (event) => isSubjectEvent(event) && subjectKey(subjectOf(event)) === key,
  );
  return request?.payer.sessionId;
}

export interface WritePlan {
  readonly lots: readonly PartitionLot[];
  readonly sorted: SortedBatch;
  readonly work: BatchWork;
  readonly now: Instant;
  /** Positions that stay where they are, for whoever must own a partition without reading on. */
  readonly fences?: readonly PositionAdvance[];
}

/** Writes what the work says, in the one order of locks. */
export async function write(tx: Tx, deps: BatchDeps, plan: WritePlan): Promise<BatchResult> {
  const { store, journal } = deps;
  const { lots, sorted, work, now, fences = [] } = plan;
  const profiles = sorted.payers.flatMap(({ events }) =>
    events.flatMap(({ input: { event } }) =>
      event.kind === 'payer.updated' ? [profileOf(event)] : [],
    ),
  );
  const advances = lots.flatMap(({ partition, epoch, ranges, feeds }) =>
    ranges.map(({ topic, from, to }) => ({
      topic,
      partition,
      epoch,
      expectedOffset: from,
      nextOffset: to,
      ...pulseBehind(feeds, topic),
    })),
  );
  // Sent without waiting for each other, in the one order of locks: holds, chain heads, positions.
  const [, , , entries] = await Promise.all([
    store.saveHolds(tx, work.holds.changed()),
    store.saveProfiles(tx, profiles),
    store.saveSubjects(tx, work.subjects),
    journal.append(tx, entriesOf(plan, now)),
    store.savePayeeActivity(tx, work.activity),
    store.saveHabits(tx, work.habits),
    store.advance(tx, [...advances, ...fences]),
  ]);
  return {
    entries,
    decisions: work.decisions,
    refused: sorted.refused.map(({ input }) => input.code),
    placed: work.holds.placed().map(({ tier }) => tier),
  };
}

function evidenceOf(sorted: SortedBatch): EvidenceWrite[] {
  return sorted.payers.flatMap(({ partition, events }) =>
    events.flatMap(({ input: { event } }) => (isEvidence(event) ? [{ partition, event }] : [])),
  );
}

function pulseBehind(
  feeds: PartitionLot['feeds'],
  topic: InputTopic,
): Pick<PositionAdvance, 'pulse'> {
  const pulse = feeds.at(-1)?.[topic];
  return pulse === undefined ? {} : { pulse };
}

/** Entries of each chain in the order of the inputs that caused them, and last what the batch consumed. */
function entriesOf(plan: WritePlan, now: Instant): ReadonlyMap<number, readonly EntryDraft[]> {
  const { lots, sorted, work } = plan;
  const refused = sorted.refused.map(({ place, input }) => ({
    partition: input.partition,
    place,
    draft: refusedDraft(input, now),
  }));
  const placed = [...work.drafts, ...refused].sort((a, b) => a.place - b.place);
  const drafts = new Map<number, EntryDraft[]>(lots.map(({ partition }) => [partition, []]));
  for (const { partition, draft } of placed) drafts.get(partition)?.push(draft);
  for (const lot of lots) drafts.get(lot.partition)?.push(batchDraft(batchBody(lot, plan), now));
  return drafts;
}

function batchBody(lot: PartitionLot, { sorted, work }: WritePlan): BatchBody {
  const { partition } = lot;
  const ofPartition = <T extends { readonly partition: number }>(items: readonly T[]): T[] =>
    items.filter((item) => item.partition === partition);
  const decisions = ofPartition(work.decisions);
  const kept = ofPartition(sorted.payers).reduce((sum, { events }) => sum + events.length, 0);
  return {
    ranges: lot.ranges,
    counts: {
      kept,
      repeated: sorted.repeated.get(partition) ?? 0,
      ignored: sorted.ignored.get(partition) ?? 0,
      refused: sorted.refused.filter(({ input }) => input.partition === partition).length,
      decided: decisions.filter(({ sequence }) => sequence === 1).length,
      superseded: decisions.filter(({ sequence }) => sequence > 1).length,
    },
  };
}

function profileOf(event: PayerUpdated): PayerProfile {
  const { payer, time, locale, contactRefs, trustedContactRef, ageBand, vulnerable } = event;
  return {
    payerId: payer.accountId,
    updatedAt: time,
    ...(locale === undefined ? {} : { locale }),
    ...(contactRefs === undefined ? {} : { contactRefs }),
    ...(trustedContactRef === undefined ? {} : { trustedContactRef }),
    ...(ageBand === undefined ? {} : { ageBand }),
    ...(vulnerable === undefined ? {} : { vulnerable }),
  };
}
