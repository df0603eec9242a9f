/** Retention classes: how long each kind of personal value must be kept and may be kept, and what is overdue or gone too early. */
import { DAY_MS, type EntryType, type Instant } from '#domain';

const YEAR_MS = 365.25 * DAY_MS;

export interface RetentionClass {
  readonly name: string;
  readonly zh: string;
  readonly en: string;
  /** Where the time comes from. */
  readonly source: string;
  /** Of the journal; absent for what lies in tables of its own. */
  readonly types?: readonly EntryType[];
  /** At least; 0 where the law asks for nothing. */
  readonly minMs: number;
  /** At most: beyond it is overdue. */
  readonly maxMs: number;
}

/** In the order of the report. Entries themselves are kept for good: they name nobody once their values are gone. */
export const RETENTION_CLASSES: readonly RetentionClass[] = [
  {
    name: 'decisions',
    zh: '交易与决定',
    en: 'transfers, decisions, holds, alerts',
    source: '反洗钱法 Art. 34: ≥ 10 years',
    types: [
      'decision.made',
      'hold.placed',
      'hold.extended',
      'hold.matured',
      'hold.released',
      'hold.cancelled',
      'hold.expired',
      'hold.acknowledged',
      'alert.requested',
      'payer.answered',
    ],
    minMs: 10 * YEAR_MS,
    maxMs: 11 * YEAR_MS,
  },
  {
    name: 'refused',
    zh: '被拒的输入',
    en: 'refused records (dead letters)',
    source: '网络安全法 Art. 21: logs ≥ 6 months',
    types: ['record.refused'],
    minMs: 0.5 * YEAR_MS,
    maxMs: YEAR_MS,
  },
  {
    name: 'audit',
    zh: '导出、批准与限制的经办记录',
    en: 'who exported, approved, restricted',
    source: '个保法 Art. 56: ≥ 3 years',
    types: [
      'export.requested',
      'export.approved',
      'export.made',
      'payer.restricted',
      'payer.unrestricted',
      'payer.erased',
    ],
    minMs: 3 * YEAR_MS,
    maxMs: 11 * YEAR_MS,
  },
];

/** What a store counts of one class. */
export interface RetentionCount {
  readonly name: string;
  /** Entries with personal values. */
  readonly entries: number;
  readonly oldest?: Instant;
  /** Still there although they should be gone. */
  readonly overdue: number;
  /** Gone although they should still be there. */
  readonly early: number;
}

export interface RetentionReport {
  readonly classes: readonly (RetentionCount & { readonly of: RetentionClass })[];
  /** Values of so many entries were erased with an entry that says so: those are not too early. */
  readonly erased: number;
  /** Gone too early without any entry that says why. */
  readonly unexplained: number;
}

export interface RetentionStore {
  /** Counts the entries of the types: with values, with values beyond `overdueBefore`, without any since `keptSince`. */
  count(
    types: readonly EntryType[],
    bounds: { readonly overdueBefore: Instant; readonly keptSince: Instant },
  ): Promise<Omit<RetentionCount, 'name'>>;
  /** Entries whose values were erased, by the journal's own account. */
  erasedEntries(): Promise<number>;
}

/** The report of overdue and early deletions. */
export async function retentionReport(
  store: RetentionStore,
  now: Instant,
): Promise<RetentionReport> {
  const classes = [];
  for (const of of RETENTION_CLASSES) {
    const bounds = { overdueBefore: now - of.maxMs, keptSince: now - of.minMs };
    classes.push({ of, name: of.name, ...(await store.count(of.types ?? [], bounds)) });
  }
  const erased = await store.erasedEntries();
  const early = classes.reduce((sum, one) => sum + one.early, 0);
  return { classes, erased, unexplained: Math.max(0, early - erased) };
}
