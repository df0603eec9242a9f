/** Everybody who takes part in a simulated run: engines, workers and a person at the console, and what may befall them. */
import {
  TransientFault,
  changeHold,
  endDueHolds,
  type Clock,
  type DecisionSettings,
  type EngineObserver,
  type HoldChangeRequest,
  type HoldDeps,
} from '#application';
import type { HoldCommand } from '#domain';
import type { Chance } from '../log-chance.ts';
import type { SimulatedLog } from '../log.ts';
import type { MemoryStore } from '../store.ts';
import { EngineProcess } from './engine-process.ts';
import { SimulatedProcess } from './process.ts';
import { StoreConnection, type DurableWork } from './store-connection.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Fault, Weather } from './weather.ts';

/** What went wrong on order, and what came of it. */
export type CrowdTally = ReadonlyMap<Fault | 'fenced' | 'set aside', number>;

export interface CrowdOptions {
  readonly weather: Weather;
  readonly settings: DecisionSettings;
  readonly mayFail: boolean;
  readonly chance: Chance;
  readonly time: VirtualTime;
  readonly log: SimulatedLog;
  readonly store: MemoryStore;
  readonly onDurable: (work: DurableWork) => void;
  /** Somebody may be waiting before trying again. */
  readonly onTrouble: () => void;
}

export interface CrowdStep {
  readonly weight: number;
  readonly run: () => void;
}

/** A process that works on the store alone: a worker, or the console. */
interface Clerk {
  readonly process: SimulatedProcess;
  readonly connection: StoreConnection;
  readonly deps: HoldDeps;
  isBusy: boolean;
}

const ANSWER_WEIGHT = 2;
const RETURN_WEIGHT = 0.05;
const ROUND_WEIGHT = 0.02;
const HOLDS_PER_ROUND = 3;
/** Enough for news of the group to come through, also to engines that read nothing yet. */
const LOG_STEPS_OF_QUIET = 20;

export class Crowd {
  readonly #options: CrowdOptions;
  #engines: EngineProcess[] = [];
  #workers: Clerk[] = [];
  #console: Clerk | undefined;
  #leaving = false;
  #names = 0;
  /** Rounds of each engine when something last happened. */
  #heardAt = new Map<EngineProcess, number>();
  /** Since something last happened. */
  #logSteps = 0;
  failure: Error | undefined;
  readonly #tally = new Map<Fault | 'fenced' | 'set aside', number>();

  constructor(options: CrowdOptions) {
    this.#options = options;
  }

  get tally(): CrowdTally {
    return this.#tally;
  }

