/** Answers of payers that ask for people become appeals with a date by which somebody answers. */
import type { Instant, Policy } from '#domain';
import { appealOfAnswer, openedDraft } from '../care/appeals.ts';
import type { Appeal } from '../ports/care-store.ts';
import type { Tx } from '../ports/unit-of-work.ts';
import type { BatchDeps, PlacedDraft } from './batch-types.ts';
import type { BatchHolds } from './hold-responses.ts';
import type { PayerInputs } from './payer-inputs.ts';

export interface AppealContext {
  readonly holds: BatchHolds;
  readonly policy: Policy;
  readonly now: Instant;
}

/** Keeps the appeals of the batch and returns their entries. One that came before is passed over; most batches ask nothing of the store. */
export async function keepAppeals(
  tx: Tx,
  { store, hashing }: BatchDeps,
  payers: readonly PayerInputs[],
  { holds, policy, now }: AppealContext,
): Promise<readonly PlacedDraft[]> {
  const asked = new Map<string, { readonly appeal: Appeal; readonly place: number }>();
  for (const { payerId, events } of payers) {
    for (const { place, input } of events) {
      const { event } = input;
      if (event.kind !== 'payer.responded') continue;
      const hold = holds.get(event.holdId);
      // Nobody appeals for somebody else.
      if (hold?.payerId !== payerId) continue;
      const appeal = appealOfAnswer(hold, event, now, { policy, hashing });
      if (appeal !== undefined) asked.set(appeal.appealId, { appeal, place });
    }
  }
  if (asked.size === 0) return [];
  const added = await store.addAppeals(
    tx,
    [...asked.values()].map(({ appeal }) => appeal),
  );
  return [...asked.values()]
    .filter(({ appeal }) => added.has(appeal.appealId))
    .map(({ appeal, place }) => {
      return { partition: appeal.partition, place, draft: openedDraft(appeal, now) };
    });
}
