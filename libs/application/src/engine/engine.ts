/**
 * The engine's loops. Every partition belongs to one of a few coroutines: the log's calls only enqueue, and claims, batches, retries and
 * shut-down of a partition are steps of the same loop, never at the same time (PERFORMANCE §8.4). While one loop waits for the database,
 * another decides.
 */
import { INPUT_TOPICS, type Input, type InputTopic, type Instant } from '#domain';
import { PartitionsFenced, TransientFault, InvariantBroken } from '../ports/faults.ts';
import type { InputLog, InputLogListener, RawRecord } from '../ports/input-log.ts';
import type { BatchDeps, BatchResult, DecisionSettings, PartitionLot } from './batch-types.ts';
import { claimPartitions } from './claims.ts';
import type { EngineObserver } from './engine-events.ts';
import { followPayees } from './follow-payees.ts';
import { Lane } from './lane.ts';
import { Loop } from './loop.ts';
import { processBatch } from './process-batch.ts';
import type { Publisher } from './publisher.ts';
import { setAside } from './set-aside.ts';
import { splitLot } from './split-lot.ts';
import { pause, backOffMs } from './waiting.ts';

export interface EngineOptions {
  readonly instanceId: string;
  /** Batches under way at the same time, of different partitions. */
  readonly loops: number;
  /** Inputs per transaction at most. */
  readonly batchMax: number;
  /** How long a topic that is known to lag keeps the others waiting. */
  readonly alignmentWaitMs: number;
  /** Bytes queued per topic and partition beyond which its delivery is paused. */
  readonly queueBytesMax: number;
  /** How long after losing a partition that the log still gives us it is claimed again. */
  readonly reclaimAfterMs: number;
  /** How often it is looked whether payees of decided transfers have turned. */
  readonly followPayeesMs: number;
}

export const ENGINE_DEFAULTS: Omit<EngineOptions, 'instanceId'> = {
  loops: 2,
  batchMax: 500,
  alignmentWaitMs: 1_000,
  queueBytesMax: 1_048_576,
  reclaimAfterMs: 1_000,
  followPayeesMs: 500,
};

export interface EngineDeps extends BatchDeps {
  readonly log: InputLog;
  readonly publisher: Publisher;
  readonly read: (record: RawRecord) => Input;
  /** Read once per batch. */
  readonly settings: () => DecisionSettings;
  readonly observer: EngineObserver;
  /** Called once when the engine cannot go on; the process is expected to exit. */
  readonly onFatal: (error: Error) => void;
}

export class Engine implements InputLogListener {
  readonly #deps: EngineDeps;
  readonly #options: EngineOptions;
  readonly #lanes = new Map<number, Lane>();
  /** Partitions the log gives us, whether claimed yet or not. */
  readonly #assigned = new Set<number>();
  readonly #toClaim = new Map<number, number>();
  readonly #loops: readonly Loop[];
  #stopping = false;
  #failure: Error | undefined;
  #running: Promise<unknown> | undefined;
  #lastRoundAt = 0;

  constructor(deps: EngineDeps, options: EngineOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#loops = Array.from({ length: options.loops }, (_, index) => new Loop(index));
  }

  /** Begins to work; the log is started by whoever owns it, with the engine as its listener. */
  start(): void {
    this.#deps.publisher.start();
    this.#running = Promise.all(this.#loops.map((loop) => this.#run(loop)));
  }

  /** Ends the batches under way, publishes what is committed within `drainMs`, and returns. The log MUST be stopped before. */
  async stop(drainMs: number): Promise<void> {
    this.#stopping = true;
    this.#wakeAll();
    await this.#running;
    await this.#deps.publisher.stop(drainMs);
  }

  /** When the last round over the log ended, by the engine's clock; 0 before the first. */
  get lastRoundAt(): number {
    return this.#lastRoundAt;
  }

