/** Wires the console: database, hold API, access. */
import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, Reflector } from '@nestjs/core';
import type { CareDeps, HoldDeps, QuietDeps } from '#application';
import { NODE_HASHING, SYSTEM_CLOCK, type ConsoleConfig } from '#config';
import { loadPolicy, partitionOf } from '#contracts';
import type { Program } from '#observability';
import { openDatabase, type Database } from '#persistence';
import { BearerGuard } from './access/bearer.guard.ts';
import { AUDIT, AuditController, type AuditDesk } from './audit/audit.controller.ts';
import { HOLD_DEPS, HOLDS, HoldsController } from './holds/holds.controller.ts';
import {
  LINK_DEPS,
  PayerLinksController,
  type LinkDeps,
} from './payer-links/payer-links.controller.ts';
import { CareController } from './holds/care.controller.ts';
import { ReconciliationController } from './holds/reconciliation.controller.ts';
import { CARE_DEPS, ReleasesController } from './holds/releases.controller.ts';
import { ProblemFilter } from './problem.ts';
import { QUIET_DEPS, QuietsController } from './quiets/quiets.controller.ts';

const DATABASE = Symbol('database');

@Module({})
export class ConsoleModule implements OnApplicationShutdown {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
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
      ],
      providers: [
        { provide: DATABASE, useFactory: () => database(config, program) },
        { provide: HOLDS, inject: [DATABASE], useFactory: (db: Database) => db.holdStore },
        {
          provide: HOLD_DEPS,
          inject: [DATABASE],
          useFactory: (db: Database) => holdDeps(config, db),
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
          inject: [DATABASE],
          useFactory: (db: Database) => auditDesk(config, db),
        },
        { provide: APP_FILTER, useFactory: () => new ProblemFilter(program.log) },
        {
          provide: APP_GUARD,
          inject: [Reflector],
          useFactory: (reflector: Reflector) => new BearerGuard(config.apiClients, reflector),
        },
      ],
    };
  }

  onApplicationShutdown(): Promise<void> {
    return this.#database.close();
  }
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

function holdDeps(config: ConsoleConfig, db: Database): HoldDeps {
  const policy = loadPolicy(config.policyFile);
  return {
    unitOfWork: db.unitOfWork,
    holds: db.holdStore,
    journal: db.journalStore,
    clock: SYSTEM_CLOCK,
    policy: () => policy,
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

function auditDesk(config: ConsoleConfig, database: Database): AuditDesk {
  const policy = loadPolicy(config.policyFile);
  return { database, policy: () => policy };
}
