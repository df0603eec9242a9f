/** One partition's queues and their merge by event time: which inputs may be taken now, in which order (DESIGN, property 1). */
import {
  INPUT_TOPICS,
  compareEvents,
  type FeedPulses,
  type Input,
  type InputTopic,
  type Instant,
} from '#domain';
import type { PartitionLease } from '../ports/engine-store.ts';
import type { TopicPosition } from '../ports/input-log.ts';
import type { ConsumedRange } from './batch-types.ts';
import { heard } from './feed-watch.ts';

/** An input in a queue, with the bytes it keeps in memory. */
export interface QueuedInput {
  readonly input: Input;
  readonly bytes: number;
}

class TopicQueue {
  readonly topic: InputTopic;
  /** Next offset to be consumed by a batch. */
  position: number;
  /** Next offset that the log will deliver. */
  expected: number;
  /** Nothing more was in the log when it was last asked. */
  caughtUp = false;
  /** Something came in the round that is under way. */
  delivered = false;
  /** Not asked for, or not from the round's beginning on: the round says nothing about it. */
  paused = false;
  joinedInRound = true;
  /** When the log was last known to have nothing more. */
  emptyAt: Instant = 0;
  bytes = 0;
  #items: QueuedInput[] = [];
  #head = 0;

  constructor({ topic, nextOffset }: TopicPosition) {
    this.topic = topic;
    this.position = nextOffset;
    this.expected = nextOffset;
  }

  get length(): number {
    return this.#items.length - this.#head;
  }

  first(): Input | undefined {
    return this.#items[this.#head]?.input;
  }

  push(item: QueuedInput): void {
    this.#items.push(item);
    this.bytes += item.bytes;
    this.expected = item.input.offset + 1;
  }

  shift(): Input {
    const item = this.#items[this.#head] as QueuedInput;
    this.#head += 1;
    this.bytes -= item.bytes;
    // Forgets what was taken in one go now and then, instead of moving the rest at every step.
    if (this.#head > 1_000 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item.input;
  }
}

export interface TakenLot {
  readonly inputs: readonly Input[];
  readonly ranges: readonly ConsumedRange[];
  /** How the feeds had spoken as of each of the inputs. */
  readonly feeds: readonly FeedPulses[];
}

export class Lane {
  readonly partition: number;
  readonly epoch: number;
  readonly #queues: readonly TopicQueue[];
  /** Behind what was taken. */
  #feeds: FeedPulses;
  /** Since when a lagging topic keeps the others waiting. */
  #blockedSince: Instant | undefined;

  constructor(lease: PartitionLease) {
    this.partition = lease.partition;
    this.epoch = lease.epoch;
    this.#feeds = lease.feeds;
    this.#queues = INPUT_TOPICS.map((topic) => {
      const position = lease.positions.find((one) => one.topic === topic);
      return new TopicQueue(position ?? { topic, partition: lease.partition, nextOffset: 0 });
    });
  }

  /** Positions behind what batches consumed. */
  positions(): TopicPosition[] {
    return this.#queues.map(({ topic, position }) => ({
      topic,
      partition: this.partition,
      nextOffset: position,
    }));
  }

  /** The partition as it stands between batches. */
  lease(): PartitionLease {
    const { partition, epoch } = this;
    return { partition, epoch, positions: this.positions(), feeds: this.#feeds };
  }

  get length(): number {
    return this.#queues.reduce((sum, queue) => sum + queue.length, 0);
  }

  bytesOf(topic: InputTopic): number {
    return this.#queue(topic).bytes;
  }

  /** Records of one topic in offset order. What was delivered before, as after a seek, is passed over. `end`: the high watermark. */
  push(topic: InputTopic, items: readonly QueuedInput[], end: number): void {
    const queue = this.#queue(topic);
    for (const item of items) if (item.input.offset >= queue.expected) queue.push(item);
    queue.delivered = true;
    queue.caughtUp = queue.expected >= end;
  }

  /** A round over all topics is over, which began at `beganAt`: whatever brought nothing was empty when it began. */
  roundEnded(beganAt: Instant): void {
    for (const queue of this.#queues) {
      if (!queue.delivered && !queue.paused && !queue.joinedInRound) {
        queue.caughtUp = true;
        queue.emptyAt = beganAt;
      }
      queue.delivered = false;
      queue.joinedInRound = false;
    }
  }

  /** Delivery of the topic was stopped or goes on: back-pressure. */
  setPaused(topic: InputTopic, paused: boolean): void {
    const queue = this.#queue(topic);
    queue.paused = paused;
    queue.joinedInRound = !paused;
  }

  /** Until when everything of the topic has been taken. MUST be asked between batches: what one is deciding counts as taken. */
  takenUntil(topic: InputTopic): Instant {
    const queue = this.#queue(topic);
    const first = queue.first();
    if (first === undefined) return queue.emptyAt;
    return Math.min(queue.emptyAt, first.brokerTime - 1);
  }

  isPaused(topic: InputTopic): boolean {
    return this.#queue(topic).paused;
  }

  /**
   * Takes at most `max` inputs, always the earliest of the queues' first ones: refusals at once, since they have no place in time,
   * then by the order of events. Waits while a topic that is known to lag has nothing queued, but not beyond `waitMs`.
   */
  take(max: number, now: Instant, waitMs: number): TakenLot | undefined {
    const inputs: Input[] = [];
    const from = this.#queues.map((queue) => queue.position);
    const records = this.#queues.map(() => 0);
    while (inputs.length < max) {
      const index = this.#nextQueue(now, waitMs);
      const queue = index === undefined ? undefined : this.#queues[index];
      if (queue === undefined || index === undefined) break;
      const input = queue.shift();
      queue.position = input.offset + 1;
      records[index] = (records[index] ?? 0) + 1;
      inputs.push(input);
    }
    if (inputs.length === 0) return undefined;
    const feeds = heard(this.#feeds, inputs);
    this.#feeds = feeds.at(-1) ?? this.#feeds;
    const ranges = this.#queues.flatMap(({ topic, position }, index) => {
      const start = from[index] ?? 0;
      return position === start
        ? []
        : [{ topic, from: start, to: position, records: records[index] ?? 0 }];
    });
    return { inputs, ranges, feeds };
  }

  /** When waiting for a lagging topic ends; undefined while nothing waits. */
  waitsUntil(waitMs: number): Instant | undefined {
    return this.#blockedSince === undefined ? undefined : this.#blockedSince + waitMs;
  }

  #nextQueue(now: Instant, waitMs: number): number | undefined {
    let best: number | undefined;
    let lagging = false;
    for (let i = 0; i < this.#queues.length; i += 1) {
      const queue = this.#queues[i] as TopicQueue;
      const first = queue.first();
      if (first === undefined) {
        if (!queue.caughtUp) lagging = true;
      } else if (best === undefined || precedes(first, this.#queues[best]?.first())) {
        best = i;
      }
    }
    if (best === undefined || !lagging) {
      this.#blockedSince = undefined;
      return best;
    }
    this.#blockedSince ??= now;
    return now - this.#blockedSince >= waitMs ? best : undefined;
  }

  #queue(topic: InputTopic): TopicQueue {
    return this.#queues[INPUT_TOPICS.indexOf(topic)] as TopicQueue;
  }
}

function precedes(a: Input, b: Input | undefined): boolean {
  if (b === undefined) return true;
  if (a.kind !== 'event' || b.kind !== 'event') return a.kind !== 'event' && b.kind === 'event';
  return compareEvents(a.event, b.event) < 0;
}
