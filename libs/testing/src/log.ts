/**
 * The in-process log with the behaviour of Kafka as the engine sees it: for simulations that can be replayed from a seed, and
 * behind `--no-kafka`. It keeps everything in memory and forgets it with the process.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { InputLog, RawRecord, TopicPosition } from '#application';
import { INPUT_TOPICS, type InputTopic, type Instant } from '#domain';
import { makeChance } from './log-chance.ts';
import { SimulatedGroup } from './log-group.ts';
import { SimulatedMember } from './log-member.ts';
import { type PublishedRecord, type SimulatedOutput, makeSimulatedOutput } from './log-outputs.ts';
import { PartitionLog } from './log-storage.ts';

export type { PublishedRecord, SimulatedOutput } from './log-outputs.ts';

export interface SimulatedLogOptions {
  readonly partitions: number;
  /**
   * `steps`: nothing happens but by `step`, `settle` or `run`, and what happens next is drawn from the seed.
   * `real-time`: delivers on the next turn of the event loop, in order.
   */
  readonly pace: 'steps' | 'real-time';
  readonly seed?: number;
  /** How likely a topic's answer comes next, 1 by default: 0.1 makes its records lag behind the others. */
  readonly speeds?: Readonly<Partial<Record<InputTopic, number>>>;
  /** Most records of one topic-partition in one answer. */
  readonly recordsPerFetchMax?: number;
  /** For `brokerTime` where `append` is given none. */
  readonly now?: () => Instant;
  readonly onPublished?: (record: PublishedRecord) => void;
}

export interface AppendedRecord {
  readonly topic: InputTopic;
  readonly partition: number;
  readonly key: Uint8Array | string | null;
  readonly value: Uint8Array | string | null;
  readonly headers?: Readonly<Record<string, string | Uint8Array>>;
  readonly brokerTime?: Instant;
}

/** An instance of the engine as the log sees it. */
export interface SimulatedInstance extends InputLog {
  /** SIGKILL: its listener is never called again; the group notices when the scheduler says so. */
  crash(): void;
  /** Its session runs out while it lives: it goes on reading until it learns, later, that others have its partitions. */
  expel(): void;
}

export interface SimulatedLog {
  readonly output: SimulatedOutput;
  readonly partitionCount: number;
  /** Returns the offset. */
  append(record: AppendedRecord): number;
  /** Uses up offsets without records, as transaction markers and aborted records do. */
  skip(topic: InputTopic, partition: number, count: number): void;
  /** Deletes what is older, as retention does. */
  dropBefore(topic: InputTopic, partition: number, offset: number): void;
  /** Loses the tail, as a single broker does that lost its power. */
  dropFrom(topic: InputTopic, partition: number, offset: number): void;
  end(topic: InputTopic, partition: number): number;
  /** A new instance in the group, not started yet. */
  instance(id: string): SimulatedInstance;
  /** What instances reported as progress. */
  progress(topic: InputTopic, partition: number): number | undefined;
  /** Lets one thing happen. False when there is nothing that could. */
  step(): boolean;
  /** Steps, with turns of the event loop between them, until everybody has heard everything and read all that is there. */
  settle(stepsMax?: number): Promise<void>;
}

const RECORDS_PER_FETCH = 500;
const SETTLE_STEPS = 1_000_000;
const QUIET_TURNS = 20;
/** In real time, how soon an empty log is looked at again, so that rounds go on. */
const IDLE_MS = 20;

interface Action {
  readonly weight: number;
  readonly run: () => void;
}

export function makeSimulatedLog(options: SimulatedLogOptions): SimulatedLog {
  return new InProcessLog(options);
}

