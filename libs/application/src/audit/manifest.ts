/** What a bundle says about itself: counts, digests, the question it answers, the head it stands under. Holds no time of its making. */
import type { EntryType, Json, MaskLevel } from '#domain';
import type { FileDigest } from '../ports/bundle-sink.ts';

export const MANIFEST_FORMAT = 'lengjing-export/1';

export interface ManifestChain {
  readonly chain: number;
  /** Every entry of the range is in the bundle; otherwise single entries, each with a proof of its own. */
  readonly complete: boolean;
  readonly from: number;
  readonly to: number;
  readonly entries: number;
  readonly disclosures: number;
  readonly size: number;
  readonly root: string;
  /** Of a complete range: the subtrees before and behind it, base64, from left to right. */
  readonly left: readonly string[];
  readonly right: readonly string[];
}

/** What is counted while the entries pass; kept with the place to go on from. */
export interface Tally {
  types: Partial<Record<EntryType, number>>;
  policies: Record<string, number>;
  /** Per name of a personal value: entries in which it should be disclosed and is erased. */
  erased: Record<string, number>;
  /** The same for payers who are restricted. */
  restricted: Record<string, number>;
}

export function emptyTally(): Tally {
  return { types: {}, policies: {}, erased: {}, restricted: {} };
}

export interface Manifest {
  readonly format: typeof MANIFEST_FORMAT;
  readonly journal: string;
  readonly exportId: string;
  readonly requester: string;
  readonly purpose: string;
  readonly query: string;
  readonly kind: string;
  readonly mask: MaskLevel;
  readonly disclosed: readonly string[];
  readonly suite: { readonly [name: string]: string };
  readonly chains: readonly ManifestChain[];
  readonly types: { readonly [type: string]: number };
  /** `id version digest` → decisions made under it. */
  readonly policies: { readonly [policy: string]: number };
  readonly erased: { readonly [name: string]: number };
  readonly restricted: { readonly [name: string]: number };
  readonly authority?: string;
  readonly files: readonly FileDigest[];
}

/** The algorithms of entries with `v: 1`. Another suite gets another number and stands beside it. */
export const SUITE_1 = {
  canonical: 'RFC 8785',
  hash: 'SHA-256',
  tree: 'RFC 6962',
  commitment: 'SHA-256 of RFC 8785 [name, value, salt], base64url',
  checkpoint: 'C2SP tlog-checkpoint',
  signature: 'Ed25519 (RFC 8032)',
} as const;

export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** Members in order of name: the bytes do not depend on what came first. */
export function sorted<Value extends Json>(counts: {
  readonly [name: string]: Value;
}): { readonly [name: string]: Value } {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}
