/** The auditor's file as specs call it: it has no types, since it has no build. */
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';

export interface Finding {
  readonly chain?: number;
  readonly sequence?: number;
  readonly what: string;
}

export interface Verified {
  readonly findings: readonly Finding[];
  readonly entries: number;
  readonly topics?: readonly { readonly chain: number; readonly records: number }[];
}

interface VerifyOptions {
  readonly keys: readonly object[];
  readonly topics?: boolean;
  readonly seen?: readonly object[];
}

export interface Verifier {
  readKeys(text: string): readonly object[];
  openCheckpoint(note: string, keys: readonly object[]): { origin: string; size: number };
  checkProof(text: string, line: Uint8Array, sequence: number, keys: readonly object[]): object;
  verifyBundle(folder: string, options: VerifyOptions): Promise<Verified>;
  main(args: readonly string[], say: (line: string) => void): Promise<number>;
}

export const VERIFIER_FILE = resolve('tools/verify/lengjing-verify.mjs');

export async function loadVerifier(): Promise<Verifier> {
  return (await import(pathToFileURL(VERIFIER_FILE).href)) as Verifier;
}