class InProcessLog implements SimulatedLog {
  readonly output: SimulatedOutput;
  readonly partitionCount: number;
  readonly #options: SimulatedLogOptions;
  readonly #chance;
  readonly #group: SimulatedGroup;
  readonly #logs = new Map<string, PartitionLog>();
  readonly #members = new Set<SimulatedMember>();
  readonly #answers: (() => void)[] = [];
  readonly #progress = new Map<string, number>();
  #soon: NodeJS.Immediate | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(options: SimulatedLogOptions) {
    this.#options = options;
    this.partitionCount = options.partitions;
    this.#chance = makeChance(options.seed ?? 1);
    this.#group = new SimulatedGroup(options.partitions);
    this.output = makeSimulatedOutput(
      (answer) => this.#later(answer),
      options.onPublished ?? (() => undefined),
    );
  }

  append({ topic, partition, key, value, headers, brokerTime }: AppendedRecord): number {
    const record: Omit<RawRecord, 'offset' | 'topic' | 'partition'> = {
      key: toBytes(key),
      value: toBytes(value),
      headers: new Map(
        Object.entries(headers ?? {}).map(([name, one]) => [
          name,
          toBytes(one) ?? new Uint8Array(),
        ]),
      ),
      brokerTime: brokerTime ?? this.#options.now?.() ?? Date.now(),
    };
    const offset = this.#log(topic, partition).append(record);
    this.#stir();
    return offset;
  }

  skip(topic: InputTopic, partition: number, count: number): void {
    this.#log(topic, partition).skip(count);
  }

  dropBefore(topic: InputTopic, partition: number, offset: number): void {
    this.#log(topic, partition).dropBefore(offset);
  }

  dropFrom(topic: InputTopic, partition: number, offset: number): void {
    this.#log(topic, partition).dropFrom(offset);
  }

  end(topic: InputTopic, partition: number): number {
    return this.#log(topic, partition).end;
  }

  progress(topic: InputTopic, partition: number): number | undefined {
    return this.#progress.get(name(topic, partition));
  }

  instance(id: string): SimulatedInstance {
    const member = new SimulatedMember(id, {
      topics: INPUT_TOPICS,
      partitionCount: this.partitionCount,
      log: (topic, partition) => this.#log(topic, partition),
      join: (one) => {
        this.#members.add(one);
        this.#group.join(one);
        this.#stir();
      },
      leave: (one) => {
        this.#members.delete(one);
        this.#group.leave(one);
        this.#stir();
      },
      later: (answer) => this.#later(answer),
      progress: (positions) => this.#noteProgress(positions),
      stirred: () => this.#stir(),
    });
    return Object.assign(member, {
      crash: () => {
        member.cut();
        this.#members.delete(member);
        this.#group.markDead(member);
        this.#stir();
      },
      expel: () => {
        this.#group.expel(member);
        this.#stir();
      },
    });
  }

  step(): boolean {
    const action = this.#chance.pick(this.#possible(), (one) => one.weight);
    action?.run();
    return action !== undefined;
  }

  async settle(stepsMax: number = SETTLE_STEPS): Promise<void> {
    let quietSince: ReadonlyMap<SimulatedMember, number> | undefined;
    let quietTurns = 0;
    for (let steps = 0; ; steps += 1) {
      if (steps >= stepsMax)
        throw new Error(`the simulated log did not settle in ${stepsMax} steps`);
      this.step();
      // Promises that the step settled may want something of the log.
      await nextTurn();
      if (!this.#isQuiet()) {
        quietSince = undefined;
        quietTurns = 0;
        continue;
      }
      quietSince ??= this.#rounds();
      quietTurns += 1;
      const since = quietSince;
      const wentRound = [...this.#rounds()].every(
        ([one, rounds]) => rounds >= (since.get(one) ?? rounds) + 2,
      );
      if (wentRound && quietTurns >= QUIET_TURNS) return;
    }
  }

  #rounds(): ReadonlyMap<SimulatedMember, number> {
    return new Map(
      [...this.#members].flatMap((one) => {
        const rounds = one.rounds();
        return rounds === undefined ? [] : [[one, rounds]];
      }),
    );
  }

  /** Everything that could happen now. Answers and group news are as likely as one topic's records. */
  #possible(): readonly Action[] {
    const one = (run: () => void): Action => ({ weight: 1, run });
    const answers = this.#answers.map((run) =>
      one(() => {
        this.#answers.splice(this.#answers.indexOf(run), 1);
        run();
      }),
    );
    const fetches = [...this.#members]
      .filter((member) => member.canFetch())
      .map((member) => one(() => member.fetch(() => this.#recordsPerFetch())));
    const deliveries = [...this.#members].flatMap((member) =>
      member.waiting().map((log) => ({
        weight: this.#options.speeds?.[log.topic] ?? 1,
        run: () => member.deliver(log),
      })),
    );
    return [...answers, ...this.#group.events().map(one), ...fetches, ...deliveries];
  }

  #isQuiet(): boolean {
    return (
      this.#answers.length === 0 &&
      this.#group.events().length === 0 &&
      [...this.#members].every((member) => member.isCaughtUp())
    );
  }

  #recordsPerFetch(): number {
    const max = this.#options.recordsPerFetchMax ?? RECORDS_PER_FETCH;
    return this.#options.pace === 'steps' ? 1 + this.#chance.below(max) : max;
  }

  #later<T>(answer: () => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#answers.push(() => {
      try {
        resolve(answer());
      } catch (error) {
        reject(error);
      }
    });
    this.#stir();
    return promise;
  }

  #stir(): void {
    if (this.#options.pace !== 'real-time') return;
    clearTimeout(this.#idle);
    if (this.#soon === undefined) this.#soon = setImmediate(() => this.#pump());
  }

  /** Real time: everything that is possible now, in order, then again when there is more. */
  #pump(): void {
    this.#soon = undefined;
    this.#possible().forEach((action) => action.run());
    const underWay = [...this.#members].some((member) => member.waiting().length > 0);
    if (underWay || !this.#isQuiet()) this.#stir();
    else if (this.#members.size > 0) this.#idle = setTimeout(() => this.#pump(), IDLE_MS).unref();
  }

  #noteProgress(positions: readonly TopicPosition[]): void {
    for (const { topic, partition, nextOffset } of positions) {
      this.#progress.set(name(topic, partition), nextOffset);
    }
  }

  #log(topic: InputTopic, partition: number): PartitionLog {
    if (!Number.isInteger(partition) || partition < 0 || partition >= this.partitionCount) {
      throw new RangeError(
        `there is no partition ${partition}, only 0 to ${this.partitionCount - 1}`,
      );
    }
    const log = this.#logs.get(name(topic, partition)) ?? new PartitionLog(topic, partition);
    this.#logs.set(name(topic, partition), log);
    return log;
  }
}

function name(topic: InputTopic, partition: number): string {
  return `${topic} ${partition}`;
}

function toBytes(value: Uint8Array | string | null): Uint8Array | null {
  return typeof value === 'string' ? Buffer.from(value) : value;
}
