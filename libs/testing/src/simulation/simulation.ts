/**
 * One simulated run: the real engine, publisher and due-hold use cases over the simulated log, the in-memory store and virtual time.
 * Every answer, every record, every fault is a step, and which step comes next is drawn from one seed.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DecisionSettings, HoldRow, RawRecord } from '#application';
import { partitionOf, TOPICS } from '#contracts';
import type { Instant, SealedEntry } from '#domain';
import { makeChance, type Chance } from '../log-chance.ts';
import type { PublishedRecord } from '../log-outputs.ts';
import { makeSimulatedLog, type SimulatedLog } from '../log.ts';
import { makeMemoryStore, type MemoryStore } from '../store.ts';
import type { Arrival } from './arrivals.ts';
import { Crowd, type CrowdTally } from './crowd.ts';
import type { DurableWork } from './store-connection.ts';
import { VirtualTime } from './virtual-time.ts';
import type { Weather } from './weather.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly weather: Weather;
  /** In order of arrival. */
  readonly arrivals: readonly Arrival[];
  readonly settings: DecisionSettings;
  /** Records may fail for a reason of our own and be set aside; otherwise that ends the run. */
  readonly mayFail?: boolean;
}

export interface SimulationRun {
  readonly partitions: number;
  /** Every record as it lay on the log. */
  readonly records: readonly RawRecord[];
  readonly chains: ReadonlyMap<number, readonly SealedEntry[]>;
  /** In order per topic and partition, repeats included. */
  readonly published: readonly PublishedRecord[];
  readonly holds: readonly HoldRow[];
  /** In the order in which they became durable. */
  readonly works: readonly DurableWork[];
  readonly store: MemoryStore;
  /** What went wrong, and how often. */
  readonly faults: CrowdTally;
  readonly steps: number;
}

interface Step {
  readonly weight: number;
  readonly run: () => void;
}

const STEPS_MAX = 1_000_000;
/** After a fault, time moves in small steps for so long: whoever waits before trying again must come to it. */
const RESTLESS_MS = 8_000;
const RESTLESS_MOVE_MS = 250;
const HASTE_MS = 1_500;
const ROUNDS_OF_QUIET = 2;
const HOLDS_MAX = 100_000;
const HALF_HOUR_MS = 30 * 60_000;

/** Runs to the end of the last hold. Throws when the run does not come to its end, or a process gave up. */
export async function simulate(options: SimulationOptions): Promise<SimulationRun> {
  return new Simulation(options).run();
}

class Simulation {
  readonly #options: SimulationOptions;
  readonly #chance: Chance;
  readonly #time: VirtualTime;
  readonly #log: SimulatedLog;
  readonly #store: MemoryStore;
  readonly #crowd: Crowd;
  readonly #records: RawRecord[] = [];
  readonly #works: DurableWork[] = [];
  #arrived = 0;
  #restlessUntil: Instant = 0;
  #faultsLeft: number;
  #steps = 0;

