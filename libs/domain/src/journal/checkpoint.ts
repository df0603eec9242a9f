/** A chain's tree head as a signed note (C2SP tlog-checkpoint, signed-note) and an entry's proof (C2SP tlog-proof). */
import { fromBase64, toBase64 } from './bytes.ts';

/** Changes that belong to no partition: exports, erasures, keys, policies. Its own chain, never published. */
export const HOUSE_CHAIN = -1;

export interface Checkpoint {
  /** `<journal>/<chain>`: which log this is the head of. */
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

/** The origin line of a chain: `lengjing.example/journal/3`, of the house chain `lengjing.example/journal/house`. */
export function originOf(journal: string, chain: number): string {
  return `${journal}/${chain === HOUSE_CHAIN ? 'house' : chain}`;
}

/** The text that is signed, with its final line break. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/** A note of a text that ends in a line break and one or more signature lines. */
export function noteOf(text: string, signatures: readonly string[]): string {
  return `${text}\n${signatures.map((line) => `${line}\n`).join('')}`;
}

/** The checkpoint that a note carries, its signatures not looked at; undefined where the text is none. */
export function readCheckpoint(note: string): Checkpoint | undefined {
  const end = note.lastIndexOf('\n\n');
  const [origin, size, root, ...more] = note.slice(0, end + 1).split('\n');
  const hash = fromBase64(root ?? '');
  if (!origin || hash?.length !== 32 || more.length === 0) return undefined;
  if (!/^(?:0|[1-9]\d{0,15})$/.test(size ?? '')) return undefined;
  return { origin, size: Number(size), root: hash };
}

/** The content of a `.tlog-proof` file: everything but the entry that proves it offline. */
export function proofText(index: number, hashes: readonly Uint8Array[], note: string): string {
  const lines = ['c2sp.org/tlog-proof@v1', `index ${index}`, ...hashes.map(toBase64), '', note];
  return lines.join('\n');
}
