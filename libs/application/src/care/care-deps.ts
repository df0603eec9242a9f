/** What the use cases of people around a hold need, and how they name what they keep. */
import { uuidV5, type EntryDraft, type EntryType, type Instant, type Json } from '#domain';
import type { HoldDeps } from '../holds/end-due-holds.ts';
import type { CareStore } from '../ports/care-store.ts';
import type { Hashing } from '../ports/clock.ts';
import type { HoldRow } from '../ports/engine-store.ts';

export interface CareDeps extends HoldDeps {
  readonly care: CareStore;
  readonly hashing: Hashing;
}

/** Who asks, and under which key: the same key of the same person names the same thing, so that asking twice is asking once. */
export interface AskedBy {
  readonly by: string;
  readonly key: string;
}

export function idOf(what: string, about: string, { by, key }: AskedBy, hashing: Hashing): string {
  return uuidV5([what, about, by, key].join('\n'), (bytes) => hashing.sha1(bytes));
}

/** An entry about a hold; whose hold it is and who did it are personal. */
export function careDraft(
  type: EntryType,
  hold: Pick<HoldRow, 'holdId' | 'payerId'>,
  at: Instant,
  said: {
    readonly body: { readonly [name: string]: Json };
    readonly personal: { readonly [name: string]: Json };
  },
): EntryDraft {
  return {
    type,
    at,
    body: { holdId: hold.holdId, ...said.body },
    personal: { payer: hold.payerId, ...said.personal },
    payerId: hold.payerId,
  };
}
