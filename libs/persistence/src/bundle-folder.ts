/** A bundle as a folder: appended in pieces, cut back to the last mark when an export is taken up again. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  mkdir,
  open,
  readFile,
  readdir,
  rename,
  rm,
  truncate,
  writeFile,
  type FileHandle,
} from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { UnfinishedExport, type BundleSink, type FileDigest } from '#application';
import type { Json } from '#domain';

const MARK = '.unfinished.json';

interface Mark {
  readonly sizes: Readonly<Record<string, number>>;
  readonly state: Json;
}

/** Opens the folder, making it where it is missing. Refuses one with files that are not of an unfinished export. */
export function makeBundleFolder(folder: string): BundleSink {
  return new BundleFolder(folder);
}

class BundleFolder implements BundleSink {
  readonly #folder: string;
  readonly #handles = new Map<string, FileHandle>();
  readonly #sizes = new Map<string, number>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async resume(): Promise<Json | undefined> {
    await mkdir(this.#folder, { recursive: true });
    const text = await readFile(join(this.#folder, MARK), 'utf8').catch(() => undefined);
    const mark = text === undefined ? undefined : (JSON.parse(text) as Mark);
    const names = await namesIn(this.#folder);
    if (mark === undefined && names.length > 0) {
      throw new UnfinishedExport(
        'the folder is not empty: name one that is, or that is not there yet',
      );
    }
    for (const name of names) {
      // Proofs are small files written whole, the same each time.
      if (name.startsWith('proofs/')) continue;
      const size = mark?.sizes[name];
      if (size === undefined) await rm(join(this.#folder, name));
      else {
        await truncate(join(this.#folder, name), size);
        this.#sizes.set(name, size);
      }
    }
    return mark?.state;
  }

  async append(name: string, text: string): Promise<void> {
    const bytes = Buffer.from(text, 'utf8');
    await (await this.#handleOf(name)).appendFile(bytes);
    this.#sizes.set(name, (this.#sizes.get(name) ?? 0) + bytes.length);
  }

  async mark(state: Json): Promise<void> {
    for (const handle of this.#handles.values()) await handle.datasync();
    const mark: Mark = { sizes: Object.fromEntries(this.#sizes), state };
    const half = join(this.#folder, `${MARK}.half`);
    await writeFile(half, JSON.stringify(mark));
    await rename(half, join(this.#folder, MARK));
  }

  async digests(): Promise<readonly FileDigest[]> {
    await this.close();
    const digests: FileDigest[] = [];
    for (const name of await namesIn(this.#folder))
      digests.push(await digestOf(this.#folder, name));
    return digests;
  }

  async put(name: string, text: string): Promise<void> {
    const path = join(this.#folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }

  async finish(): Promise<void> {
    await this.close();
    await rm(join(this.#folder, MARK), { force: true });
  }

  async #handleOf(name: string): Promise<FileHandle> {
    const known = this.#handles.get(name);
    if (known !== undefined) return known;
    const path = join(this.#folder, name);
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(path, 'a');
    this.#handles.set(name, handle);
    return handle;
  }

  async close(): Promise<void> {
    for (const handle of this.#handles.values()) await handle.close();
    this.#handles.clear();
  }
}

/** Every file of the folder but the mark, with forward slashes, in order. */
async function namesIn(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name).slice(folder.length + 1))
    .map((name) => name.split(sep).join('/'))
    .filter((name) => !name.startsWith(MARK))
    .sort();
}

async function digestOf(folder: string, name: string): Promise<FileDigest> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of createReadStream(join(folder, name), { highWaterMark: 1 << 20 })) {
    const buffer = piece as Buffer;
    hash.update(buffer);
    bytes += buffer.length;
  }
  return { name, bytes, sha256: hash.digest('hex') };
}
