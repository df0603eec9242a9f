/** What the journal's entries about itself say: exports, erasures, keys. All stand in the house chain. */

/** `closed`: commitments only. `masked`: personal values shortened beyond recognition. `open`: value and salt of the named ones. */
export type MaskLevel = 'closed' | 'masked' | 'open';

/** Entries `from` to `to` of a chain, both inclusive, under the head of that size. */
export type ExportedChain = {
  readonly chain: number;
  readonly from: number;
  readonly to: number;
  readonly entries: number;
  readonly size: number;
  /** Head of the tree at that size, base64. */
  readonly root: string;
};

export type ExportRequestedBody = {
  readonly exportId: string;
  readonly kind: 'range' | 'hold' | 'payer' | 'case' | 'reason';
  readonly mask: MaskLevel;
  /** Names of the personal values to be disclosed. */
  readonly disclosed: readonly string[];
};

export type ExportApprovedBody = { readonly exportId: string };

export type ExportMadeBody = ExportRequestedBody & {
  /** SHA-256 of `manifest.json`, hex: the manifest names the digests of every other file. */
  readonly manifest: string;
  readonly chains: readonly ExportedChain[];
};

/** Who asks, what for, and exactly for what. */
export type ExportPersonal = {
  readonly by: string;
  readonly purpose: string;
  readonly query: string;
  /** Reference of an authority's demand. */
  readonly authority?: string;
};

/** Names nobody: that there was such a person is among what is erased. */
export type PayerErasedBody = {
  readonly erasureId: string;
  /** Entries whose values and salts are gone. */
  readonly entries: number;
  readonly basis: string;
};

/** Erasure is due and the law still asks for keeping: nothing but keeping and the authority's export (个保法 Art. 47). */
export type PayerRestrictedBody = {
  readonly restrictionId: string;
  readonly basis: string;
  readonly until?: string;
};

export type PayerRestrictedPersonal = { readonly payer: string; readonly by: string };

/** The public keys that checkpoints are signed with from now on. */
export type KeysBody = { readonly keys: readonly string[] };
