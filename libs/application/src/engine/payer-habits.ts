/** Habits of the batch's payers: as they are after its events, and what they say of each transfer (SCORING M8). */
import {
  NO_HABITS,
  bearsOnHabits,
  habitCount,
  habitsAfter,
  policySpans,
  subjectKey,
  subjectOf,
  type Habits,
  type PayerWindow,
  type Policy,
} from '#domain';
import type { EngineStore, WindowEvidence } from '../ports/engine-store.ts';
import type { HabitWrite } from '../ports/habit-store.ts';
import type { Tx } from '../ports/unit-of-work.ts';
import type { PayerOnRecord } from './payer-evidence.ts';

export type HabitsOfPayers = ReadonlyMap<PayerOnRecord, Habits>;

/** As they were before the batch, of payers whose events bear on habits or who are assessed. */
export async function readHabits(
  tx: Tx,
  store: EngineStore,
  payers: readonly PayerOnRecord[],
): Promise<HabitsOfPayers> {
  const asked = payers.filter(
    ({ events, windowFrom }) => windowFrom !== undefined || events.some(bearsOnHabits),
  );
  if (asked.length === 0) return new Map();
  const found = await store.habits(
    tx,
    asked.map(({ inputs: { partition, payerId } }) => ({ partition, payerId })),
  );
  return new Map(asked.map((payer, index) => [payer, found[index] ?? NO_HABITS]));
}

/** As they are after the batch's events. */
export function habitsNow(
  before: HabitsOfPayers,
  windows: ReadonlyMap<PayerOnRecord, WindowEvidence>,
): HabitsOfPayers {
  return new Map(
    [...before].map(([payer, habits]) => [
      payer,
      habitsAfter(habits, payer.events, windows.get(payer)?.events ?? []),
    ]),
  );
}

export function changedHabits(before: HabitsOfPayers, after: HabitsOfPayers): HabitWrite[] {
  return [...after].flatMap(([payer, habits]) => {
    if (before.get(payer) === habits) return [];
    const { partition, payerId } = payer.inputs;
    return [{ partition, payerId, habits }];
  });
}

/** The window with what the payer's habits say of the payees of the targets, as of each. The same window where there are none. */
export function withHabits(
  window: PayerWindow,
  habits: Habits,
  targets: ReadonlySet<string>,
  policy: Policy,
): PayerWindow {
  if (habits === NO_HABITS) return window;
  const counts = new Map<string, number>();
  const { skew } = policySpans(policy);
  for (const event of window.events) {
    if (event.kind !== 'transfer.requested') continue;
    const key = subjectKey(subjectOf(event));
    if (!targets.has(key)) continue;
    const count = habitCount(habits, event.payee.accountId, event.time + skew);
    if (count > 0) counts.set(key, count);
  }
  return counts.size === 0 ? window : { ...window, habits: counts };
}
