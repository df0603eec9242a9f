/** Where an export's files go: a folder, in pieces, so that a broken export goes on where it stood. */
import type { Json } from '#domain';

export interface FileDigest {
  readonly name: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

export interface BundleSink {
  /** What `mark` kept last, with every file as it was then; undefined for a new bundle. */
  resume(): Promise<Json | undefined>;
  /** Appends to a file, which is made at the first piece. Slashes in names are folders. */
  append(name: string, text: string): Promise<void>;
  /** Makes everything written so far durable, with `state` to go on from. */
  mark(state: Json): Promise<void>;
  /** Every file so far in order of name, read again. */
  digests(): Promise<readonly FileDigest[]>;
  /** Writes a small file at once, replacing it. */
  put(name: string, text: string): Promise<void>;
  /** The bundle is complete: what was only there to go on from is removed. */
  finish(): Promise<void>;
  /** Lets go of the files, however it ended. */
  close(): Promise<void>;
}