  assigned(partitions: readonly number[]): void {
    for (const partition of partitions) {
      this.#assigned.add(partition);
      this.#toClaim.set(partition, 0);
    }
    this.#wakeAll();
  }

  revoked(partitions: readonly number[]): void {
    for (const partition of partitions) {
      this.#assigned.delete(partition);
      this.#toClaim.delete(partition);
      this.#drop(partition);
    }
    this.#tellOwned();
  }

  records(topic: InputTopic, partition: number, records: readonly RawRecord[], end: number): void {
    const lane = this.#lanes.get(partition);
    if (lane === undefined) return;
    const items = records.map((record) => ({
      input: this.#deps.read(record),
      bytes: (record.value?.length ?? 0) + RECORD_OVERHEAD_BYTES,
    }));
    lane.push(topic, items, end);
    if (!lane.isPaused(topic) && lane.bytesOf(topic) > this.#options.queueBytesMax) {
      lane.setPaused(topic, true);
      this.#deps.log.pause(topic, partition);
    }
    this.#wakeAll();
  }

  roundEnded(): void {
    // Rounds follow each other: this one began when the last one had ended, at the earliest.
    const beganAt = this.#lastRoundAt;
    this.#lastRoundAt = this.#deps.clock.now();
    for (const lane of this.#lanes.values()) lane.roundEnded(beganAt);
    this.#wakeAll();
  }

  failed(error: Error): void {
    this.#failure = error;
    this.#wakeAll();
  }

  #wakeAll(): void {
    for (const { wake } of this.#loops) wake.set();
  }

  /** The one loop in which everything about a partition happens. By pairs, so that an instance with every other partition uses all. */
  #owns(loop: Loop, partition: number): boolean {
    return Math.floor(partition / 2) % this.#loops.length === loop.index;
  }

  async #run(loop: Loop): Promise<void> {
    try {
      while (!this.#stopping) {
        if (this.#failure !== undefined) throw this.#failure;
        await this.#claim(loop);
        await this.#followPayees(loop);
        this.#tellResponsesRead(loop);
        const lots = this.#take(loop);
        if (lots.length === 0) await loop.wake.wait(this.#idleMs(loop));
        else await this.#decide(lots);
      }
    } catch (error) {
      this.#endWith(error instanceof Error ? error : new InvariantBroken('threw no error'));
    }
  }

  #endWith(error: Error): void {
    this.#stopping = true;
    this.#wakeAll();
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#deps.onFatal(error);
  }
  #hasEnded = false;

