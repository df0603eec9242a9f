/** Ids that follow from what they name, so that whoever decides again says the same id (CONTRACT, Outputs). */
import { subjectKey, type SubjectRef } from './subject.ts';

/** The namespace of all our names, from CONTRACT. */
export const NAMESPACE = '6c656e67-6a69-5e67-8000-000000000001';

export type Sha1 = (bytes: Uint8Array) => Uint8Array;

/** `holdId` of a subject: UUIDv5 of source, kind and id on a line each. */
export function holdIdOf(subject: SubjectRef, sha1: Sha1): string {
  return uuidV5(subjectKey(subject), sha1);
}

/** `decisionId`: the hold's name and the sequence on a line of its own. */
export function decisionIdOf(subject: SubjectRef, sequence: number, sha1: Sha1): string {
  return uuidV5(`${subjectKey(subject)}\n${sequence}`, sha1);
}

/** An id of our namespace for any name (RFC 9562, version 5). */
export function uuidV5(name: string, sha1: Sha1): string {
  // At most three bytes for each unit of UTF-16.
  const bytes = new Uint8Array(16 + 3 * name.length);
  bytes.set(NAMESPACE_BYTES);
  const { written } = ENCODER.encodeInto(name, bytes.subarray(16));
  const id = sha1(bytes.subarray(0, 16 + written)).slice(0, 16);
  id[6] = ((id[6] as number) & 0x0f) | 0x50;
  id[8] = ((id[8] as number) & 0x3f) | 0x80;
  let uuid = '';
  for (let i = 0; i < 16; i += 1) {
    if (i === 4 || i === 6 || i === 8 || i === 10) uuid += '-';
    uuid += HEX[id[i] as number];
  }
  return uuid;
}

const ENCODER = new TextEncoder();
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

const NAMESPACE_BYTES = Uint8Array.from(NAMESPACE.replaceAll('-', '').match(/../g) ?? [], (pair) =>
  Number.parseInt(pair, 16),
);
