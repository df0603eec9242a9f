/**
 * The journal's entry format, final: canonical JSON (RFC 8785), one chain per partition, gap-free sequence, leaf hashes as
 * RFC 6962. Personal values enter as salted commitments only; value and salt lie beside the journal and can be erased.
 */
import type { Instant } from '../kernel/instant.ts';

export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Every fact that is written for good. A new one is added here and in `docs/journal.md`, never by free text. */
export type EntryType =
  | 'batch.consumed'
  | 'decision.made'
  | 'hold.placed'
  | 'hold.extended'
  | 'hold.matured'
  | 'hold.released'
  | 'hold.cancelled'
  | 'hold.expired'
  | 'hold.acknowledged'
  | 'order.raised'
  | 'recall.requested'
  | 'release.requested'
  | 'release.decided'
  | 'appeal.opened'
  | 'appeal.decided'
  | 'instruction.recorded'
  | 'cost.recorded'
  | 'alert.requested'
  | 'payee.quieted'
  | 'payee.quiet-ended'
  | 'payer.answered'
  | 'record.refused'
  | 'export.requested'
  | 'export.approved'
  | 'export.made'
  | 'payer.erased'
  | 'payer.restricted'
  | 'payer.unrestricted'
  | 'keys.introduced'
  | 'staff.acted';

/** What a writer hands to the journal; sequence, previous hash and leaf are given under the chain's lock. */
export interface EntryDraft {
  readonly type: EntryType;
  /** When it was written, by the writer's clock. */
  readonly at: Instant;
  /** Not personal: codes, tiers, times, amounts, counts, opaque hold and decision ids. */
  readonly body: { readonly [key: string]: Json };
  /** Personal: accounts, subject ids, evidence references, contact references, typed text. Committed, never in the leaf. */
  readonly personal: { readonly [name: string]: Json };
  /** Whose values these are, so that erasing one person finds them. Not part of the leaf. */
  readonly payerId?: string;
}

/** A personal value and the salt under which it was committed. */
export interface Disclosure {
  readonly name: string;
  readonly value: Json;
  /** 16 random bytes, unpadded base64url. */
  readonly salt: string;
}

/** One entry as it stands in the chain. `canonical` is what is hashed and exported. */
export interface SealedEntry {
  readonly chain: number;
  readonly sequence: number;
  readonly type: EntryType;
  readonly at: Instant;
  readonly canonical: string;
  /** SHA-256(0x00 ‖ canonical), hex. */
  readonly leafHash: string;
  readonly disclosures: readonly Disclosure[];
  readonly payerId?: string;
}
