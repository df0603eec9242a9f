/** A person's right to be forgotten, and the law that may forbid it: erased, or restricted until it may be (个保法 Art. 47). */
import {
  DAY_MS,
  HOUSE_CHAIN,
  formatInstant,
  uuidV5,
  type EntryDraft,
  type Instant,
  type PayerErasedBody,
  type PayerRestrictedBody,
} from '#domain';
import type { Clock, Hashing } from '../ports/clock.ts';
import type { JournalStore } from '../ports/journal-store.ts';
import type { PersonStore } from '../ports/person-store.ts';
import type { Tx, UnitOfWork } from '../ports/unit-of-work.ts';

export interface PersonDeps {
  readonly unitOfWork: UnitOfWork;
  readonly journal: JournalStore;
  readonly persons: PersonStore;
  readonly clock: Clock;
  readonly hashing: Hashing;
}

/** Identity and transaction data: at least ten years (反洗钱法 Art. 34). */
export const STATUTORY_MS = 10 * 365.25 * DAY_MS;

/** Why a payer may be erased although the ten years are not over. A word for the journal. */
export type ErasureBasis = 'retention_over' | 'order_of_authority' | 'not_a_customer';

export type ErasureResult =
  | {
      readonly ok: true;
      readonly erasureId: string;
      readonly entries: number;
      readonly rows: number;
    }
  | {
      readonly ok: false;
      readonly code: 'payer_unknown' | 'hold_open' | 'must_be_kept';
      readonly until?: Instant;
    };

export interface ErasureRequest {
  readonly payerId: string;
  readonly by: string;
  readonly basis: ErasureBasis;
}

/**
 * Deletes every personal value of a payer and journals that it was done, naming nobody. The journal verifies as before. Refused while
 * money of theirs is held, and within the statutory time unless an authority orders it or they never were a customer.
 */
export function erasePayer(deps: PersonDeps, request: ErasureRequest): Promise<ErasureResult> {
  const { payerId, by, basis } = request;
  return deps.unitOfWork.run(async (tx): Promise<ErasureResult> => {
    const now = deps.clock.now();
    const known = await deps.persons.known(tx, payerId);
    if (known === undefined) return { ok: false, code: 'payer_unknown' };
    if (await deps.persons.hasOpenHold(tx, payerId)) return { ok: false, code: 'hold_open' };
    const until = known.newest + STATUTORY_MS;
    if (basis === 'retention_over' && until > now)
      return { ok: false, code: 'must_be_kept', until };
    const { entries, rows } = await deps.persons.erase(tx, payerId);
    // Random: an id made from the payer would name them to whoever can guess.
    const erasureId = freshId(deps.hashing);
    const body: PayerErasedBody = { erasureId, entries, basis };
    await append(deps, tx, { type: 'payer.erased', at: now, body, personal: { by } });
    return { ok: true, erasureId, entries, rows };
  });
}

export interface RestrictionRequest {
  readonly payerId: string;
  readonly by: string;
  readonly basis: string;
}

/** From now on nothing of the payer is shown or disclosed but to an authority; undone by `unrestrictPayer`. Restricting twice changes nothing. */
export async function restrictPayer(
  deps: PersonDeps,
  { payerId, by, basis }: RestrictionRequest,
): Promise<
  | { readonly ok: true; readonly restrictionId: string }
  | { readonly ok: false; readonly code: 'payer_unknown' }
> {
  const standing = await deps.persons.restriction(payerId);
  if (standing !== undefined) return { ok: true, restrictionId: standing.restrictionId };
  return deps.unitOfWork.run(async (tx) => {
    const at = deps.clock.now();
    const known = await deps.persons.known(tx, payerId);
    if (known === undefined) return { ok: false as const, code: 'payer_unknown' as const };
    const restrictionId = freshId(deps.hashing);
    const until = known.newest + STATUTORY_MS;
    await deps.persons.restrict(tx, payerId, { restrictionId, at, until });
    const body: PayerRestrictedBody = { restrictionId, basis, until: formatInstant(until) };
    await append(deps, tx, {
      type: 'payer.restricted',
      at,
      body,
      personal: { payer: payerId, by },
      payerId,
    });
    return { ok: true as const, restrictionId };
  });
}

/** Ends a restriction; false where there was none. */
export async function unrestrictPayer(
  deps: PersonDeps,
  { payerId, by, basis }: RestrictionRequest,
): Promise<boolean> {
  const standing = await deps.persons.restriction(payerId);
  if (standing === undefined) return false;
  const { restrictionId } = standing;
  await deps.unitOfWork.run(async (tx) => {
    const at = deps.clock.now();
    await deps.persons.unrestrict(tx, payerId);
    const body: PayerRestrictedBody = { restrictionId, basis };
    const personal = { payer: payerId, by };
    await append(deps, tx, { type: 'payer.unrestricted', at, body, personal, payerId });
  });
  return true;
}

async function append(deps: PersonDeps, tx: Tx, draft: EntryDraft): Promise<void> {
  await deps.journal.append(tx, new Map([[HOUSE_CHAIN, [draft]]]));
}

function freshId(hashing: Hashing): string {
  const random = [...hashing.randomBytes(16)].join(' ');
  return uuidV5(random, (bytes) => hashing.sha1(bytes));
}
