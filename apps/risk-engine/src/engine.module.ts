/** Wires the engine: database, logs, policy, publisher, and the probes over HTTP. */
import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Inject } from '@nestjs/common';
import { ENGINE_DEFAULTS, Engine, Publisher, type EngineDeps } from '#application';
import { NODE_HASHING, SYSTEM_CLOCK, type EngineConfig } from '#config';
import { encodeEntry, readRecord } from '#contracts';
import { InputLogServer } from '#messaging';
import type { Program } from '#observability';
import { openDatabase, type Database } from '#persistence';
import { liveSettings } from './live-settings.ts';
import { openKafkaLogs, type EngineLogs } from './log-of-kafka.ts';
import { observeEngine, type WatchedEngine } from './observer.ts';

const DATABASE = Symbol('database');
const LOGS = Symbol('logs');
const OBSERVER = Symbol('observer');
const ENGINE = Symbol('engine');
/** The transport that Nest listens and closes. */
export const TRANSPORT = Symbol('transport');

/** Of draining: what is left then is published by whoever owns the partition next. */
const DRAIN_MS = 8_000;
const UNSEEN_EVERY_MS = 60_000;

@Module({})
export class EngineModule implements OnApplicationShutdown {
  readonly #database: Database;
  readonly #logs: EngineLogs;

  constructor(@Inject(DATABASE) database: Database, @Inject(LOGS) logs: EngineLogs) {
    this.#database = database;
    this.#logs = logs;
  }

  static of(config: EngineConfig, program: Program): DynamicModule {
    return {
      module: EngineModule,
      providers: [
        { provide: DATABASE, useFactory: () => database(config) },
        {
          provide: LOGS,
          inject: [DATABASE],
          useFactory: (db: Database) => logs(config, program, db),
        },
        { provide: OBSERVER, useFactory: () => observeEngine(program) },
        {
          provide: ENGINE,
          inject: [DATABASE, LOGS, OBSERVER],
          useFactory: (db: Database, engineLogs: EngineLogs, observer: WatchedEngine) =>
            engine(config, program, { db, engineLogs, observer }),
        },
        {
          provide: TRANSPORT,
          inject: [ENGINE, LOGS],
          useFactory: (listener: Engine, engineLogs: EngineLogs) =>
            new InputLogServer({
              log: engineLogs.input,
              listener,
              drain: () => listener.stop(DRAIN_MS),
            }),
        },
      ],
    };
  }

  /** After the transport has drained and closed. */
  async onApplicationShutdown(): Promise<void> {
    await this.#logs.close();
    await this.#database.close();
  }
}

async function database(config: EngineConfig): Promise<Database> {
  const opened = await openDatabase({
    url: config.database.url.reveal(),
    poolSize: config.database.poolSize,
    applicationName: 'lengjing-risk-engine',
  });
  await opened.checkSchema();
  return opened;
}

async function logs(config: EngineConfig, program: Program, db: Database): Promise<EngineLogs> {
  if (config.kafka !== undefined) return openKafkaLogs(config.kafka, program);
  // Loaded only where it is asked for: a deployment has no part of it.
  const { openInProcessLogs } = await import('./log-in-process.ts');
  // The log of the last run ended with its process: this one begins at its beginning.
  await db.dataSource.query('UPDATE positions SET next_offset = 0');
  return openInProcessLogs(program.instanceId);
}

interface EngineParts {
  readonly db: Database;
  readonly engineLogs: EngineLogs;
  readonly observer: WatchedEngine;
}

async function engine(
  config: EngineConfig,
  program: Program,
  { db, engineLogs, observer }: EngineParts,
): Promise<Engine> {
  const { fatal, instanceId } = program;
  const { partitionCount } = engineLogs;
  const publisher = new Publisher({
    journal: db.journalStore,
    output: engineLogs.output,
    encode: encodeEntry,
    clock: SYSTEM_CLOCK,
    observer,
    onFatal: fatal,
  });
  const settings = await liveSettings(config, db, program);
  const deps: EngineDeps = {
    unitOfWork: db.unitOfWork,
    store: db.engineStore,
    journal: db.journalStore,
    clock: SYSTEM_CLOCK,
    hashing: NODE_HASHING,
    log: engineLogs.input,
    publisher,
    read: (record) => readRecord(record, { partitionCount }),
    settings,
    observer,
    onFatal: fatal,
  };
  const made = new Engine(deps, {
    ...ENGINE_DEFAULTS,
    instanceId,
    batchMax: config.batchMaxEvents,
    alignmentWaitMs: config.alignmentWaitMs,
  });
  made.start();
  watch(program, { db, engineLogs, observer }, publisher);
  watchUnseenTopics(program, db);
  return made;
}

/** Over all partitions, whoever owns them: what is not connected at all. */
function watchUnseenTopics({ metrics, log }: Program, db: Database): void {
  const look = (): void => {
    db.engineStore.unseenTopics().then(
      (unseen) => metrics.unseenTopics.set(unseen.length),
      (error: unknown) => log.warn('which feeds are there could not be read', { error }),
    );
  };
  look();
  setInterval(look, UNSEEN_EVERY_MS).unref();
}

function watch(
  { health, metrics }: Program,
  { db, engineLogs, observer }: EngineParts,
  publisher: Publisher,
): void {
  health.addLiveCheck('log', () => engineLogs.unwell());
  health.addReadyCheck('database', async () => {
    await db.dataSource.query('SELECT 1');
    return undefined;
  });
  health.addReadyCheck('partitions', () =>
    observer.stopped.size === 0 ? undefined : `not read on: ${[...observer.stopped.keys()].join()}`,
  );
  setInterval(() => {
    metrics.publishLagEntries.set({ chain: 'all' }, publisher.backlog);
    observer.feeds.show(metrics);
  }, 1_000).unref();
}
