/** Hashing and randomness from Node. */
import { createHash, randomBytes } from 'node:crypto';
import type { Hashing } from '#application';

export const HASHING: Hashing = {
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  sha1: (bytes) => createHash('sha1').update(bytes).digest(),
  randomBytes: (count) => randomBytes(count),
};
