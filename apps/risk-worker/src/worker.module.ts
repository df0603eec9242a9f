/** Wires the worker: database, policy, rounds. */
import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { NODE_HASHING, SYSTEM_CLOCK, type WorkerConfig } from '#config';
import { loadPolicy } from '#contracts';
import type { Program } from '#observability';
import { openDatabase, type Database } from '#persistence';
import { makeWebhookChannel } from '#notification';
import { AlertRounds, encodeAlert } from './alert-rounds.ts';
import { Sealing } from './sealing.ts';
import { Worker } from './worker.ts';

const DATABASE = Symbol('database');
const WORKER = Symbol('worker');
const SEALING = Symbol('sealing');
const ALERTS = Symbol('alerts');

/** A worker that has not ended a round for longer does not work. */
const ROUND_MS_MAX = 30_000;

@Module({})
export class WorkerModule implements OnApplicationShutdown {
  readonly #database: Database;
  readonly #worker: Worker;
  readonly #sealing: Sealing | undefined;
  readonly #alerts: AlertRounds | undefined;

  constructor(
    @Inject(DATABASE) database: Database,
    @Inject(WORKER) worker: Worker,
    @Inject(SEALING) sealing: Sealing | undefined,
    @Inject(ALERTS) alerts: AlertRounds | undefined,
  ) {
    this.#database = database;
    this.#worker = worker;
    this.#sealing = sealing;
    this.#alerts = alerts;
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
        {
          provide: SEALING,
          inject: [DATABASE],
          useFactory: (db: Database) => sealing(config, program, db),
        },
        {
          provide: ALERTS,
          inject: [DATABASE],
          useFactory: (db: Database) => alertRounds(config, program, db),
        },
      ],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.#worker.stop(), this.#alerts?.stop()]);
    await this.#sealing?.stop();
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

function sealing(config: WorkerConfig, program: Program, db: Database): Sealing | undefined {
  const signer = config.journalSigner;
  if (signer === undefined) {
    program.log.warn('the journal is not sealed: LENGJING_JOURNAL_KEYS is not set');
    return undefined;
  }
  const made = new Sealing(
    {
      unitOfWork: db.unitOfWork,
      journal: db.journalStore,
      seals: db.sealStore,
      reader: db.entryReader,
      hashing: NODE_HASHING,
      clock: SYSTEM_CLOCK,
      signer,
    },
    program,
  );
  made.start();
  program.health.addReadyCheck('journal', () => made.fault);
  return made;
}

/** Where webhooks are configured; alerts go to their topic in any case. */
function alertRounds(
  { alertWebhook }: WorkerConfig,
  program: Program,
  db: Database,
): AlertRounds | undefined {
  if (alertWebhook === undefined) return undefined;
  const channel = makeWebhookChannel({
    url: alertWebhook.url,
    secret: alertWebhook.secret.reveal(),
    encode: encodeAlert,
    nowMs: () => SYSTEM_CLOCK.now(),
  });
  const made = new AlertRounds({ alerts: db.alertStore, channel, clock: SYSTEM_CLOCK }, program);
  made.start();
  return made;
}
