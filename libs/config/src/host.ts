/** What the machine gives beside settings: the time, hashes and randomness. Structurally the application's `Clock` and `Hashing`. */
import { hash, randomBytes } from 'node:crypto';

export const SYSTEM_CLOCK = { now: (): number => Date.now() } as const;

export const NODE_HASHING = {
  sha256: (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer'),
  // As text and back: a buffer made for twenty bytes costs twice the hash itself.
  sha1: (bytes: Uint8Array): Uint8Array => Buffer.from(hash('sha1', bytes, 'hex'), 'hex'),
  /** Fresh and unpredictable. */
  randomBytes: (count: number): Uint8Array => randomBytes(count),
} as const;
