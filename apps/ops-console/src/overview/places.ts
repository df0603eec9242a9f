/** Cursors into entries of all chains by time. */
import type { SealedEntry } from '#domain';

export interface Place {
  readonly at: number;
  readonly chain: number;
  readonly sequence: number;
}

export function writePlace({ at, chain, sequence }: SealedEntry): string {
  return Buffer.from(`${at} ${chain} ${sequence}`).toString('base64url');
}

/** A cursor that we did not write starts at the beginning. */
export function readPlace(cursor: string | undefined): Place | undefined {
  const text = Buffer.from(cursor ?? '', 'base64url').toString();
  const [, at, chain, sequence] = /^(\d{1,15}) (-?\d{1,6}) (\d{1,15})$/.exec(text) ?? [];
  if (at === undefined || chain === undefined || sequence === undefined) return undefined;
  return { at: Number(at), chain: Number(chain), sequence: Number(sequence) };
}
