/** Does a run's work again without any trouble: the same transactions in the order in which they became durable, on an empty store. */
import {
  changeHold,
  endDueHolds,
  followPayees,
  heard,
  processBatch,
  type BatchDeps,
  type Clock,
  type DecisionSettings,
  type EngineStore,
  type HoldStore,
  type PartitionLot,
} from '#application';
import { NODE_HASHING } from '#config';
import {
  compareEvents,
  type BatchBody,
  type EntryDraft,
  type FeedPulses,
  type Input,
  type Instant,
} from '#domain';
import { makeMemoryStore, type MemoryStore } from '../store.ts';
import { contentOf, type EntryContent } from './run-record.ts';
import type { DurableWork } from './store-connection.ts';

export interface WorkToRepeat {
  readonly partitions: number;
  readonly inputs: readonly Input[];
  readonly works: readonly DurableWork[];
  readonly settings: DecisionSettings;
}

/** The journal that undisturbed work in the same order writes. It equals the run's, or something left a trace that must not. */
export async function repeatWork(run: WorkToRepeat): Promise<readonly EntryContent[]> {
  const clock = { at: 0 as Instant, now: (): Instant => clock.at };
  const store = makeMemoryStore(clock.now);
  const partitions = Array.from({ length: run.partitions }, (_, partition) => partition);
  const leases = await store.engineStore.claim('reference', partitions);
  const epochs = new Map(leases.map(({ partition, epoch }) => [partition, epoch]));
  const inputs = new Map(run.inputs.map((input) => [placeOf(input), input]));
  const feeds = new Map<number, FeedPulses>();
  for (const work of run.works) {
    const drafts = [...work.drafts.values()].flat();
    if (drafts[0] === undefined) continue;
    clock.at = drafts[0].at;
    if (work.read.turns !== undefined) {
      const ours = leases.map((lease) => {
        return { ...lease, positions: [], feeds: feeds.get(lease.partition) ?? {} };
      });
      await followPayees(engineDeps(store, work, clock), ours, run.settings);
      continue;
    }
    if (work.purpose.kind === 'batch') {
      const lots = lotsOf(work, inputs, { epochs, feeds });
      for (const lot of lots) feeds.set(lot.partition, lot.feeds.at(-1) ?? {});
      await processBatch(engineDeps(store, work, clock), lots, run.settings);
      continue;
    }
    const deps = {
      unitOfWork: store.unitOfWork,
      holds: work.purpose.kind === 'due' ? onlyThose(store.holdStore, drafts) : store.holdStore,
      journal: store.journalStore,
      clock,
      policy: () => run.settings.policy,
    };
    if (work.purpose.kind === 'command') await changeHold(deps, work.purpose.request);
    else await endDueHolds(deps, drafts.length);
  }
  return journalOf(store, partitions);
}

export async function journalOf(
  { journalStore }: MemoryStore,
  chains: readonly number[],
): Promise<readonly EntryContent[]> {
  const entries = await Promise.all(
    chains.map((chain) => journalStore.readAfter(chain, 0, Number.MAX_SAFE_INTEGER)),
  );
  return entries.flat().map(contentOf);
}

/** What other partitions had committed when the work looked is given, not followed. */
function engineDeps(store: MemoryStore, { read }: DurableWork, clock: Clock): BatchDeps {
  const numbers = [...read.numbers];
  const { turns } = read;
  const engineStore: EngineStore = {
    ...store.engineStore,
    payeeNumbers: async () => numbers.shift() ?? [],
    ...(turns === undefined ? {} : { payeeTurns: async () => turns }),
  };
  return {
    unitOfWork: store.unitOfWork,
    store: engineStore,
    journal: store.journalStore,
    clock,
    hashing: NODE_HASHING,
  };
}

/** The holds that this round found due and free, in its order. */
function onlyThose(holds: HoldStore, drafts: readonly EntryDraft[]): HoldStore {
  const wanted = drafts.map(({ body }) => body['holdId'] as string);
  return {
    ...holds,
    async lockDue(tx, now) {
      const due = await holds.lockDue(tx, now, Number.MAX_SAFE_INTEGER);
      return wanted.flatMap((id) => due.find(({ holdId }) => holdId === id) ?? []);
    },
  };
}

function lotsOf(
  { drafts }: DurableWork,
  inputs: ReadonlyMap<string, Input>,
  as: {
    readonly epochs: ReadonlyMap<number, number>;
    readonly feeds: ReadonlyMap<number, FeedPulses>;
  },
): PartitionLot[] {
  return [...drafts].flatMap(([partition, ofChain]) => {
    const last = ofChain.at(-1);
    if (last?.type !== 'batch.consumed') return [];
    const { ranges } = last.body as BatchBody;
    const queues = ranges.map(({ topic, from, to }) =>
      Array.from({ length: to - from }, (_, index) =>
        inputs.get(placeOf({ topic, partition, offset: from + index })),
      ).filter((input) => input !== undefined),
    );
    const epoch = as.epochs.get(partition) ?? 0;
    const taken = merged(queues);
    const heardBy = heard(as.feeds.get(partition) ?? {}, taken);
    return [{ partition, epoch, inputs: taken, ranges, feeds: heardBy }];
  });
}

/** Always the earliest of the queues' first ones; what is no event has no place in time and goes first. */
function merged(queues: Input[][]): Input[] {
  const taken: Input[] = [];
  for (;;) {
    let next: Input[] | undefined;
    for (const queue of queues) {
      const [first] = queue;
      if (first !== undefined && (next?.[0] === undefined || precedes(first, next[0])))
        next = queue;
    }
    const input = next?.shift();
    if (input === undefined) return taken;
    taken.push(input);
  }
}

function precedes(a: Input, b: Input): boolean {
  if (a.kind === 'event' && b.kind === 'event') return compareEvents(a.event, b.event) < 0;
  return a.kind !== 'event' && b.kind === 'event';
}

function placeOf(one: Pick<Input, 'topic' | 'partition' | 'offset'>): string {
  return `${one.topic} ${one.partition} ${one.offset}`;
}
