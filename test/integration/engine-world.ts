/**
 * A world for specs of the whole system: a broker of its own with the topics of the deployment, and any number of runs on it. A run has
 * a database and a consumer group of its own, so each run reads the same input from its beginning.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { TOPICS } from '#contracts';
import { INPUT_TOPICS, type Input, type SealedEntry } from '#domain';
import { ensureTopics, readTopicsFile } from '#messaging';
import type { Database } from '#persistence';
import { readInputs, type RunRecord } from '#testing';
import { freshDatabase, open, type FreshDatabase } from './databases.ts';
import { lengjing, startProgram, type Program, type ProgramName } from './engine-programs.ts';
import { follow, rawRecordOf, type Follower, type FollowedRecord } from './engine-topics.ts';
import { startOwnKafka } from './messaging-kafka.ts';

export const PARTITIONS = 12;
const WAIT_MS = 90_000;
const POLL_MS = 50;

export interface World {
  readonly kafka: Awaited<ReturnType<typeof startOwnKafka>>;
  /** Sends a file of events as a producer must. */
  send(path: string): Promise<void>;
  /** Sends events, given as JSON Lines. */
  sendLines(lines: string): Promise<void>;
  /** Everything on the input topics, as the product reads it. */
  inputs(): Promise<readonly Input[]>;
  /** On a copy of the shared server's database unless another one is given. */
  openRun(database?: FreshDatabase): Promise<Run>;
  close(): Promise<void>;
}

export interface Run {
  readonly databaseUrl: string;
  readonly database: Database;
  readonly groupId: string;
  /** What was published since the run was opened. */
  readonly published: readonly FollowedRecord[];
  start(name: ProgramName, env?: Readonly<Record<string, string>>): Promise<Program>;
  programs(): readonly Program[];
  /** Decisions with sequence 1 that were published so far. */
  firstDecisions(): number;
  /** Waits until everything on the input topics is consumed, and everything written is published. */
  settle(waitMs?: number): Promise<void>;
  /** What the run has left behind. */
  record(): Promise<RunRecord>;
  close(): Promise<void>;
}

export async function openWorld(): Promise<World> {
  const kafka = await startOwnKafka();
  try {
    await ensureTopics(kafka.connection('spec'), await readTopicsFile('deploy/topics.yml'));
  } catch (error) {
    // Nobody else could end it, and Jest would wait for it for good.
    await kafka.close();
    throw error;
  }
  const env = { KAFKA_BROKERS: kafka.brokers };
  const runs: Run[] = [];
  let input: Follower | undefined;
  const send = async (path: string, lines?: string): Promise<void> => {
    const ran = await lengjing(['send', path], {
      env,
      ...(lines === undefined ? {} : { input: lines }),
    });
    if (ran.status !== 0) throw new Error(`lengjing send: ${ran.stderr}`);
  };
  const world: World = {
    kafka,
    send: (path) => send(path),
    sendLines: (lines) => send('-', lines),
    async inputs() {
      input ??= await follow(kafka, INPUT_TOPICS, 'beginning');
      await input.catchUp();
      return readInputs(input.records.map(rawRecordOf), PARTITIONS);
    },
    async openRun(database) {
      const run = await openRun(world, database);
      runs.push(run);
      return run;
    },
    async close() {
      for (const run of runs) await run.close();
      await input?.stop();
      await kafka.close();
    },
  };
  return world;
}

async function openRun(world: World, given?: FreshDatabase): Promise<Run> {
  const fresh = given ?? (await freshDatabase());
  const outputs = await follow(world.kafka, [...TOPICS.outputs, ...TOPICS.deadLetters], 'end');
  return new OpenRun(world, fresh, await open(fresh.url), outputs);
}

class OpenRun implements Run {
  readonly database: Database;
  readonly groupId = `engine-${randomUUID()}`;
  readonly #world: World;
  readonly #fresh: FreshDatabase;
  readonly #outputs: Follower;
  readonly #programs: Program[] = [];
  #counted = 0;
  #firsts = 0;
  #closed: Promise<void> | undefined;