  async #claim(loop: Loop): Promise<void> {
    const now = this.#deps.clock.now();
    const due = [...this.#toClaim]
      .filter(([partition, at]) => at <= now && this.#owns(loop, partition))
      .map(([partition]) => partition);
    if (due.length === 0) return;
    for (const partition of due) this.#toClaim.delete(partition);
    const { store, log, observer, publisher } = this.#deps;
    try {
      const claimed = await claimPartitions(store, log, this.#options.instanceId, due);
      const leases = claimed.leases.filter(({ partition }) => this.#assigned.has(partition));
      for (const lease of leases) this.#lanes.set(lease.partition, new Lane(lease));
      await publisher.own(leases.map(({ partition, epoch }) => ({ chain: partition, epoch })));
      log.resume(claimed.readFrom.filter(({ partition }) => this.#lanes.has(partition)));
      for (const { partition, reason } of claimed.stopped) {
        observer.partitionStopped(partition, reason);
      }
    } catch (error) {
      if (!(error instanceof TransientFault)) throw error;
      observer.retrying(error, 1);
      this.#claimLater(due);
    }
    this.#tellOwned();
  }

  /**
   * Lets the clock's releases go on (DESIGN, Hold life). Said between batches and not waited for: what fails now is said a moment later.
   */
  #tellResponsesRead(loop: Loop): void {
    const now = this.#deps.clock.now();
    if (loop.tellingRead || now - loop.toldReadAt < RESPONSES_READ_MS) return;
    loop.toldReadAt = now;
    const marks = this.#lanesOf(loop).map((lane) => ({
      partition: lane.partition,
      epoch: lane.epoch,
      readUntil: lane.takenUntil('holds.responses'),
    }));
    if (marks.length === 0) return;
    loop.tellingRead = true;
    void this.#deps.store
      .markResponsesRead(marks)
      .catch((error: unknown) => {
        if (!(error instanceof TransientFault)) this.failed(error as Error);
      })
      .finally(() => {
        loop.tellingRead = false;
      });
  }

  #claimLater(partitions: readonly number[]): void {
    const at = this.#deps.clock.now() + this.#options.reclaimAfterMs;
    for (const partition of partitions) {
      if (this.#assigned.has(partition)) this.#toClaim.set(partition, at);
    }
  }

  #take(loop: Loop): PartitionLot[] {
    const { batchMax, alignmentWaitMs } = this.#options;
    const now = this.#deps.clock.now();
    const lots: PartitionLot[] = [];
    let left = batchMax;
    for (const lane of this.#inTurn(loop)) {
      if (left === 0) break;
      const waitedSince = lane.waitsUntil(alignmentWaitMs);
      const taken = lane.take(left, now, alignmentWaitMs);
      if (taken === undefined) continue;
      if (waitedSince !== undefined) {
        this.#deps.observer.alignmentWaited(now - (waitedSince - alignmentWaitMs));
      }
      left -= taken.inputs.length;
      lots.push({ partition: lane.partition, epoch: lane.epoch, ...taken });
      this.#relievePressure(lane);
    }
    return lots;
  }

