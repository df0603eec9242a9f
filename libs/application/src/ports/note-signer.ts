/** Signs heads of the journal's trees; the keys stay with whoever implements it. */

export interface NoteSigner {
  /** The journal's name, the first part of every origin: `lengjing.example/journal`. */
  readonly journal: string;
  /** Public keys in the form of Go's `sumdb/note`, one per key that signs. */
  readonly publicKeys: readonly string[];
  /** One signature line per key (C2SP signed-note), without line breaks. */
  sign(text: string): readonly string[];
}
