/**
 * What one member of the group may deliver, and from where: ownership, positions, pauses and rounds of every
 * topic-partition. It decides; `kafka-input-log.ts` talks to kafkajs.
 */
import type { TopicPosition } from '#application';
import type { InputTopic } from '#domain';

export interface FetchPartition {
  readonly partition: number;
  readonly fetchOffset: string;
  readonly maxBytes: number;
}
export interface FetchTopic {
  readonly topic: string;
  readonly partitions: readonly FetchPartition[];
}

/** What the broker answered for one topic-partition. */
export interface FetchedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly fetchOffset: number;
  readonly recordCount: number;
  /** One past the last offset that can be read now. */
  readonly readableEnd: number;
}

export interface DeliveryHooks {
  roundEnded(): void;
  /** A hole without records lies before `nextOffset`: go there. */
  skip(position: TopicPosition): void;
  failed(error: Error): void;
}

interface Lane {
  readonly topic: InputTopic;
  readonly partition: number;
  /** `resume` was called since it was assigned. */
  resumed: boolean;
  paused: boolean;
  /** Where the next fetch has to begin. */
  position: number;
  /** A seek was ordered and no fetch from there was seen yet: what arrives now is from before. */
  seeking: boolean;
  /** This round has dealt with it. */
  covered: boolean;
  /** Fetched in the running request of that broker and not yet handed over. */
  fetched:
    { readonly node: string; readonly round: number; readonly readableEnd: number } | undefined;
  /** The last answer had nothing for it although there is something: asked for before the others next. */
  starved: boolean;
  /** Still nothing: asked for alone and with room for any batch, which makes clear whether there is a record at all. */
  alone: boolean;
}

/** No producer's batch is larger. */
const ANY_BATCH_BYTES = 64 * 1024 * 1024;

export class Delivery {
  readonly #topics: readonly InputTopic[];
  readonly #prefix: string;
  readonly #hooks: DeliveryHooks;
  readonly #lanes = new Map<string, Lane>();
  #round = 0;

  constructor(topics: readonly InputTopic[], prefix: string, hooks: DeliveryHooks) {
    this.#topics = topics;
    this.#prefix = prefix;
    this.#hooks = hooks;
  }

