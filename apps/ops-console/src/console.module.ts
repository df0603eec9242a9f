/** Wires the console: database, hold API, access. */
import {
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import type { CareDeps, HoldDeps, LivePolicy, QuietDeps } from '#application';
import { NODE_HASHING, SYSTEM_CLOCK, type ConsoleConfig } from '#config';
import { partitionOf } from '#contracts';
import type { Program } from '#observability';
import { openDatabase, type Database } from '#persistence';
import { AUDIT, AuditController, type AuditDesk } from './audit/audit.controller.ts';
import { CaseWatch } from './cases/case-watch.ts';
import {
  DESK_CONTROLLERS,
  DESK_PARTS,
  DESK_PROVIDERS,
  TAIL,
  type DeskParts,
} from './cases/desk.ts';
import type { TailLoop } from './cases/tail-loop.ts';
import { entranceProviders } from './entrance.ts';
import { HOLD_DEPS, HOLDS, HoldsController } from './holds/holds.controller.ts';
import { LoginController } from './login/login.controller.ts';
import { MeController } from './login/me.controller.ts';
import { OVERVIEW, OverviewController, type OverviewDeps } from './overview/overview.controller.ts';
import {
  LINK_DEPS,
  PayerLinksController,
  type LinkDeps,
} from './payer-links/payer-links.controller.ts';
import { CareController } from './holds/care.controller.ts';
import { ReconciliationController } from './holds/reconciliation.controller.ts';
import { CARE_DEPS, ReleasesController } from './holds/releases.controller.ts';
import { ProblemFilter } from './problem.ts';
import { OpenApiController } from './openapi.controller.ts';
import {
  LIVE_POLICY,
  POLICY_CONTROLLERS,
  POLICY_PROVIDERS,
  SHADOW,
  openLivePolicy,
} from './policies/policies-parts.ts';
import type { ShadowLoop } from './policies/shadow-loop.ts';
import { QUIET_DEPS, QuietsController } from './quiets/quiets.controller.ts';

const DATABASE = Symbol('database');

@Module({})
export class ConsoleModule implements OnApplicationShutdown {
  readonly #database: Database;
  readonly #loops: readonly (TailLoop | ShadowLoop)[];

  constructor(
    @Inject(DATABASE) database: Database,
    @Inject(TAIL) tail: TailLoop,
    @Inject(SHADOW) shadow: ShadowLoop,
  ) {
    this.#database = database;
    this.#loops = [tail, shadow];
  }

  static of(config: ConsoleConfig, program: Program): DynamicModule {
    return {
      module: ConsoleModule,
      controllers: [
        HoldsController,
        ReleasesController,
        CareController,
        ReconciliationController,
        QuietsController,
        PayerLinksController,
        AuditController,
        LoginController,
        MeController,
        ...DESK_CONTROLLERS,
        ...POLICY_CONTROLLERS,
        OverviewController,
        OpenApiController,
      ],
      providers: [
        { provide: DATABASE, useFactory: () => database(config, program) },
        { provide: HOLDS, inject: [DATABASE], useFactory: (db: Database) => db.holdStore },
        {
          provide: HOLD_DEPS,
          inject: [DATABASE, LIVE_POLICY],
          useFactory: (db: Database, live: LivePolicy) => holdDeps(live, db),
        },
        {
          provide: LIVE_POLICY,
          inject: [DATABASE],
          useFactory: (db: Database) => openLivePolicy(db, config.policyFile, program.log),
        },
        {
          provide: CARE_DEPS,
          inject: [HOLD_DEPS, DATABASE],
          useFactory: (deps: HoldDeps, db: Database): CareDeps => {
            return { ...deps, care: db.careStore, hashing: NODE_HASHING };
          },
        },
        { provide: QUIET_DEPS, inject: [DATABASE], useFactory: quietDeps },
        {
          provide: LINK_DEPS,
          inject: [DATABASE],
          useFactory: (db: Database) => linkDeps(config, db),
        },
        {
          provide: AUDIT,
          inject: [DATABASE, LIVE_POLICY],
          useFactory: (db: Database, live: LivePolicy): AuditDesk => ({
            database: db,
            policy: () => live.current(),
          }),
        },
        { provide: APP_FILTER, useFactory: () => new ProblemFilter(program.log) },
        ...entranceProviders(config, program, { database: DATABASE, holdDeps: HOLD_DEPS }),
        ...deskProviders(program),
      ],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.stop()));
    await this.#database.close();
  }
}

/** The desk of operations: queue, cases, policies, overview. */
function deskProviders({ log }: Program): Provider[] {
  return [
    {
      provide: DESK_PARTS,
      inject: [DATABASE, HOLD_DEPS],
      useFactory: (db: Database, { policy }: HoldDeps): DeskParts => ({
        database: db,
        policy,
        log,
        watch: new CaseWatch(),
      }),
    },
    ...DESK_PROVIDERS,
    ...POLICY_PROVIDERS,
    {
      provide: OVERVIEW,
      inject: [DATABASE, HOLD_DEPS],
      useFactory: (db: Database, { policy }: HoldDeps): OverviewDeps => ({
        reads: db.overviewReads,
        unitOfWork: db.unitOfWork,
        journal: db.journalStore,
        policy,
        clock: SYSTEM_CLOCK,
      }),
    },
  ];
}

async function database(config: ConsoleConfig, { health }: Program): Promise<Database> {
  const opened = await openDatabase({
    url: config.database.url.reveal(),
    poolSize: config.database.poolSize,
    applicationName: 'lengjing-ops-console',
  });
  await opened.checkSchema();
  health.addReadyCheck('database', async () => {
    await opened.dataSource.query('SELECT 1');
    return undefined;
  });
  return opened;
}

function holdDeps(live: LivePolicy, db: Database): HoldDeps {
  return {
    unitOfWork: db.unitOfWork,
    holds: db.holdStore,
    journal: db.journalStore,
    clock: SYSTEM_CLOCK,
    policy: () => live.current(),
  };
}

function quietDeps(db: Database): QuietDeps {
  return {
    unitOfWork: db.unitOfWork,
    quiets: db.quietStore,
    journal: db.journalStore,
    clock: SYSTEM_CLOCK,
    hashing: NODE_HASHING,
    partitionOf: (payerId, partitions) => partitionOf(Buffer.from(payerId), partitions),
  };
}

function linkDeps(config: ConsoleConfig, db: Database): LinkDeps {
  return {
    unitOfWork: db.unitOfWork,
    holds: db.holdStore,
    payers: db.payerStore,
    clock: SYSTEM_CLOCK,
    hashing: NODE_HASHING,
    payerPageUrl: config.payerPageUrl,
  };
}
