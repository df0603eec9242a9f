/** One instance reading the simulated log: its partitions, its positions, and the fetch it has under way. */
import type {
  InputLog,
  InputLogListener,
  RawRecord,
  TopicBounds,
  TopicPosition,
} from '#application';
import type { InputTopic } from '#domain';
import type { PartitionLog } from './log-storage.ts';

/** What the log around the member does for it. */
export interface MemberHost {
  readonly topics: readonly InputTopic[];
  readonly partitionCount: number;
  log(topic: InputTopic, partition: number): PartitionLog;
  join(member: SimulatedMember): void;
  leave(member: SimulatedMember): void;
  /** Answers when the log's scheduler comes to it. */
  later<T>(answer: () => T): Promise<T>;
  progress(positions: readonly TopicPosition[]): void;
  /** Something may be deliverable now. */
  stirred(): void;
}

interface Lane {
  readonly log: PartitionLog;
  resumed: boolean;
  paused: boolean;
  position: number;
  /** Raised by every resume: a fetch from before it is dropped. */
  version: number;
  covered: boolean;
}

interface Answer {
  readonly lane: Lane;
  readonly version: number;
  readonly records: readonly RawRecord[];
  readonly end: number;
  readonly nextPosition: number;
}

export class SimulatedMember implements InputLog {
  readonly id: string;
  readonly #host: MemberHost;
  readonly #lanes = new Map<string, Lane>();
  #listener: InputLogListener | undefined;
  #answers: Answer[] | undefined;
  #rounds = 0;

  constructor(id: string, host: MemberHost) {
    this.id = id;
    this.#host = host;
  }

  get isReading(): boolean {
    return this.#listener !== undefined;
  }