  /** Starts with another partition each time, so that a busy one does not starve the others. */
  #inTurn(loop: Loop): readonly Lane[] {
    const lanes = this.#lanesOf(loop);
    loop.turn = lanes.length === 0 ? 0 : (loop.turn + 1) % lanes.length;
    return [...lanes.slice(loop.turn), ...lanes.slice(0, loop.turn)];
  }

  #lanesOf(loop: Loop): readonly Lane[] {
    return [...this.#lanes.values()].filter(({ partition }) => this.#owns(loop, partition));
  }

  #relievePressure(lane: Lane): void {
    for (const topic of INPUT_TOPICS) {
      if (lane.isPaused(topic) && lane.bytesOf(topic) * 2 < this.#options.queueBytesMax) {
        lane.setPaused(topic, false);
        this.#deps.log.unpause(topic, lane.partition);
      }
    }
  }

  /** Between batches of the same partitions, never during one. What fails is tried again at the next look. */
  async #followPayees(loop: Loop): Promise<void> {
    const { clock, observer, settings } = this.#deps;
    const startedAt = clock.now();
    const leases = this.#lanesOf(loop).map((lane) => lane.lease());
    if (leases.length === 0 || startedAt < loop.followAt) return;
    loop.followAt = startedAt + this.#options.followPayeesMs;
    try {
      const { result, more } = await followPayees(this.#deps, leases, settings());
      if (more) loop.followAt = startedAt;
      if (result === undefined) return;
      this.#offer(result);
      observer.batchCommitted({ inputs: 0, durationMs: clock.now() - startedAt, result });
    } catch (error) {
      if (error instanceof PartitionsFenced) this.#fenced(error.partitions);
      else if (error instanceof TransientFault) observer.retrying(error, 1);
      else throw error;
    }
  }

  #idleMs(loop: Loop): number {
    const now = this.#deps.clock.now();
    const lanes = this.#lanesOf(loop);
    const ends = lanes.map((lane) => lane.waitsUntil(this.#options.alignmentWaitMs));
    const follows = lanes.length === 0 ? [] : [loop.followAt];
    const claims = [...this.#toClaim].flatMap(([partition, at]) =>
      this.#owns(loop, partition) ? [at] : [],
    );
    const times = [...ends, ...follows, ...claims].filter((at) => at !== undefined);
    return Math.max(0, Math.min(IDLE_MS_MAX, ...times.map((at) => at - now)));
  }

  /** Decides the lots, however often it takes: a batch that cannot be committed now is kept, not dropped. */
  async #decide(taken: readonly PartitionLot[]): Promise<void> {
    let lots = taken;
    for (let attempt = 1; lots.length > 0 && !this.#stopping; attempt += 1) {
      try {
        await this.#commit(lots);
        return;
      } catch (error) {
        if (error instanceof PartitionsFenced) {
          this.#fenced(error.partitions);
          attempt = 0;
        } else if (error instanceof TransientFault) {
          this.#deps.observer.retrying(error, attempt);
          await pause(backOffMs(attempt));
        } else if (error instanceof InvariantBroken || !(error instanceof Error)) {
          throw error;
        } else {
          await this.#decideOneByOne(lots, error);
          return;
        }
        lots = lots.filter((lot) => this.#lanes.get(lot.partition)?.epoch === lot.epoch);
      }
    }
  }

  async #commit(lots: readonly PartitionLot[]): Promise<BatchResult> {
    const { clock, observer, log } = this.#deps;
    const startedAt = clock.now();
    const result = await processBatch(this.#deps, lots, this.#deps.settings());
    this.#offer(result);
    log.reportProgress(lots.flatMap((lot) => this.#lanes.get(lot.partition)?.positions() ?? []));
    for (const { partition, feeds, ranges } of lots) {
      for (const { topic, records } of ranges) observer.recordsConsumed(topic, records);
      observer.feedsHeard(partition, feeds.at(-1) ?? {});
    }
    observer.batchCommitted({
      inputs: lots.reduce((sum, lot) => sum + lot.inputs.length, 0),
      durationMs: clock.now() - startedAt,
      result,
    });
    return result;
  }

  /** Hands what is committed to the publisher. */
  #offer(result: BatchResult): void {
    const { clock, publisher } = this.#deps;
    for (const [chain, entries] of result.entries) {
      publisher.offer(chain, entries, appendTimes(result, chain, clock.now()));
    }
  }

  /** Something in the batch breaks us: finds it, sets it aside with its fallback decision, and goes on with the rest. */
  async #decideOneByOne(lots: readonly PartitionLot[], error: Error): Promise<void> {
    const singles = lots.flatMap((lot) => splitLot(lot));
    if (singles.length > 1) {
      for (const single of singles) await this.#decide([single]);
      return;
    }
    const [single] = singles;
    if (single === undefined) return;
    const input = single.inputs[0] as Input;
    // What was set aside and still fails is not the record's fault.
    if (input.kind !== 'event') throw error;
    this.#deps.observer.recordFailed(input.topic, input.partition, input.offset, error);
    await this.#decide([{ ...single, inputs: [setAside(input)] }]);
  }

  #fenced(partitions: readonly number[]): void {
    this.#deps.observer.fenced(partitions);
    for (const partition of partitions) this.#drop(partition);
    // The log may have taken the partition from us and not said so yet; if it has not, we claim it back.
    this.#claimLater(partitions);
    this.#tellOwned();
  }

  #drop(partition: number): void {
    this.#lanes.delete(partition);
    this.#deps.publisher.drop(partition);
  }

  #tellOwned(): void {
    this.#deps.observer.partitionsOwned([...this.#lanes.keys()].sort((a, b) => a - b));
  }
}

/** When the requests decided in a chain were appended to the log. */
function appendTimes({ decisions }: BatchResult, chain: number, now: Instant): Instant[] {
  return decisions
    .filter(({ partition, sequence }) => partition === chain && sequence === 1)
    .map(({ lagMs }) => now - lagMs);
}

/** What an object for a record costs beside its bytes, roughly. */
const RECORD_OVERHEAD_BYTES = 1_000;
const IDLE_MS_MAX = 1_000;
/** How often the clock's releases hear how far answers are read: well within the second in which they are to go. */
const RESPONSES_READ_MS = 200;
