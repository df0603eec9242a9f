/** Staff vouch for a payee of a payer until a day, or take it back: one row and one entry in the payer's chain. */
import {
  formatInstant,
  quietRefusal,
  type EntryDraft,
  type Instant,
  type QuietBody,
  type QuietPersonal,
  type QuietRefusal,
} from '#domain';
import type { Clock, Hashing } from '../ports/clock.ts';
import type { JournalStore } from '../ports/journal-store.ts';
import type { QuietRow, QuietStore } from '../ports/quiet-store.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export interface QuietDeps {
  readonly unitOfWork: UnitOfWork;
  readonly quiets: QuietStore;
  readonly journal: JournalStore;
  readonly clock: Clock;
  readonly hashing: Hashing;
  /** The partition of a payer among so many: the producers' partitioner. */
  readonly partitionOf: (payerId: string, partitions: number) => number;
}

export type QuietResult =
  | { readonly ok: true; readonly quiet: QuietRow }
  | {
      readonly ok: false;
      readonly code: QuietRefusal | 'quiet_unknown' | 'quiet_ended' | 'no_partitions';
    };

export interface QuietRequest {
  readonly payerId: string;
  readonly payeeId: string;
  readonly until: Instant;
  /** Why the payer is believed; typed by staff, so journaled as a personal value. */
  readonly reason: string;
  readonly by: string;
}

/** Vouches from now on. What is held already stays held: more evidence never lifts a hold (rule d). */
export async function quietPayee(deps: QuietDeps, request: QuietRequest): Promise<QuietResult> {
  const from = deps.clock.now();
  const refusal = quietRefusal(from, request.until);
  if (refusal !== undefined) return { ok: false, code: refusal };
  const partitions = await deps.quiets.partitionCount();
  if (partitions === 0) return { ok: false, code: 'no_partitions' };
  const quiet: QuietRow = {
    quietId: hex(deps.hashing.randomBytes(16)),
    partition: deps.partitionOf(request.payerId, partitions),
    from,
    ...request,
  };
  await deps.unitOfWork.run(async (tx) => {
    const draft = quietDraft('payee.quieted', quiet, request, from);
    await Promise.all([
      deps.quiets.save(tx, quiet),
      deps.journal.append(tx, new Map([[quiet.partition, [draft]]])),
    ]);
  });
  return { ok: true, quiet };
}

export interface EndQuietRequest {
  readonly quietId: string;
  readonly reason: string;
  readonly by: string;
}

/** Takes it back from now on. What was allowed meanwhile is not assessed again: nothing was seen that was not known. */
export function endQuiet(deps: QuietDeps, request: EndQuietRequest): Promise<QuietResult> {
  return deps.unitOfWork.run(async (tx): Promise<QuietResult> => {
    const known = await deps.quiets.lock(tx, request.quietId);
    if (known === undefined) return { ok: false, code: 'quiet_unknown' };
    const now = deps.clock.now();
    if (known.until <= now) return { ok: false, code: 'quiet_ended' };
    // Never before it began, whatever two clocks say.
    const quiet = { ...known, until: Math.max(now, known.from), endedBy: request.by };
    const draft = quietDraft('payee.quiet-ended', quiet, request, now);
    await Promise.all([
      deps.quiets.save(tx, quiet),
      deps.journal.append(tx, new Map([[quiet.partition, [draft]]])),
    ]);
    return { ok: true, quiet };
  });
}

function quietDraft(
  type: 'payee.quieted' | 'payee.quiet-ended',
  quiet: QuietRow,
  { reason, by }: { readonly reason: string; readonly by: string },
  at: Instant,
): EntryDraft {
  const { quietId, payerId, payeeId, from, until } = quiet;
  const body: QuietBody = { quietId, from: formatInstant(from), until: formatInstant(until) };
  const personal: QuietPersonal = { payer: payerId, payee: payeeId, reason, by };
  return { type, at, body, personal, payerId };
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
