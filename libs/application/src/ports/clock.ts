/** Time, randomness and hashing enter the use cases here and nowhere else. */
import type { Instant } from '#domain';

export interface Clock {
  now(): Instant;
}

export interface Hashing {
  sha256(bytes: Uint8Array): Uint8Array;
  sha1(bytes: Uint8Array): Uint8Array;
  /** Fresh, unpredictable bytes for salts and ids. */
  randomBytes(count: number): Uint8Array;
}