  begin(): void {
    const { engines, workers } = this.#options.weather;
    while (this.#engines.length < engines) this.#startEngine();
    while (this.#workers.length < workers) this.#workers.push(this.#clerk('worker', 'due'));
    this.#console = this.#clerk('console', 'due');
  }

  /** Something came in or moved: quiet is to be waited for anew. */
  heard(): void {
    this.#logSteps = 0;
    this.#heardAt = new Map(this.#engines.map((engine) => [engine, engine.rounds]));
  }

  /** The log did something, or had nothing to do. */
  logMoved(didSomething: boolean): void {
    this.#logSteps += didSomething ? 1 : LOG_STEPS_OF_QUIET;
  }

  /** Nobody waits for an answer, and everybody has gone round the log so often since something last happened. */
  isQuiet(rounds: number): boolean {
    const awake = this.#engines.filter((engine) => !engine.process.stopped);
    return (
      (awake.length > 0 || this.#leaving) &&
      this.#logSteps >= LOG_STEPS_OF_QUIET &&
      this.#processes().every((process) => process.stopped || !process.isBusy) &&
      awake.every(
        (engine) =>
          engine.reading.size === 0 || engine.rounds >= (this.#heardAt.get(engine) ?? 0) + rounds,
      )
    );
  }

  /** Who is there and what they wait for, for a run that does not come to its end. */
  describe(): string {
    return this.#engines
      .map((engine) => {
        const { process, reading, rounds } = engine;
        const since = rounds - (this.#heardAt.get(engine) ?? 0);
        const state = process.stopped ? 'stopped' : process.isBusy ? 'busy' : 'idle';
        const leaving = engine.isLeaving ? ' leaving' : '';
        return `${process.name} ${state}${leaving}, reads ${reading.size} partitions, ${since} rounds of quiet`;
      })
      .join('; ');
  }

  /** Everybody has left. */
  get isEmpty(): boolean {
    return this.#leaving && this.#engines.length === 0;
  }

  /** Answers that may be given now. */
  steps(): CrowdStep[] {
    const { chance } = this.#options;
    return this.#processes()
      .filter((process) => process.waiting > 0)
      .map((process) => ({
        weight: ANSWER_WEIGHT,
        run: () => process.answer(chance.below(process.waiting)),
      }));
  }

  /** What people and supervisors do of themselves. */
  turns(): CrowdStep[] {
    const { weather, log } = this.#options;
    const steps: CrowdStep[] = [];
    if (this.#engines.length < weather.engines) {
      steps.push({ weight: RETURN_WEIGHT, run: () => this.#startEngine() });
    }
    for (const engine of this.#engines) {
      if (!engine.process.stopped) continue;
      steps.push({ weight: RETURN_WEIGHT, run: () => engine.goOn() });
    }
    this.#workers.forEach((worker, index) => {
      if (worker.process.isDead) {
        const run = (): void => void (this.#workers[index] = this.#clerk('worker', 'due'));
        steps.push({ weight: RETURN_WEIGHT, run });
      } else if (!worker.isBusy) {
        steps.push({ weight: ROUND_WEIGHT, run: () => this.#round(worker) });
      }
    });
    const clerk = this.#console;
    if (weather.commands > 0 && clerk?.isBusy === false && log.partitionCount > 0) {
      steps.push({ weight: weather.commands, run: () => this.#command(clerk) });
    }
    return steps;
  }

  faults(): CrowdStep[] {
    const { weather, chance, log } = this.#options;
    const one = <T>(choices: readonly T[]): T | undefined => chance.pick(choices, () => 1);
    // Most of the time in the middle of something, where it hurts.
    const engine = (): EngineProcess | undefined =>
      chance.pick(awake, ({ process }) => (process.isBusy ? 10 : 1));
    const awake = this.#engines.filter((engine) => !engine.process.stopped && !engine.isLeaving);
    const clerks = this.#workers.filter(({ process }) => !process.isDead);
    const connections = [...awake, ...clerks].map(({ connection }) => connection);
    const asking = this.#processes().filter((process) => process.waiting > 0);
    const happen: Readonly<Record<Fault, () => boolean>> = {
      'engine killed': () => befall(engine(), (engine) => this.#killEngine(engine)),
      'engine stopped': () => befall(engine(), (engine) => engine.stop()),
      'engine expelled': () => befall(engine(), (engine) => engine.expel()),
      'engine left': () => befall(engine(), (engine) => this.#leave(engine)),
      'records redelivered': () => one(awake)?.redeliver() === true,
      'worker killed': () => befall(one(clerks), ({ process }) => process.kill()),
      'connection lost': () =>
        befall(one(asking), (process) => process.refuse(chance.below(process.waiting))),
      'commit lost before': () =>
        befall(one(connections), (one) => void (one.nextCommit = 'before')),
      'commit lost after': () => befall(one(connections), (one) => void (one.nextCommit = 'after')),
      'send lost before': () => befall(log, ({ output }) => output.failNext('before')),
      'send lost after': () => befall(log, ({ output }) => output.failNext('after')),
    };
    return Object.entries(weather.faults).map(([name, weight]) => ({
      weight,
      run: () => {
        const fault = name as Fault;
        if (!happen[fault]()) return;
        this.#count(fault);
        this.#options.onTrouble();
        this.heard();
      },
    }));
  }

  /** Whoever was stopped goes on, and whoever is missing is replaced. */
  calmDown(): void {
    for (const engine of this.#engines) engine.goOn();
    if (this.#engines.every((engine) => engine.isLeaving)) this.#startEngine();
    this.#workers = this.#workers.map((worker) =>
      worker.process.isDead ? this.#clerk('worker', 'due') : worker,
    );
    this.#options.onTrouble();
    this.heard();
  }

  /** Every worker looks for due holds. */
  workNow(): void {
    for (const worker of this.#workers) if (!worker.isBusy) this.#round(worker);
    this.heard();
  }

  leave(): void {
    this.#leaving = true;
    for (const engine of this.#engines) if (!engine.isLeaving) this.#leave(engine);
  }

  #processes(): SimulatedProcess[] {
    const clerks = this.#console === undefined ? this.#workers : [...this.#workers, this.#console];
    return [...this.#engines, ...clerks]
      .map(({ process }) => process)
      .filter((process) => !process.isDead);
  }

  #clock(): Clock {
    const { chance, time, weather } = this.#options;
    const skewMs = Math.round((chance.fraction() * 2 - 1) * weather.skewMsMax);
    return { now: () => time.now() + skewMs };
  }

  #name(kind: string): string {
    this.#names += 1;
    return `${kind}-${this.#names}`;
  }

  #startEngine(): void {
    const { log, store, settings, weather, onDurable } = this.#options;
    const engine = new EngineProcess(this.#name('engine'), {
      log,
      store,
      settings,
      clock: this.#clock(),
      setting: weather.setting,
      onDurable,
      observer: this.#observer(),
      onFatal: (error) => this.#fail(error),
      onHeard: () => this.heard(),
    });
    this.#engines.push(engine);
    this.#options.onTrouble();
    this.heard();
  }

  #killEngine(engine: EngineProcess): void {
    engine.kill();
    this.#engines = this.#engines.filter((one) => one !== engine);
  }

  #leave(engine: EngineProcess): void {
    engine.leave().then(
      () => {
        this.#engines = this.#engines.filter((one) => one !== engine);
        this.heard();
      },
      (error: unknown) => this.#fail(error),
    );
  }

  #clerk(kind: string, purpose: 'due'): Clerk {
    const { store, settings, onDurable } = this.#options;
    const process = new SimulatedProcess(this.#name(kind));
    const connection = new StoreConnection(process, store, { kind: purpose }, onDurable);
    const deps: HoldDeps = {
      unitOfWork: connection.unitOfWork,
      holds: connection.holdStore,
      journal: connection.journalStore,
      clock: this.#clock(),
      policy: () => settings.policy,
    };
    return { process, connection, deps, isBusy: false };
  }

  #round(worker: Clerk): void {
    this.#work(worker, async () => {
      // As the worker does: again at once where there may be more.
      while ((await endDueHolds(worker.deps, HOLDS_PER_ROUND)) === HOLDS_PER_ROUND);
    });
  }

  #command(clerk: Clerk): void {
    const { chance } = this.#options;
    this.#work(clerk, async () => {
      const { holds } = await clerk.connection.holdStore.list({ state: 'all', limit: 1_000 });
      const hold = chance.pick(holds, ({ ended }) => (ended === undefined ? 5 : 1));
      if (hold === undefined) return;
      const command: HoldCommand =
        chance.fraction() < 0.5
          ? { type: 'cancel', actor: 'analyst', reason: 'scam_confirmed' }
          : {
              type: 'release',
              actor: 'analyst',
              reason: 'payer_called',
              secondPerson: chance.fraction() < 0.5,
              contactRecorded: true,
            };
      const request: HoldChangeRequest = { holdId: hold.holdId, command, by: 'analyst-1' };
      clerk.connection.purpose = { kind: 'command', request };
      await changeHold(clerk.deps, request);
    });
  }

  #work(clerk: Clerk, work: () => Promise<void>): void {
    clerk.isBusy = true;
    work().then(
      () => void (clerk.isBusy = false),
      (error: unknown) => {
        clerk.isBusy = false;
        if (!(error instanceof TransientFault)) this.#fail(error);
      },
    );
  }

  #observer(): EngineObserver {
    const { onTrouble } = this.#options;
    return {
      partitionsOwned: () => undefined,
      partitionStopped: (_partition, reason) => this.#fail(new Error(reason)),
      batchCommitted: () => undefined,
      recordsConsumed: () => undefined,
      feedsHeard: () => undefined,
      alignmentWaited: () => undefined,
      fenced: () => {
        this.#count('fenced');
        onTrouble();
      },
      retrying: onTrouble,
      recordFailed: (_topic, _partition, _offset, error) => {
        this.#count('set aside');
        if (!this.#options.mayFail) this.#fail(error);
      },
      decisionsPublished: () => undefined,
      publishFailed: onTrouble,
    };
  }

  #count(what: Fault | 'fenced' | 'set aside'): void {
    this.#tally.set(what, (this.#tally.get(what) ?? 0) + 1);
  }

  #fail(error: unknown): void {
    this.failure ??= error instanceof Error ? error : new Error('threw no error');
  }
}

function befall<T>(who: T | undefined, happen: (who: T) => void): boolean {
  if (who === undefined) return false;
  happen(who);
  return true;
}
