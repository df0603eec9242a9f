/** What does not agree between the engine and the processor, and what people have not answered: one report. */
import { MINUTE_MS, type Instant } from '#domain';
import type { CareStore } from '../ports/care-store.ts';
import type { HoldRow } from '../ports/engine-store.ts';
import type { HoldStore, HoldsToReconcile, ReconciliationCounts } from '../ports/hold-store.ts';

/** A worker that is this late is not late but away. */
export const OVERDUE_GRACE_MS = MINUTE_MS;

export interface ReconciliationReport {
  readonly at: Instant;
  readonly counts: ReconciliationCounts & { readonly appealsOverdue: number };
  /** The oldest of each, bounded. */
  readonly holds: Readonly<Record<HoldsToReconcile, readonly HoldRow[]>>;
}

export async function reconcile(
  { holds, care }: { readonly holds: HoldStore; readonly care: CareStore },
  at: Instant,
  limit: number,
): Promise<ReconciliationReport> {
  const overdueAt = at - OVERDUE_GRACE_MS;
  const list = (what: HoldsToReconcile): Promise<readonly HoldRow[]> =>
    holds.toReconcile(what, { overdueAt, limit });
  const [counts, appeals, unacknowledged, raised, recalled, overdue] = await Promise.all([
    holds.reconciliation(overdueAt),
    care.appeals({ dueBefore: at, limit }),
    list('unacknowledged'),
    list('raised'),
    list('recalled'),
    list('overdue'),
  ]);
  return {
    at,
    counts: { ...counts, appealsOverdue: appeals.items.length },
    holds: { unacknowledged, raised, recalled, overdue },
  };
}
