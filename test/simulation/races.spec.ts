/** Two that act on the same hold at the same moment: an engine's batch, and what happens between its statements. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  PartitionsFenced,
  TransientFault,
  changeHold,
  heard,
  processBatch,
  type BatchDeps,
  type PartitionLot,
} from '#application';
import { NODE_HASHING } from '#config';
import { readLine } from '#contracts';
import {
  TOPIC_OF,
  isSubjectEvent,
  type EventInput,
  type HoldCommand,
  type PlatformEvent,
} from '#domain';
import { makeMemoryStore, rehearsalSettings, type MemoryStore } from '#testing';

const SETTINGS = rehearsalSettings('lengjing-acceptance-key');
const PARTITION = 0;

function li(): readonly { readonly event: PlatformEvent; readonly contentHash?: string }[] {
  const lines = readFileSync('apps/cli/samples/li.jsonl', 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    const read = readLine(line, index + 1);
    return read.kind === 'event' ? [read] : [];
  });
}

/** The sample's events as inputs, offsets counted per topic. */
function inputs(): readonly EventInput[] {
  const ends = new Map<string, number>();
  return li().map(({ event, contentHash }) => {
    const topic = TOPIC_OF[event.kind];
    const offset = ends.get(topic) ?? 0;
    ends.set(topic, offset + 1);
    return {
      kind: 'event',
      topic,
      partition: PARTITION,
      offset,
      brokerTime: event.time,
      event,
      ...(contentHash === undefined ? {} : { contentHash }),
      droppedSecrets: 0,
      deadLetter: () => ({ key: null, value: null, headers: {}, errorDetail: '' }),
    };
  });
}

function lotOf(taken: readonly EventInput[], epoch: number): PartitionLot {
  const ranges = [...Map.groupBy(taken, ({ topic }) => topic)].map(([topic, of]) => ({
    topic,
    from: of[0]?.offset ?? 0,
    to: (of.at(-1)?.offset ?? -1) + 1,
    records: of.length,
  }));
  return { partition: PARTITION, epoch, inputs: taken, ranges, feeds: heard({}, taken) };
}

interface Desk {
  readonly store: MemoryStore;
  readonly deps: BatchDeps;
  readonly clock: { at: number };
  claim(): Promise<number>;
  command(holdId: string, command: HoldCommand): Promise<void>;
}

function openDesk(): Desk {
  const clock = { at: 0, now: () => clock.at };
  const store = makeMemoryStore(clock.now);
  const { unitOfWork, engineStore, journalStore, holdStore } = store;
  const deps = {
    unitOfWork,
    store: engineStore,
    journal: journalStore,
    clock,
    hashing: NODE_HASHING,
  };
  const holdDeps = {
    unitOfWork,
    holds: holdStore,
    journal: journalStore,
    clock,
    policy: () => SETTINGS.policy,
  };
  return {
    store,
    deps,
    clock,
    async claim() {
      const [lease] = await engineStore.claim('instance', [PARTITION]);
      return lease?.epoch ?? 0;
    },
    async command(holdId, command) {
      const result = await changeHold(holdDeps, { holdId, command, by: 'analyst-1' });
      expect(result.ok).toBe(true);
    },
  };
}

const CANCEL: HoldCommand = { type: 'cancel', actor: 'analyst', reason: 'scam_confirmed' };
/** Where the sample's first and second held requests are. */
const all = inputs();
const subjects = all.filter(({ event }) => isSubjectEvent(event));

describe('a hold that ends while a batch is on its way', () => {
  /** Ends the open holds after the record was read and before the holds are locked. */
  async function decideRest(isEnded: boolean): Promise<readonly string[]> {
    const { store, deps, clock, claim, command } = openDesk();
    const epoch = await claim();
    const last = all.findLastIndex(({ event }) => isSubjectEvent(event));
    clock.at = all[last - 1]?.event.time ?? 0;
    await processBatch(deps, [lotOf(all.slice(0, last), epoch)], SETTINGS);
    clock.at = (all[last]?.event.time ?? 0) + 1;
    const { holds: open } = await store.holdStore.list({ state: 'open', limit: 100 });
    expect(open.length).toBeGreaterThan(1);
    const raced: BatchDeps = {
      ...deps,
      store: {
        ...deps.store,
        async recordedSubjects(tx, requests) {
          const recorded = await deps.store.recordedSubjects(tx, requests);
          if (isEnded) for (const { holdId } of open) await command(holdId, CANCEL);
          return recorded;
        },
      },
    };
    const rest = lotOf(all.slice(last, last + 1), epoch);
    const { entries } = await processBatch(raced, [rest], SETTINGS);
    const decision = entries.get(PARTITION)?.find(({ type }) => type === 'decision.made');
    const { body } = JSON.parse(decision?.canonical ?? '{}') as {
      readonly body: { readonly facts: { readonly openHold?: object } };
    };
    return Object.keys(body.facts).filter((name) => name === 'openHold');
  }

  it('is not taken for open', async () => {
    expect(await decideRest(false)).toEqual(['openHold']);
    expect(await decideRest(true)).toEqual([]);
  });
});

describe('a zombie that places a hold which the new owner has placed', () => {
  it('is told that it may pass, and then that it is fenced', async () => {
    const { store, deps, clock, claim } = openDesk();
    const zombie = await claim();
    clock.at = (subjects.at(-1)?.event.time ?? 0) + 1;
    let owner: Promise<unknown> | undefined;
    const slow: BatchDeps = {
      ...deps,
      store: {
        ...deps.store,
        async lockHolds(tx, holdIds) {
          // Between its reads and its writes another instance takes over and does the same work.
          owner ??= (async () => {
            const epoch = await claim();
            clock.at += 1_000;
            await processBatch(deps, [lotOf(all, epoch)], SETTINGS);
          })();
          await owner;
          return deps.store.lockHolds(tx, holdIds);
        },
      },
    };
    await expect(processBatch(slow, [lotOf(all, zombie)], SETTINGS)).rejects.toThrow(
      TransientFault,
    );
    await expect(processBatch(slow, [lotOf(all, zombie)], SETTINGS)).rejects.toThrow(
      PartitionsFenced,
    );
    const { holds } = await store.holdStore.list({ state: 'all', limit: 100 });
    expect(holds.map(({ placedAt }) => placedAt)).toEqual(holds.map(() => clock.at));
    expect(holds.length).toBeGreaterThan(1);
  });
});
