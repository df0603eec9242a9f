/** The Java client's partitioner, so that a record on the wrong partition can be told (CONTRACT, Keys). */

const SEED = 0x9747b28c;
const MULTIPLIER = 0x5bd1e995;

/** Kafka's murmur2 of the bytes, as the signed 32-bit integer that Java has. */
export function murmur2(bytes: Uint8Array): number {
  const length = bytes.length;
  const whole = length - (length % 4);
  let hash = SEED ^ length;
  for (let i = 0; i < whole; i += 4) {
    let word =
      at(bytes, i) | (at(bytes, i + 1) << 8) | (at(bytes, i + 2) << 16) | (at(bytes, i + 3) << 24);
    word = Math.imul(word, MULTIPLIER);
    word ^= word >>> 24;
    hash = Math.imul(hash, MULTIPLIER) ^ Math.imul(word, MULTIPLIER);
  }
  for (let i = length - 1; i >= whole; i -= 1) hash ^= at(bytes, i) << (8 * (i - whole));
  if (length > whole) hash = Math.imul(hash, MULTIPLIER);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, MULTIPLIER);
  return hash ^ (hash >>> 15);
}

/** The partition the Java client gives a record with this key. `partitionCount` MUST be at least 1. */
export function partitionOf(key: Uint8Array, partitionCount: number): number {
  return (murmur2(key) & 0x7fffffff) % partitionCount;
}

function at(bytes: Uint8Array, index: number): number {
  return bytes[index] as number;
}
