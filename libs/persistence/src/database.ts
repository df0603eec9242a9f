/** Opens PostgreSQL and hands out the ports' implementations; the only entry to this library. */
import type {
  AnswerStore,
  CareStore,
  AlertStore,
  CaseDesk,
  EngineStore,
  EntryReader,
  HoldStore,
  JournalStore,
  OverviewReads,
  PayerStore,
  PersonStore,
  PolicyStore,
  QuietStore,
  RetentionStore,
  SealStore,
  SessionStore,
  UnitOfWork,
} from '#application';
import type { Instant } from '#domain';
import { DataSource } from 'typeorm';
import { makeCareStore } from './care-store.ts';
import { makeAlertStore } from './alert-store.ts';
import { makeAnswerStore } from './console/answer-store.ts';
import { makeOverviewReads } from './console/overview-reads.ts';
import { makeCaseDesk } from './console/case-desk.ts';
import { makePolicyStore } from './console/policy-store.ts';
import { makeSessionStore } from './console/session-store.ts';
import { makeEngineStore } from './engine-store.ts';
import { makeEntryReader } from './entry-reader.ts';
import { eraseExpired, type Erased, type Retention } from './erase.ts';
import { faultOf } from './faults.ts';
import { makeHoldStore } from './hold-store.ts';
import { makeJournalStore } from './journal-store.ts';
import { makeQuietStore } from './quiets.ts';
import { makePayerStore } from './payer-store.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { makePersonStore } from './person-store.ts';
import { makeRetentionStore } from './retention-store.ts';
import { checkSchema, migrate } from './schema.ts';
import { makeSealStore } from './seal-store.ts';
import { makeTransactions } from './transactions.ts';

export interface DatabaseConfig {
  /** `postgres://…`. Never logged. */
  readonly url: string;
  /** Connections kept at most; at least 2. */
  readonly poolSize: number;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
}

export interface Database {
  /** For migrations and the console's reads; what must be atomic goes through `unitOfWork`. */
  readonly dataSource: DataSource;
  readonly unitOfWork: UnitOfWork;
  readonly engineStore: EngineStore;
  readonly journalStore: JournalStore;
  readonly holdStore: HoldStore;
  readonly quietStore: QuietStore;
  readonly payerStore: PayerStore;
  readonly sealStore: SealStore;
  readonly entryReader: EntryReader;
  readonly personStore: PersonStore;
  readonly careStore: CareStore;
  readonly retentionStore: RetentionStore;
  readonly alertStore: AlertStore;
  readonly sessionStore: SessionStore;
  readonly caseDesk: CaseDesk;
  readonly policyStore: PolicyStore;
  readonly answerStore: AnswerStore;
  readonly overviewReads: OverviewReads;
  /** Applies what is missing, one process at a time. */
  migrate(): Promise<void>;
  /** Throws one line saying what to do when the schema is older or newer than this program. */
  checkSchema(): Promise<void>;
  /** Deletes expired evidence in small transactions, at most `ERASE_MAX` rows of a sort. */
  eraseExpired(now: Instant, retention: Retention): Promise<Erased>;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 30_000;
const LOCK_TIMEOUT_MS = 10_000;
/** A process that was stopped in the middle of a transaction holds its locks no longer than this. */
const IDLE_IN_TRANSACTION_MS = 5_000;

/** Connects. Throws `TransientFault` when the server cannot be reached or is not ready. */
export async function openDatabase(config: DatabaseConfig): Promise<Database> {
  if (config.poolSize < 2) throw new Error('the database pool needs at least 2 connections');
  const dataSource = await connect(config, {
    // The statements of a transaction are sent without waiting for each other's answers.
    pipeline: true,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    // For a server that does not even answer: the connection is given up.
    query_timeout: STATEMENT_TIMEOUT_MS + 5_000,
    // Our statements are short: compiling them costs more than it saves. Data is on SSD or in memory.
    options: '-c jit=off -c random_page_cost=1.1',
  });
  const transactions = makeTransactions(dataSource);
  return {
    dataSource,
    unitOfWork: { run: (work) => transactions.run(work) },
    engineStore: makeEngineStore(transactions),
    journalStore: makeJournalStore(transactions),
    holdStore: makeHoldStore(transactions),
    quietStore: makeQuietStore(transactions),
    payerStore: makePayerStore(transactions),
    sealStore: makeSealStore(transactions),
    entryReader: makeEntryReader(transactions),
    personStore: makePersonStore(transactions),
    careStore: makeCareStore(transactions),
    retentionStore: makeRetentionStore(transactions),
    alertStore: makeAlertStore(transactions),
    sessionStore: makeSessionStore(transactions),
    caseDesk: makeCaseDesk(transactions),
    policyStore: makePolicyStore(transactions),
    answerStore: makeAnswerStore(transactions),
    overviewReads: makeOverviewReads(transactions),
    async migrate() {
      // A schema change and the wait for another process's may be long: the limits above do not apply to them.
      const unlimited = await connect({ ...config, poolSize: 2 }, {});
      try {
        await migrate(unlimited);
      } finally {
        await unlimited.destroy();
      }
    },
    checkSchema: () => checkSchema(dataSource),
    eraseExpired: (now, retention) => eraseExpired(transactions, now, retention),
    close: () => dataSource.destroy(),
  };
}

async function connect(
  config: DatabaseConfig,
  extra: Readonly<Record<string, string | number | boolean>>,
): Promise<DataSource> {
  const dataSource = new DataSource({
    type: 'postgres',
    url: config.url,
    poolSize: config.poolSize,
    applicationName: config.applicationName,
    migrations: MIGRATIONS,
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    synchronize: false,
    logging: false,
    // A broken idle connection leaves the pool by itself; the next statement opens another.
    poolErrorHandler: () => undefined,
    extra: { connectionTimeoutMillis: CONNECT_TIMEOUT_MS, keepAlive: true, ...extra },
  });
  try {
    return await dataSource.initialize();
  } catch (error) {
    throw faultOf(error, 'connect');
  }
}