  held(): readonly number[] {
    return [...new Set([...this.#lanes.values()].map((lane) => lane.partition))].toSorted(
      (a, b) => a - b,
    );
  }

  /** Replaces the assignment. Lanes of partitions in `kept` go on where they are; the others begin unresumed. */
  assign(partitions: readonly number[], kept: ReadonlySet<number>): void {
    const before = new Map(this.#lanes);
    this.#lanes.clear();
    for (const partition of partitions) {
      for (const topic of this.#topics) {
        const name = this.#prefix + topic;
        const old = kept.has(partition) ? before.get(key(name, partition)) : undefined;
        const lane = old ?? freshLane(topic, partition);
        Object.assign(lane, { covered: false, fetched: undefined, starved: false, alone: false });
        this.#lanes.set(key(name, partition), lane);
      }
    }
  }

  /** Number of the running round; a request carries the one in which it began. */
  get round(): number {
    return this.#round;
  }

  /** Where the lanes that were resumed stand, paused or not: after a rejoin kafkajs has forgotten it. */
  resumedPositions(): readonly TopicPosition[] {
    return [...this.#lanes.values()]
      .filter((lane) => lane.resumed)
      .map(({ topic, partition, position }) => ({ topic, partition, nextOffset: position }));
  }

  /** Delivery is to go on from there, paused or not as before; false when the partition is not ours. */
  seek({ topic, partition, nextOffset }: TopicPosition): boolean {
    const lane = this.#lane(this.#prefix + topic, partition);
    if (lane === undefined) return false;
    Object.assign(lane, {
      resumed: true,
      position: nextOffset,
      seeking: true,
      covered: false,
      starved: false,
    });
    return true;
  }

  isPaused(topic: InputTopic, partition: number): boolean {
    return this.#lane(this.#prefix + topic, partition)?.paused ?? true;
  }

  /** True when this changed something that kafkajs has to be told. */
  setPaused(topic: InputTopic, partition: number, paused: boolean): boolean {
    const lane = this.#lane(this.#prefix + topic, partition);
    if (lane === undefined || !lane.resumed || lane.paused === paused) return false;
    lane.paused = paused;
    // It takes part in rounds again from now on, and has not been read in this one.
    if (!paused) lane.covered = false;
    return true;
  }

  /**
   * What to ask a broker for instead of everything: those that the last answer had no room for, if any. Fails where kafkajs
   * is about to read from somewhere else than agreed (it resets positions silently).
   */
  planFetch(topics: readonly FetchTopic[]): readonly FetchTopic[] {
    const lanes = topics.flatMap(({ topic, partitions }) =>
      partitions.map((one) => this.#checkPosition(topic, one)),
    );
    const starved = lanes.filter((lane) => lane?.starved === true);
    if (starved.length === 0) return topics;
    const alone = starved.find((lane) => lane?.alone === true);
    const wanted = new Set(alone === undefined ? starved : [alone]);
    return topics
      .map(({ topic, partitions }) => ({
        topic,
        partitions: partitions
          .filter((one) => wanted.has(this.#lane(topic, one.partition)))
          .map((one) => (alone === undefined ? one : { ...one, maxBytes: ANY_BATCH_BYTES })),
      }))
      .filter(({ partitions }) => partitions.length > 0);
  }

  #checkPosition(topic: string, { partition, fetchOffset }: FetchPartition): Lane | undefined {
    const lane = this.#lane(topic, partition);
    if (lane === undefined || !lane.resumed) return undefined;
    if (Number(fetchOffset) === lane.position) {
      lane.seeking = false;
    } else if (!lane.seeking) {
      this.#hooks.failed(
        new Error(
          `position of ${topic} ${partition} was reset from ${lane.position} to ${fetchOffset} by the Kafka client: restart to read from the stored position`,
        ),
      );
    }
    return lane;
  }

  /** The broker answered. What has records is handed over by kafkajs next, one `advance` or `passedOver` each. */
  fetched(node: string, round: number, answers: readonly FetchedPartition[]): void {
    const starved: Lane[] = [];
    for (const { topic, partition, fetchOffset, recordCount, readableEnd } of answers) {
      const lane = this.#lane(topic, partition);
      if (lane === undefined || !this.#delivers(lane) || fetchOffset !== lane.position) continue;
      lane.fetched = { node, round, readableEnd };
      const wasAlone = lane.alone;
      lane.alone = false;
      lane.starved = recordCount === 0 && readableEnd > lane.position;
      if (!lane.starved) continue;
      starved.push(lane);
      if (wasAlone) this.#skipHole(lane, readableEnd);
    }
    // Whatever stands first in a request gets a batch of any size; if nobody got a record, that batch had none.
    const nobody = starved.length > 0 && answers.every((one) => one.recordCount === 0);
    if (nobody && starved[0] !== undefined && starved[0].starved) starved[0].alone = true;
  }

  /** Compaction leaves batches without records; kafkajs stays in them for ever, asking at full speed. */
  #skipHole(lane: Lane, readableEnd: number): void {
    lane.starved = false;
    this.#hooks.skip({ topic: lane.topic, partition: lane.partition, nextOffset: readableEnd });
  }

  /** Whether a batch may be delivered now. If not, it must not be resolved: it will be fetched again. */
  mayDeliver(topic: string, partition: number): InputTopic | undefined {
    const lane = this.#lane(topic, partition);
    return lane !== undefined && this.#delivers(lane) && !lane.seeking ? lane.topic : undefined;
  }

  /** Moves on after a delivered batch. False, and failed, when it began before the position: never deliver that. */
  advance(topic: string, partition: number, firstOffset: number, lastOffset: number): boolean {
    const lane = this.#lane(topic, partition);
    if (lane === undefined) return false;
    if (firstOffset < lane.position) {
      this.#hooks.failed(
        new Error(
          `${topic} ${partition} delivered offset ${firstOffset} again, expected ${lane.position} or later`,
        ),
      );
      return false;
    }
    lane.position = lastOffset + 1;
    lane.covered = true;
    return true;
  }

  /** kafkajs itself moved over markers and aborted records up to `lastOffset`. */
  passedOver(topic: string, partition: number, lastOffset: number): void {
    const lane = this.#lane(topic, partition);
    if (lane === undefined || !lane.resumed || lane.seeking) return;
    lane.position = Math.max(lane.position, lastOffset + 1);
  }

  /** All batches of the last answer of this broker were handed over: its next request begins. */
  handedOver(node: string): void {
    let active = 0;
    let covered = 0;
    for (const lane of this.#lanes.values()) {
      const { fetched } = lane;
      if (fetched?.node === node) {
        lane.fetched = undefined;
        // Nothing readable is left: it was empty, or held only what readers never see. An answer to a request from before
        // this round says nothing about it.
        const empty = lane.position >= fetched.readableEnd && !lane.seeking;
        if (empty && fetched.round === this.#round) lane.covered = true;
      }
      if (!this.#delivers(lane)) continue;
      active += 1;
      if (lane.covered) covered += 1;
    }
    if (active === 0 || covered < active) return;
    for (const lane of this.#lanes.values()) lane.covered = false;
    this.#round += 1;
    this.#hooks.roundEnded();
  }

  #delivers(lane: Lane): boolean {
    return lane.resumed && !lane.paused;
  }

  #lane(topic: string, partition: number): Lane | undefined {
    return this.#lanes.get(key(topic, partition));
  }
}

function freshLane(topic: InputTopic, partition: number): Lane {
  return {
    topic,
    partition,
    resumed: false,
    paused: false,
    position: 0,
    seeking: false,
    covered: false,
    fetched: undefined,
    starved: false,
    alone: false,
  };
}

function key(topic: string, partition: number): string {
  return `${topic} ${partition}`;
}