  constructor(options: SimulationOptions) {
    const { seed, weather, arrivals, settings, mayFail = false } = options;
    this.#options = options;
    this.#chance = makeChance(seed);
    this.#time = new VirtualTime(arrivals[0]?.at ?? 0);
    this.#faultsLeft = weather.faultsMax;
    this.#log = makeSimulatedLog({
      partitions: weather.partitions,
      pace: 'steps',
      seed,
      speeds: weather.speeds,
      recordsPerFetchMax: weather.recordsPerFetchMax,
    });
    this.#store = makeMemoryStore(() => this.#time.now());
    this.#crowd = new Crowd({
      weather,
      settings,
      mayFail,
      chance: this.#chance,
      time: this.#time,
      log: this.#log,
      store: this.#store,
      onDurable: (work) => this.#works.push(work),
      onTrouble: () => {
        this.#restlessUntil = this.#time.now() + RESTLESS_MS;
      },
    });
  }

  async run(): Promise<SimulationRun> {
    const restore = this.#time.install();
    try {
      // What arrives in the very first moment lies there before anybody reads.
      while (this.#nextArrival() <= this.#time.now()) this.#append();
      this.#crowd.begin();
      const { arrivals } = this.#options;
      await this.#drive('storm', async () => this.#arrived === arrivals.length && this.#isQuiet());
      this.#crowd.calmDown();
      await this.#drive('calm', () => this.#isComplete());
      await this.#endHolds();
      this.#crowd.leave();
      await this.#drive('calm', async () => this.#crowd.isEmpty);
      return await this.#result();
    } finally {
      restore();
    }
  }

  /** Steps until `isOver`, which is asked only when nothing is left to do at once. */
  async #drive(phase: 'storm' | 'calm', isOver: () => Promise<boolean>): Promise<void> {
    for (;;) {
      if (this.#isQuiet() || this.#crowd.isEmpty) {
        if (await isOver()) return;
        this.#moveOn();
      } else this.#chance.pick(this.#possible(phase), (step) => step.weight)?.run();
      await nextTurn();
      if (this.#crowd.failure !== undefined) throw this.#crowd.failure;
      this.#steps += 1;
      if (this.#steps > STEPS_MAX)
        throw new Error(`no end after ${STEPS_MAX} steps: ${this.#where()}`);
    }
  }

  #where(): string {
    const consumed = this.#isAllConsumed() ? 'all consumed' : 'not all consumed';
    const arrived = `${this.#arrived} of ${this.#options.arrivals.length} arrived`;
    return [arrived, consumed, this.#crowd.describe()].join('; ');
  }

  #possible(phase: 'storm' | 'calm'): readonly Step[] {
    const { weather } = this.#options;
    const steps: Step[] = [
      { weight: 4, run: () => this.#crowd.logMoved(this.#log.step()) },
      ...this.#crowd.steps(),
    ];
    if (this.#nextArrival() <= this.#time.now()) {
      steps.push({ weight: 2, run: () => this.#append() });
    }
    if (weather.pace === 'hasty') {
      const run = (): void => this.#time.moveTo(this.#time.now() + this.#chance.below(HASTE_MS));
      steps.push({ weight: 0.15, run });
    }
    if (phase === 'calm') return steps;
    steps.push(...this.#crowd.turns());
    if (!this.#isFaultDue()) return steps;
    for (const { weight, run } of this.#crowd.faults()) {
      const fault = (): void => {
        this.#faultsLeft -= 1;
        run();
      };
      steps.push({ weight, run: fault });
    }
    return steps;
  }

  /** Spread over the whole run: so many of the faults may have happened as there are records on the log. */
  #isFaultDue(): boolean {
    const { arrivals, weather } = this.#options;
    const happened = weather.faultsMax - this.#faultsLeft;
    return happened < (weather.faultsMax * this.#arrived) / arrivals.length;
  }

  #nextArrival(): Instant {
    return this.#options.arrivals[this.#arrived]?.at ?? Number.POSITIVE_INFINITY;
  }

  #append(): void {
    const arrival = this.#options.arrivals[this.#arrived];
    if (arrival === undefined) return;
    this.#arrived += 1;
    const { topic, key, value, headers, misroutedBy = 0 } = arrival;
    const { partitions, gaps } = this.#options.weather;
    const partition = (partitionOf(Buffer.from(key), partitions) + misroutedBy) % partitions;
    if (this.#chance.fraction() < gaps) {
      this.#log.skip(topic, partition, 1 + this.#chance.below(3));
    }
    const brokerTime = this.#time.now();
    const offset = this.#log.append({ topic, partition, key, value, headers, brokerTime });
    this.#records.push({
      topic,
      partition,
      offset,
      brokerTime,
      key: Buffer.from(key),
      value: value === null ? null : Buffer.from(value),
      headers: new Map(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)])),
    });
    this.#crowd.heard();
  }

  /** Nobody has anything to do before time moves. */
  #isQuiet(): boolean {
    return this.#nextArrival() > this.#time.now() && this.#crowd.isQuiet(ROUNDS_OF_QUIET);
  }

  /** To the next arrival, or, while somebody may be waiting before trying again, a little, to a timer at least. */
  #moveOn(): void {
    const now = this.#time.now();
    const next = this.#nextArrival();
    const timer = this.#time.nextTimer() ?? Number.POSITIVE_INFINITY;
    const restless = now < this.#restlessUntil || next === Number.POSITIVE_INFINITY;
    const to = restless ? Math.min(Math.max(timer, now + RESTLESS_MOVE_MS), next) : next;
    if (to === Number.POSITIVE_INFINITY) throw new Error('nothing will ever happen again');
    this.#time.moveTo(to);
    this.#crowd.heard();
  }

  /** Everything is read, whatever became known of payees is looked at, and everything written is published. */
  async #isComplete(): Promise<boolean> {
    const chains = Array.from({ length: this.#options.weather.partitions }, (_, chain) => chain);
    const cursors = await this.#store.journalStore.cursors(chains);
    const { newPayers } = this.#options.settings.policy.signals.PY3;
    const turns = await this.#store.unitOfWork.run((tx) =>
      this.#store.engineStore.payeeTurns(tx, chains, newPayers),
    );
    return (
      this.#isAllConsumed() &&
      turns.subjects.length === 0 &&
      cursors.every(({ head, published }) => head === published)
    );
  }

  #isAllConsumed(): boolean {
    const reached = new Map<string, number>();
    for (const { drafts } of this.#works) {
      for (const [chain, ofChain] of drafts) {
        for (const { type, body } of ofChain) {
          if (type !== 'batch.consumed') continue;
          const ranges = body['ranges'] as readonly { topic: string; to: number }[];
          for (const { topic, to } of ranges) reached.set(`${topic} ${chain}`, to);
        }
      }
    }
    return this.#records.every(
      ({ topic, partition, offset }) => (reached.get(`${topic} ${partition}`) ?? 0) > offset,
    );
  }

  /** Lets every hold come to its time and to its end. */
  async #endHolds(): Promise<void> {
    for (;;) {
      const { holds } = await this.#store.holdStore.list({ state: 'open', limit: HOLDS_MAX });
      if (holds.length === 0) return;
      const next = Math.min(
        ...holds.map(({ status, dueAt, ceilingAt }) => (status === 'placed' ? dueAt : ceilingAt)),
      );
      this.#time.moveTo(next + this.#chance.below(HALF_HOUR_MS));
      this.#crowd.workNow();
      await this.#drive('calm', () => this.#isComplete());
    }
  }

  async #result(): Promise<SimulationRun> {
    const { partitions } = this.#options.weather;
    const chains = new Map<number, readonly SealedEntry[]>();
    for (let chain = 0; chain < partitions; chain += 1) {
      chains.set(
        chain,
        await this.#store.journalStore.readAfter(chain, 0, Number.MAX_SAFE_INTEGER),
      );
    }
    const { holds } = await this.#store.holdStore.list({ state: 'all', limit: HOLDS_MAX });
    const topics = [...TOPICS.outputs, ...TOPICS.deadLetters];
    return {
      partitions,
      records: this.#records,
      chains,
      published: topics.flatMap((topic) =>
        [...chains.keys()].flatMap((partition) => this.#log.output.published(topic, partition)),
      ),
      holds,
      works: this.#works,
      store: this.#store,
      faults: this.#crowd.tally,
      steps: this.#steps,
    };
  }
}