  constructor(world: World, fresh: FreshDatabase, database: Database, outputs: Follower) {
    this.#world = world;
    this.#fresh = fresh;
    this.database = database;
    this.#outputs = outputs;
  }

  get databaseUrl(): string {
    return this.#fresh.url;
  }

  get published(): readonly FollowedRecord[] {
    return this.#outputs.records;
  }

  async start(name: ProgramName, env: Readonly<Record<string, string>> = {}): Promise<Program> {
    const program = await startProgram(name, {
      DATABASE_URL: this.databaseUrl,
      ...(name === 'risk-engine'
        ? { KAFKA_BROKERS: this.#world.kafka.brokers, KAFKA_GROUP_ID: this.groupId }
        : {}),
      ...env,
    });
    this.#programs.push(program);
    return program;
  }

  programs(): readonly Program[] {
    return this.#programs;
  }

  firstDecisions(): number {
    const { records } = this.#outputs;
    for (; this.#counted < records.length; this.#counted += 1) {
      const { topic, value } = records[this.#counted] as FollowedRecord;
      if (topic === 'risk.decisions' && value !== null && isFirst(value)) this.#firsts += 1;
    }
    return this.#firsts;
  }

  async settle(waitMs = WAIT_MS): Promise<void> {
    const inputs = await this.#world.inputs();
    const ends = new Map<string, number>();
    for (const { topic, partition, offset } of inputs) {
      const key = `${topic} ${partition}`;
      ends.set(key, Math.max(ends.get(key) ?? 0, offset + 1));
    }
    const deadline = Date.now() + waitMs;
    // After the database was away some connections are still broken: each is met once.
    while (!(await this.#isSettled(ends).catch(() => false))) {
      if (Date.now() > deadline)
        throw new Error(`not settled within ${waitMs} ms: ${this.#tails()}`);
      await sleep(POLL_MS);
    }
    await this.#outputs.catchUp();
  }

  async #isSettled(ends: ReadonlyMap<string, number>): Promise<boolean> {
    const { dataSource, journalStore } = this.database;
    const positions: readonly { topic: string; partition: number; next_offset: string }[] =
      await dataSource.query('SELECT topic, partition, next_offset FROM positions');
    const reached = new Map(
      positions.map((row) => [`${row.topic} ${row.partition}`, Number(row.next_offset)]),
    );
    if ([...ends].some(([key, end]) => (reached.get(key) ?? 0) < end)) return false;
    const cursors = await journalStore.cursors(CHAINS);
    return cursors.every(({ head, published }) => head === published);
  }

  #tails(): string {
    return this.#programs.map((one) => `${one.name}: ${one.output().slice(-1_000)}`).join('\n');
  }

  async record(): Promise<RunRecord> {
    const { journalStore, holdStore } = this.database;
    await this.#outputs.catchUp();
    const chains = new Map<number, readonly SealedEntry[]>();
    for (const chain of CHAINS) {
      chains.set(chain, await journalStore.readAfter(chain, 0, 1_000_000));
    }
    const { holds } = await holdStore.list({ state: 'all', limit: 1_000_000 });
    return {
      inputs: await this.#world.inputs(),
      chains,
      published: [...this.#outputs.records],
      holds,
    };
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    for (const program of this.#programs) {
      // What is stopped cannot end.
      program.process.kill('SIGCONT');
      await program.kill();
    }
    await this.#outputs.stop();
    await this.database.close();
    await this.#fresh.drop();
  }
}

const CHAINS = Array.from({ length: PARTITIONS }, (_, chain) => chain);

function isFirst(value: Uint8Array): boolean {
  return (JSON.parse(Buffer.from(value).toString('utf8')) as { sequence: number }).sequence === 1;
}
