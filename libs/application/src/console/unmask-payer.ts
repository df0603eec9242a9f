/** Shows the tokens behind the masks of a case, with a reason that is journaled before anything is shown. */
import type { PayerProfile } from '../ports/engine-store.ts';
import { staffDraft } from './staff-draft.ts';
import type { CaseDeps } from './work-on-case.ts';

export interface Unmasked {
  readonly payerId: string;
  readonly payeeIds: readonly string[];
  readonly profile?: PayerProfile;
}

/** Undefined where there is no such case. Durable in the journal when it resolves: nobody looks without a trace. */
export async function unmaskPayer(
  deps: CaseDeps,
  { caseId, by, reason }: { readonly caseId: string; readonly by: string; readonly reason: string },
): Promise<Unmasked | undefined> {
  const holds = await deps.desk.holdsOfCase(caseId);
  const [first] = holds;
  if (first === undefined) return undefined;
  const { payerId, partition } = first.hold;
  await deps.unitOfWork.run((tx) => {
    const personal = { by, payer: payerId, text: reason };
    const draft = staffDraft({ act: 'payer_unmasked', caseId }, personal, deps.clock.now());
    return deps.journal.append(tx, new Map([[partition, [draft]]]));
  });
  const profile = await deps.desk.profile(payerId);
  return {
    payerId,
    payeeIds: [...new Set(holds.flatMap(({ hold }) => hold.payeeId ?? []))],
    ...(profile === undefined ? {} : { profile }),
  };
}
