/** Wires the payer page: database, texts, pages. It knows neither the log nor the console's API. */
import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { NODE_HASHING, SYSTEM_CLOCK, type PayerPageConfig } from '#config';
import { defaultNotices, loadPolicy, payerPageTexts } from '#contracts';
import type { Program } from '#observability';
import { openDatabase, type Database } from '#persistence';
import { PageFilter } from './page.filter.ts';
import { PAGE_DEPS, PagesController, type PageDeps } from './pages.controller.ts';

const DATABASE = Symbol('database');

@Module({})
export class PayerPageModule implements OnApplicationShutdown {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  static of(config: PayerPageConfig, program: Program): DynamicModule {
    return {
      module: PayerPageModule,
      controllers: [PagesController],
      providers: [
        { provide: DATABASE, useFactory: () => database(config, program) },
        {
          provide: PAGE_DEPS,
          inject: [DATABASE],
          useFactory: (db: Database) => pageDeps(config, db),
        },
        { provide: APP_FILTER, useFactory: () => new PageFilter(program.log, payerPageTexts()) },
      ],
    };
  }

  onApplicationShutdown(): Promise<void> {
    return this.#database.close();
  }
}

async function database(config: PayerPageConfig, { health }: Program): Promise<Database> {
  const opened = await openDatabase({
    url: config.database.url.reveal(),
    poolSize: config.database.poolSize,
    applicationName: 'lengjing-payer-page',
  });
  await opened.checkSchema();
  health.addReadyCheck('database', async () => {
    await opened.dataSource.query('SELECT 1');
    return undefined;
  });
  return opened;
}

function pageDeps(config: PayerPageConfig, db: Database): PageDeps {
  const policy = loadPolicy(config.policyFile);
  const texts = payerPageTexts();
  return {
    unitOfWork: db.unitOfWork,
    holds: db.holdStore,
    journal: db.journalStore,
    payers: db.payerStore,
    clock: SYSTEM_CLOCK,
    hashing: NODE_HASHING,
    policy: () => policy,
    pageVersion: texts.version,
    texts,
    notices: defaultNotices(),
    origin: config.payerPageUrl,
  };
}