  start(listener: InputLogListener): Promise<{ readonly partitionCount: number }> {
    if (this.#listener !== undefined) throw new Error(`instance ${this.id} has started already`);
    this.#listener = listener;
    this.#host.join(this);
    return this.#host.later(() => ({ partitionCount: this.#host.partitionCount }));
  }

  stop(): Promise<void> {
    this.cut();
    this.#host.leave(this);
    return Promise.resolve();
  }

  /** Silences the instance for good, as a kill does. The group notices later. */
  cut(): void {
    this.#listener = undefined;
    this.#answers = undefined;
  }

  bounds(partitions: readonly number[]): Promise<readonly TopicBounds[]> {
    return this.#host.later(() =>
      partitions.flatMap((partition) =>
        this.#host.topics.map((topic) => {
          const { start, end } = this.#host.log(topic, partition);
          return { topic, partition, start, end };
        }),
      ),
    );
  }

  resume(positions: readonly TopicPosition[]): void {
    for (const { topic, partition, nextOffset } of positions) {
      if (!Number.isSafeInteger(nextOffset) || nextOffset < 0) {
        throw new RangeError(`cannot read ${topic} ${partition} from ${nextOffset}`);
      }
      const lane = this.#lanes.get(key(topic, partition));
      if (lane === undefined) continue;
      const version = lane.version + 1;
      Object.assign(lane, {
        resumed: true,
        paused: false,
        position: nextOffset,
        version,
        covered: false,
      });
    }
    this.#host.stirred();
  }

  pause(topic: InputTopic, partition: number): void {
    const lane = this.#lanes.get(key(topic, partition));
    if (lane?.resumed === true) lane.paused = true;
  }

  unpause(topic: InputTopic, partition: number): void {
    const lane = this.#lanes.get(key(topic, partition));
    if (lane?.paused !== true) return;
    lane.paused = false;
    lane.covered = false;
    this.#host.stirred();
  }

  reportProgress(positions: readonly TopicPosition[]): void {
    this.#host.progress(positions);
  }

  held(): readonly number[] {
    return [...new Set([...this.#lanes.values()].map((lane) => lane.log.partition))];
  }

  /** A new assignment arrives. What is in `kept` goes on where it is. */
  assign(partitions: readonly number[], kept: ReadonlySet<number>): void {
    const held = this.held();
    const before = new Map(this.#lanes);
    this.#lanes.clear();
    this.#answers = undefined;
    for (const partition of partitions) {
      for (const topic of this.#host.topics) {
        const old = kept.has(partition) ? before.get(key(topic, partition)) : undefined;
        const lane = old ?? freshLane(this.#host.log(topic, partition));
        lane.covered = false;
        this.#lanes.set(key(topic, partition), lane);
      }
    }
    const revoked = held.filter((one) => !kept.has(one));
    const assigned = partitions.filter((one) => !kept.has(one));
    if (revoked.length > 0) this.#listener?.revoked(revoked);
    if (assigned.length > 0) this.#listener?.assigned(assigned);
  }

  canFetch(): boolean {
    return this.isReading && this.#answers === undefined && this.#active().length > 0;
  }

  /** Reads every active topic-partition as it is now; `limit` is asked for each, in records. */
  fetch(limit: () => number): void {
    const answers: Answer[] = [];
    for (const lane of this.#active()) {
      const { log, position, version } = lane;
      if (position < log.start || position > log.end) {
        this.#fail(
          `${log.topic} ${log.partition} has no record at ${position}, only from ${log.start} to ${log.end}`,
        );
        return;
      }
      const records = log.read(position, limit());
      const whole = log.read(position, records.length + 1).length === records.length;
      const last = records.at(-1);
      // Behind the last record there may be offsets that nobody sees; they are passed over with it.
      const nextPosition = whole ? log.end : (last?.offset ?? position) + 1;
      answers.push({ lane, version, records, end: log.end, nextPosition });
    }
    this.#answers = answers;
  }

  /** Answers of the running fetch that were not handed over yet. */
  waiting(): readonly PartitionLog[] {
    return (this.#answers ?? []).map((answer) => answer.lane.log);
  }

  /** Hands over the answer of one topic-partition, or drops it when it was paused or moved meanwhile. */
  deliver(log: PartitionLog): void {
    const answer = this.#answers?.find((one) => one.lane.log === log);
    if (answer === undefined) return;
    this.#answers = this.#answers?.filter((one) => one !== answer);
    const { lane, version, records, end, nextPosition } = answer;
    if (this.#isActive(lane) && lane.version === version) {
      lane.position = nextPosition;
      lane.covered = true;
      if (records.length > 0) this.#listener?.records(log.topic, log.partition, records, end);
    }
    if (this.#answers?.length === 0) this.#endFetch();
  }

  /** Nothing to read before the end of any active log. */
  isCaughtUp(): boolean {
    return this.#active().every((lane) => lane.position >= lane.log.end);
  }

  /** Rounds that ended so far; undefined while there is nothing to go round. */
  rounds(): number | undefined {
    return this.#active().length === 0 ? undefined : this.#rounds;
  }

  #endFetch(): void {
    this.#answers = undefined;
    const active = this.#active();
    if (active.length === 0 || active.some((lane) => !lane.covered)) return;
    active.forEach((lane) => {
      lane.covered = false;
    });
    this.#rounds += 1;
    this.#listener?.roundEnded();
  }

  #fail(message: string): void {
    const listener = this.#listener;
    this.cut();
    this.#host.leave(this);
    listener?.failed(new Error(message));
  }

  #active(): Lane[] {
    return [...this.#lanes.values()].filter((lane) => this.#isActive(lane));
  }

  #isActive(lane: Lane): boolean {
    return (
      lane.resumed &&
      !lane.paused &&
      this.#lanes.get(key(lane.log.topic, lane.log.partition)) === lane
    );
  }
}

function freshLane(log: PartitionLog): Lane {
  return { log, resumed: false, paused: false, position: 0, version: 0, covered: false };
}

function key(topic: InputTopic, partition: number): string {
  return `${topic} ${partition}`;
}
