/** What waiting cost an honest payer, recorded per hold, so that it can be paid and reported. */
import type { DelayCost } from '../ports/care-store.ts';
import { careDraft, idOf, type AskedBy, type CareDeps } from './care-deps.ts';

export interface RecordCost
  extends AskedBy, Pick<DelayCost, 'holdId' | 'kind' | 'currency' | 'minor'> {}

export type CostResult =
  | { readonly ok: true; readonly cost: DelayCost }
  | { readonly ok: false; readonly code: 'hold_unknown' };

/** A hold may have cost several things; the same key is the same cost. */
export function recordCost(deps: CareDeps, asked: RecordCost): Promise<CostResult> {
  return deps.unitOfWork.run(async (tx): Promise<CostResult> => {
    const { holdId, kind, currency, minor, by } = asked;
    const hold = (await deps.holds.lock(tx, [holdId])).get(holdId);
    if (hold === undefined) return { ok: false, code: 'hold_unknown' };
    const costId = idOf('cost', holdId, asked, deps.hashing);
    const at = deps.clock.now();
    const cost: DelayCost = { costId, holdId, kind, currency, minor, at, by };
    if (!(await deps.care.addCost(tx, cost))) return { ok: true, cost };
    const draft = careDraft('cost.recorded', hold, at, {
      body: { costId, kind, currency, minor },
      personal: { by },
    });
    await deps.journal.append(tx, new Map([[hold.partition, [draft]]]));
    return { ok: true, cost };
  });
}
