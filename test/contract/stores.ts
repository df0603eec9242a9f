/** What every suite of this folder is run against: the in-memory store and PostgreSQL alike. */
import type {
  CareStore,
  EngineStore,
  EntryReader,
  HoldStore,
  JournalStore,
  QuietStore,
  SealStore,
  UnitOfWork,
} from '#application';
import type { Instant } from '#domain';

export type { HoldRow, StoredSubject, SubjectWrite } from '#application';

export interface StoresUnderTest {
  readonly unitOfWork: UnitOfWork;
  readonly engineStore: EngineStore;
  readonly journalStore: JournalStore;
  readonly holdStore: HoldStore;
  readonly careStore: CareStore;
  readonly quietStore: QuietStore;
  readonly sealStore: SealStore;
  readonly entryReader: EntryReader;
  eraseExpired(
    now: Instant,
    retention: {
      readonly codesMs: number;
      readonly evidenceMs: number;
      readonly ordersMs?: number;
    },
  ): Promise<{
    readonly codes: number;
    readonly evidence: number;
    readonly payeeActivity: number;
    readonly habits: number;
  }>;
}

/** Opens empty stores for one test and closes them after it. */
export type OpenStores = () => Promise<{ stores: StoresUnderTest; close: () => Promise<void> }>;
