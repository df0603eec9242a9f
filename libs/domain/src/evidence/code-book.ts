/** Looking up amounts among codes without seeing a code: the keys stay with whoever implements this. */

export interface CodeBook {
  /**
   * Unpadded base64url of HMAC-SHA-256(key, UTF-8 of `codeId + ":" + canonical`), `canonical` being digits without leading
   * zeros; undefined when the key is not known. MUST be pure.
   */
  digest(keyId: string, codeId: string, canonical: string): string | undefined;
}

/** Knows no key: nothing matches. */
export const NO_CODES: CodeBook = { digest: () => undefined };
