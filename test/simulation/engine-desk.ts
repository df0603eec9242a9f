/** The engine's batch on an in-memory store, without a loop around it: events in, entries and holds out. */
import { Lane, processBatch, type BatchDeps, type DecisionSettings } from '#application';
import { NODE_HASHING } from '#config';
import {
  TOPIC_OF,
  type DecisionBody,
  type EntryType,
  type EventInput,
  type InputTopic,
  type Json,
  type PlatformEvent,
} from '#domain';
import { makeMemoryStore, type MemoryStore } from '#testing';

export interface Entry {
  readonly type: EntryType;
  readonly body: { readonly [key: string]: Json };
  readonly personal: { readonly [name: string]: Json };
}

export interface EngineDesk {
  readonly store: MemoryStore;
  /** Decides the events in one batch at the time of the last one, as an engine that knows nothing but the store. */
  take(events: readonly PlatformEvent[], settings: DecisionSettings): Promise<readonly Entry[]>;
}

export function openDesk(): EngineDesk {
  const clock = { at: 0, now: () => clock.at };
  const store = makeMemoryStore(clock.now);
  const deps: BatchDeps = {
    unitOfWork: store.unitOfWork,
    store: store.engineStore,
    journal: store.journalStore,
    clock,
    hashing: NODE_HASHING,
  };
  const ends = new Map<InputTopic, number>();
  return {
    store,
    async take(events, settings) {
      const [lease] = await store.engineStore.claim('desk', [0]);
      if (lease === undefined) throw new Error('nothing was claimed');
      const lane = new Lane(lease);
      for (const event of events) {
        const input = inputOf(event, ends);
        lane.push(input.topic, [{ input, bytes: 1 }], input.offset + 1);
        clock.at = Math.max(clock.at, event.time);
      }
      const taken = lane.take(events.length, clock.at, 0);
      if (taken === undefined) return [];
      const lot = { partition: 0, epoch: lane.epoch, ...taken };
      const { entries } = await processBatch(deps, [lot], settings);
      return (entries.get(0) ?? []).map(({ type, canonical, disclosures }) => {
        const { body } = JSON.parse(canonical) as Pick<Entry, 'body'>;
        const personal = Object.fromEntries(disclosures.map(({ name, value }) => [name, value]));
        return { type, body, personal };
      });
    },
  };
}

function inputOf(event: PlatformEvent, ends: Map<InputTopic, number>): EventInput {
  const topic = TOPIC_OF[event.kind];
  const offset = ends.get(topic) ?? 0;
  ends.set(topic, offset + 1);
  return {
    kind: 'event',
    topic,
    partition: 0,
    offset,
    brokerTime: event.time,
    event,
    contentHash: event.id,
    droppedSecrets: 0,
    deadLetter: () => ({ key: null, value: null, headers: {}, errorDetail: '' }),
  };
}

/** The decisions among entries. */
export function decisionsOf(entries: readonly Pick<Entry, 'type' | 'body'>[]): DecisionBody[] {
  return entries.flatMap(({ type, body }) =>
    type === 'decision.made' ? [body as DecisionBody] : [],
  );
}
