/** risk-engine as a process of the simulation: the real engine and publisher, wired as the app wires them. */
import {
  ENGINE_DEFAULTS,
  Engine,
  PUBLISHER_DEFAULTS,
  Publisher,
  type Clock,
  type DecisionSettings,
  type EngineObserver,
  type InputLog,
  type InputLogListener,
} from '#application';
import { NODE_HASHING } from '#config';
import { encodeEntry, readRecord } from '#contracts';
import type { SimulatedInstance, SimulatedLog } from '../log.ts';
import type { MemoryStore } from '../store.ts';
import { SimulatedProcess } from './process.ts';
import { StoreConnection, type DurableWork } from './store-connection.ts';

export interface EngineSetting {
  readonly batchMax: number;
  readonly queueBytesMax: number;
  /** Entries per send, and entries kept in memory per chain. */
  readonly sendMax: number;
  readonly bufferMax: number;
}

export interface EngineSurroundings {
  readonly log: SimulatedLog;
  readonly store: MemoryStore;
  readonly settings: DecisionSettings;
  readonly clock: Clock;
  readonly setting: EngineSetting;
  readonly onDurable: (work: DurableWork) => void;
  readonly observer: EngineObserver;
  readonly onFatal: (error: Error) => void;
  /** Something came in, so that whoever waits for quiet waits on. */
  readonly onHeard: () => void;
}

const DRAIN_MS = 8_000;

export class EngineProcess {
  readonly process: SimulatedProcess;
  readonly connection: StoreConnection;
  readonly #member: SimulatedInstance;
  readonly #engine: Engine;
  /** Rounds over the log that ended. */
  rounds = 0;
  /** Partitions that it was given and has begun to read: only with these does it go round. */
  readonly reading = new Set<number>();
  /** What was last delivered of partitions that are being read. */
  #delivered: (() => void) | undefined;
  #leaving = false;
  #gone = false;

  constructor(name: string, surroundings: EngineSurroundings) {
    const { log, store, settings, clock, setting, observer, onFatal } = surroundings;
    const process = new SimulatedProcess(name);
    this.process = process;
    this.connection = new StoreConnection(
      process,
      store,
      { kind: 'batch' },
      surroundings.onDurable,
    );
    this.#member = log.instance(name);
    const fatal = (error: Error): void => {
      if (!process.isDead) onFatal(error);
    };
    const publisher = new Publisher(
      {
        journal: this.connection.journalStore,
        output: { send: (messages) => process.ask(() => log.output.send(messages)) },
        encode: encodeEntry,
        clock,
        observer,
        onFatal: fatal,
      },
      { ...PUBLISHER_DEFAULTS, sendMax: setting.sendMax, bufferMax: setting.bufferMax },
    );
    const { partitionCount } = log;
    this.#engine = new Engine(
      {
        unitOfWork: this.connection.unitOfWork,
        store: this.connection.engineStore,
        journal: this.connection.journalStore,
        clock,
        hashing: NODE_HASHING,
        log: this.#inputLog(),
        publisher,
        read: (record) => readRecord(record, { partitionCount }),
        settings: () => settings,
        observer,
        onFatal: fatal,
      },
      {
        ...ENGINE_DEFAULTS,
        instanceId: name,
        batchMax: setting.batchMax,
        queueBytesMax: setting.queueBytesMax,
      },
    );
    this.#engine.start();
    void this.#member.start(this.#listener(surroundings.onHeard));
  }

  /** It neither reads nor works any more. */
  get isGone(): boolean {
    return this.#gone || this.process.isDead;
  }

  get isLeaving(): boolean {
    return this.#leaving;
  }

  /** SIGKILL. */
  kill(): void {
    this.process.kill();
    this.#member.crash();
  }

  /** SIGSTOP for so long that the group gives its partitions to others. */
  stop(): void {
    this.process.stopped = true;
    this.#member.expel();
  }

  /** SIGCONT. */
  goOn(): void {
    this.process.stopped = false;
  }

  /** Its session runs out while it works on. */
  expel(): void {
    this.#member.expel();
  }

  /** The log says something again, as after a fetch that was answered twice. False where there is nothing to say again. */
  redeliver(): boolean {
    this.#delivered?.();
    return this.#delivered !== undefined;
  }

  /** SIGTERM: in the order of the app's transport. */
  async leave(): Promise<void> {
    this.#leaving = true;
    await this.#engine.stop(DRAIN_MS);
    if (this.process.isDead) return;
    await this.#member.stop();
    this.#gone = true;
  }

  #inputLog(): InputLog {
    const member = this.#member;
    return {
      start: (listener) => member.start(listener),
      stop: () => member.stop(),
      bounds: (partitions) => this.process.ask(() => member.bounds(partitions)),
      resume: (positions) => {
        this.#delivered = undefined;
        for (const { partition } of positions) this.reading.add(partition);
        member.resume(positions);
      },
      pause: (topic, partition) => member.pause(topic, partition),
      unpause: (topic, partition) => member.unpause(topic, partition),
      reportProgress: (positions) => member.reportProgress(positions),
    };
  }

  #listener(onHeard: () => void): InputLogListener {
    const engine = this.#engine;
    return {
      assigned: (partitions) => {
        this.#delivered = undefined;
        onHeard();
        engine.assigned(partitions);
      },
      revoked: (partitions) => {
        this.#delivered = undefined;
        for (const partition of partitions) this.reading.delete(partition);
        onHeard();
        engine.revoked(partitions);
      },
      records: (topic, partition, records, end) => {
        onHeard();
        this.#delivered = () => engine.records(topic, partition, records, end);
        this.#delivered();
      },
      roundEnded: () => {
        this.rounds += 1;
        engine.roundEnded();
      },
      failed: (error) => engine.failed(error),
    };
  }
}
