/** What decisions say of feeds: the same from a replay and from the engine, in whatever batches and over whatever restarts. */
import { describe, expect, it } from '@jest/globals';
import {
  Lane,
  Replay,
  processBatch,
  type BatchDeps,
  type PartitionLease,
  type ReplayResult,
} from '#application';
import { NODE_HASHING } from '#config';
import { TOPIC_OF, type DecisionBody, type EventInput, type PlatformEvent } from '#domain';
import { makeMemoryStore, rehearsalSettings } from '#testing';
import { HOUR, MINUTE, T0, freshId, signal, transfer } from '../contract/samples.ts';

const SETTINGS = rehearsalSettings();

type Context = DecisionBody['context'];

/** Signals every two minutes that end after three hours, transfers every half an hour for twelve. */
function stream(): readonly PlatformEvent[] {
  const signals = Array.from({ length: 90 }, (_, i) =>
    signal('balance_viewed', T0 + i * 2 * MINUTE),
  );
  const transfers = Array.from({ length: 24 }, (_, i) => {
    const time = T0 + i * 30 * MINUTE + 1;
    return transfer({ time, payerId: freshId('payer'), payee: { ...SHOP } });
  });
  return [...signals, ...transfers].sort((a, b) => a.time - b.time);
}

const SHOP = { accountId: 'shop', kind: 'merchant', ownership: 'other' } as const;

function inputsOf(events: readonly PlatformEvent[]): EventInput[] {
  const ends = new Map<string, number>();
  return events.map((event) => {
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
  });
}

function contextsOf(
  entries: readonly { readonly type: string; readonly body: object }[],
): Context[] {
  return entries
    .filter(({ type }) => type === 'decision.made')
    .map(({ body }) => ({ ...(body as DecisionBody).context, lagMs: 0 }));
}

function replayed(events: readonly PlatformEvent[]): Context[] {
  const replay = new Replay(SETTINGS, NODE_HASHING);
  return events.flatMap((event) => {
    const result: ReplayResult = replay.offer(event, event.id);
    return result.kind === 'taken' ? contextsOf(result.entries) : [];
  });
}

/** Batches of a size, and after so many of them another engine that knows nothing but the store. */
async function engined(
  events: readonly PlatformEvent[],
  { size, restartAfter }: { readonly size: number; readonly restartAfter: number },
): Promise<Context[]> {
  const clock = { at: T0, now: () => clock.at };
  const store = makeMemoryStore(clock.now);
  const deps: BatchDeps = {
    unitOfWork: store.unitOfWork,
    store: store.engineStore,
    journal: store.journalStore,
    clock,
    hashing: NODE_HASHING,
  };
  const inputs = inputsOf(events);
  const claim = async (done: number): Promise<Lane> => {
    const [lease] = await store.engineStore.claim('engine', [0]);
    const lane = new Lane(lease as PartitionLease);
    for (const topic of new Set(inputs.map((input) => input.topic))) {
      const items = inputs.slice(done).filter((input) => input.topic === topic);
      lane.push(
        topic,
        items.map((input) => ({ input, bytes: 1 })),
        inputs.length,
      );
    }
    return lane;
  };
  let lane = await claim(0);
  const contexts: Context[] = [];
  for (let done = 0, batches = 1; done < inputs.length; batches += 1) {
    const taken = lane.take(size, clock.at, 0);
    if (taken === undefined) throw new Error('nothing to take');
    done += taken.inputs.length;
    clock.at = taken.inputs.at(-1)?.brokerTime ?? clock.at;
    const result = await processBatch(
      deps,
      [{ partition: 0, epoch: lane.epoch, ...taken }],
      SETTINGS,
    );
    const entries = (result.entries.get(0) ?? []).map(({ type, canonical }) => {
      return { type, body: (JSON.parse(canonical) as { body: object }).body };
    });
    contexts.push(...contextsOf(entries));
    if (batches % restartAfter === 0) lane = await claim(done);
  }
  return contexts;
}

describe('feed health on decisions', () => {
  it('tells a feed that stopped from one that never spoke, and from one that is quiet', () => {
    const contexts = replayed(stream());
    const stopped = contexts.map(({ stoppedFeeds }) => stoppedFeeds?.join() ?? '');
    // The last signal comes after 178 minutes; nobody knows the feed yet, so it may be silent for 40.
    const silentFor = contexts.map((_, i) => i * 30 - 178);
    expect(stopped).toEqual(silentFor.map((minutes) => (minutes > 40 ? 'session.signals' : '')));
    for (const { missingFeeds, stoppedFeeds = [] } of contexts) {
      expect(missingFeeds).toEqual(expect.arrayContaining(['identity.codes', ...stoppedFeeds]));
      expect(stoppedFeeds).not.toContain('identity.codes');
      expect(missingFeeds).not.toContain('payments.transfers');
    }
  });

  it.each([
    { size: 1, restartAfter: 1 },
    { size: 7, restartAfter: 2 },
    { size: 50, restartAfter: 1 },
    { size: 500, restartAfter: 100 },
  ])('is the same in batches of $size with a restart every $restartAfter', async (way) => {
    const events = stream();
    expect(await engined(events, way)).toEqual(replayed(events));
  });

  it('does not depend on when the events are worked on', () => {
    const events = stream();
    const later = events.map((event) => ({ ...event, time: event.time + 9 * HOUR }));
    expect(replayed(later)).toEqual(replayed(events));
  });
});
