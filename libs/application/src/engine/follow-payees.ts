/**
 * Late evidence that no topic brings: a payee turns suspicious by what other payers do, and those who paid it before are assessed
 * again, each in the partition that decided them (SCORING PY3, rule e).
 */
import { feedHealth, policySpans, subjectKey, type FeedHealth } from '#domain';
import type { PartitionLease, PositionAdvance } from '../ports/engine-store.ts';
import type { PayeeTurns, TurnedSubject } from '../ports/payee-store.ts';
import type { Tx } from '../ports/unit-of-work.ts';
import type { BatchDeps, BatchResult, DecisionSettings, PartitionLot } from './batch-types.ts';
import { payerOnRecord, type PayerOnRecord } from './payer-evidence.ts';
import type { SortedBatch } from './payer-inputs.ts';
import { assessBatch, write } from './process-batch.ts';

export interface PayeesFollowed {
  /** What was decided anew; undefined where nothing was to be. */
  readonly result?: BatchResult;
  /** There is more: follow again before long. */
  readonly more: boolean;
}

/**
 * Assesses again the transfers of the partitions whose payees have turned since they last looked. Like a batch it is durable when it
 * resolves, leaves no trace when it rejects, and throws `PartitionsFenced` and `TransientFault` as one. MUST NOT run while a batch of
 * one of the partitions does: what that batch decides would be passed over.
 */
export function followPayees(
  deps: BatchDeps,
  leases: readonly PartitionLease[],
  settings: DecisionSettings,
): Promise<PayeesFollowed> {
  return deps.unitOfWork.run(async (tx) => {
    const { store } = deps;
    const partitions = leases.map(({ partition }) => partition);
    const { newPayers } = settings.policy.signals.PY3;
    const turns = await store.payeeTurns(tx, partitions, newPayers);
    const { more } = turns;
    if (turns.readTo === undefined && turns.subjects.length === 0) return { more };
    if (turns.subjects.length === 0) {
      await Promise.all([
        store.keepPayeeTurns(tx, partitions, turns),
        store.advance(tx, fencesOf(leases)),
      ]);
      return { more };
    }
    return { result: await assessAgain(tx, deps, { leases, turns, settings }), more };
  });
}

interface FollowPlan {
  readonly leases: readonly PartitionLease[];
  readonly turns: PayeeTurns;
  readonly settings: DecisionSettings;
}

async function assessAgain(
  tx: Tx,
  deps: BatchDeps,
  { leases, turns, settings }: FollowPlan,
): Promise<BatchResult> {
  const now = deps.clock.now();
  const payers = await payersOf(tx, deps, { leases, turns, settings });
  const work = await assessBatch(tx, deps, payers, { settings, feedsAt: feedsAt(leases), now });
  const concerned = new Set(payers.map(({ inputs }) => inputs.partition));
  const lots: PartitionLot[] = leases
    .filter(({ partition }) => concerned.has(partition))
    .map(({ partition, epoch }) => ({ partition, epoch, inputs: [], ranges: [], feeds: [] }));
  const sorted: SortedBatch = {
    payers: payers.map(({ inputs }) => inputs),
    refused: [],
    repeated: new Map(),
    ignored: new Map(),
  };
  const [, result] = await Promise.all([
    deps.store.keepPayeeTurns(
      tx,
      leases.map(({ partition }) => partition),
      turns,
    ),
    write(tx, deps, { lots, sorted, work, now, fences: fencesOf(leases) }),
  ]);
  return result;
}

/** Moves nothing, and fails where the partition is not ours any more. */
function fencesOf(leases: readonly PartitionLease[]): readonly PositionAdvance[] {
  return leases.flatMap(({ partition, epoch, positions }) =>
    positions.slice(0, 1).map(({ topic, nextOffset }) => ({
      topic,
      partition,
      epoch,
      expectedOffset: nextOffset,
      nextOffset,
    })),
  );
}

/** No input caused it: the partition stands in for one, counted from 1. */
function placeOf(partition: number, leases: readonly PartitionLease[]): number {
  return leases.findIndex((lease) => lease.partition === partition) + 1;
}

/** The health of the feeds when the partition last heard of any. */
function feedsAt(leases: readonly PartitionLease[]): (place: number) => FeedHealth {
  return (place) => {
    const feeds = leases[place - 1]?.feeds ?? {};
    return feedHealth(feeds, Math.max(0, ...Object.values(feeds).map(({ lastAt }) => lastAt)));
  };
}

async function payersOf(
  tx: Tx,
  { store }: BatchDeps,
  { leases, turns, settings: { policy } }: FollowPlan,
): Promise<readonly PayerOnRecord[]> {
  const { evidence, skew } = policySpans(policy);
  const byPayer = Map.groupBy(
    turns.subjects,
    ({ partition, payerId }) => `${partition}\n${payerId}`,
  );
  const asked = [...byPayer.values()].map((ones) => {
    const { partition, payerId } = ones[0] as TurnedSubject;
    const from = Math.min(...ones.map(({ requestedAt }) => requestedAt)) - evidence;
    const inputs = { partition, payerId, events: [], refused: [] };
    return { ones, inputs, from, request: { partition, payerId, from: from - skew } };
  });
  const recorded = await store.recordedSubjects(
    tx,
    asked.map(({ request }) => request),
  );
  return asked.map(({ ones, inputs, from }) => ({
    ...payerOnRecord(inputs, recorded.get(inputs.payerId) ?? [], policy),
    windowFrom: from,
    turned: {
      keys: new Set(ones.map(({ subject }) => subjectKey(subject))),
      place: placeOf(inputs.partition, leases),
    },
  }));
}
