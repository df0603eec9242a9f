/** Wires the worker: database, policy, rounds. */
import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { SYSTEM_CLOCK, type WorkerConfig } from '#config';
import { loadPolicy } from '#contracts';
import type { Program } from '#observability';
import { openDatabase, type Database } from '#persistence';
import { Worker } from './worker.ts';

const DATABASE = Symbol('database');
const WORKER = Symbol('worker');

/** A worker that has not ended a round for longer does not work. */
const ROUND_MS_MAX = 30_000;

@Module({})
export class WorkerModule implements OnApplicationShutdown {
  readonly #database: Database;
  readonly #worker: Worker;

  constructor(@Inject(DATABASE) database: Database, @Inject(WORKER) worker: Worker) {
    this.#database = database;
    this.#worker = worker;
  }

  static of(config: WorkerConfig, program: Program): DynamicModule {
    return {
      module: WorkerModule,
      providers: [
        { provide: DATABASE, useFactory: () => database(config) },
        {
          provide: WORKER,
          inject: [DATABASE],
          useFactory: (db: Database) => worker(config, program, db),
        },
      ],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#worker.stop();
    await this.#database.close();
  }
}

async function database(config: WorkerConfig): Promise<Database> {
  const opened = await openDatabase({
    url: config.database.url.reveal(),
    poolSize: config.database.poolSize,
    applicationName: 'lengjing-risk-worker',
  });
  await opened.checkSchema();
  return opened;
}

function worker(config: WorkerConfig, program: Program, db: Database): Worker {
  const policy = loadPolicy(config.policyFile);
  const deps = {
    unitOfWork: db.unitOfWork,
    holds: db.holdStore,
    journal: db.journalStore,
    clock: SYSTEM_CLOCK,
    policy: () => policy,
  };
  const made = new Worker(deps, db, program);
  made.start();
  const startedAt = SYSTEM_CLOCK.now();
  program.health.addReadyCheck('rounds', () => {
    const since = SYSTEM_CLOCK.now() - Math.max(made.lastRoundAt, startedAt);
    return since > ROUND_MS_MAX ? 'no round has ended lately' : undefined;
  });
  return made;
}
