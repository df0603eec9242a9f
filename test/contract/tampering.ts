/** Every way we know to touch a bundle, drawn from one seed: by whoever cannot sign, but may rewrite everything else consistently. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

type Files = ReadonlyMap<string, Buffer>;
/** Files as they are after the mutation; null for one that is gone. */
type Change = ReadonlyMap<string, Buffer | null>;

export interface Mutation {
  readonly name: string;
  readonly change: Change;
}

/** Small, fast, seeded (mulberry32). */
export function chanceOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

type Draw = (below: number) => number;
type Mutator = (files: Files, draw: Draw) => Change | undefined;

function pick<T>(items: readonly T[], draw: Draw): T | undefined {
  return items[draw(items.length)];
}

const named = (files: Files, pattern: RegExp): string[] =>
  [...files.keys()].filter((name) => pattern.test(name));

function linesOf(files: Files, name: string): string[] {
  return (files.get(name) ?? Buffer.alloc(0)).toString('utf8').split('\n').slice(0, -1);
}

function ofLines(name: string, lines: readonly string[]): Change {
  return new Map([[name, Buffer.from(lines.map((line) => `${line}\n`).join(''))]]);
}

const ENTRIES = /\.entries\.jsonl$/;
const LINES = /\.jsonl$/;

function onLines(
  pattern: RegExp,
  change: (lines: string[], draw: Draw) => string[] | undefined,
): Mutator {
  return (files, draw) => {
    const name = pick(named(files, pattern), draw);
    if (name === undefined) return undefined;
    const lines = change(linesOf(files, name), draw);
    return lines === undefined ? undefined : ofLines(name, lines);
  };
}

const flipBit: Mutator = (files, draw) => {
  const name = pick([...files.keys()], draw) ?? '';
  const bytes = Buffer.from(files.get(name) ?? Buffer.alloc(0));
  if (bytes.length === 0) return undefined;
  const at = draw(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << draw(8));
  return new Map([[name, bytes]]);
};

const truncate: Mutator = (files, draw) => {
  const name = pick([...files.keys()], draw) ?? '';
  const bytes = files.get(name) ?? Buffer.alloc(0);
  return bytes.length === 0 ? undefined : new Map([[name, bytes.subarray(0, draw(bytes.length))]]);
};

const grow: Mutator = (files, draw) => {
  const name = pick([...files.keys()], draw) ?? '';
  const more = pick(['\n', ' ', 'x', '\n\n', '{}\n', '— a b\n'], draw) ?? '\n';
  return new Map([[name, Buffer.concat([files.get(name) ?? Buffer.alloc(0), Buffer.from(more)])]]);
};

const removeFile: Mutator = (files, draw) => new Map([[pick([...files.keys()], draw) ?? '', null]]);

const swapFiles: Mutator = (files, draw) => {
  const kind =
    pick([ENTRIES, /\.checkpoint$/, /\.tlog-proof$/, /\.disclosures\.jsonl$/], draw) ?? ENTRIES;
  const [a, b] = [pick(named(files, kind), draw), pick(named(files, kind), draw)];
  if (a === undefined || b === undefined || a === b) return undefined;
  return new Map([
    [a, files.get(b) ?? null],
    [b, files.get(a) ?? null],
  ]);
};

const dropLine = onLines(LINES, (lines, draw) => {
  const at = draw(lines.length);
  return lines.filter((_line, index) => index !== at);
});
const repeatLine = onLines(LINES, (lines, draw) => {
  const at = draw(lines.length);
  return lines.flatMap((line, index) => (index === at ? [line, line] : [line]));
});
const swapLines = onLines(LINES, (lines, draw) => {
  const [a, b] = [draw(lines.length), draw(lines.length)];
  return a === b
    ? undefined
    : lines.map((line, index) => (index === a ? lines[b] : index === b ? lines[a] : line) ?? '');
});
const cutLines = onLines(LINES, (lines, draw) => lines.slice(0, draw(lines.length)));
const cutFront = onLines(LINES, (lines, draw) => lines.slice(1 + draw(lines.length)));

type Parsed = Record<string, unknown>;

/** An entry that says something else, in proper form. */
function editEntry(change: (entry: Parsed, draw: Draw) => void): Mutator {
  return onLines(ENTRIES, (lines, draw) => {
    const at = draw(lines.length);
    return lines.map((line, index) => {
      if (index !== at) return line;
      const entry = JSON.parse(line) as Parsed;
      change(entry, draw);
      return JSON.stringify(entry);
    });
  });
}

const editBody = editEntry((entry, draw) => {
  const body = entry['body'] as Parsed;
  const name = pick(Object.keys(body), draw) ?? 'note';
  body[name] = typeof body[name] === 'number' ? body[name] + 1 : 'other';
});
const editBatch: Mutator = onLines(ENTRIES, (lines, draw) => {
  const batches = lines.flatMap((line, index) =>
    line.includes('"batch.consumed"') ? [index] : [],
  );
  const at = pick(batches, draw);
  return lines.map((line, index) =>
    index === at
      ? line.replace(
          /"(decided|kept|refused|to)":(\d+)/,
          (_all, name: string, value: string) => `"${name}":${Number(value) + 1}`,
        )
      : line,
  );
});
const editPlace = editEntry((entry, draw) => {
  const name = pick(['sequence', 'chain'], draw) ?? 'chain';
  entry[name] = Number(entry[name]) + 1;
});
const editLink = editEntry((entry) => {
  entry['previous'] = createHash('sha256').update(String(entry['previous'])).digest('hex');
});
const editCommitment = editEntry((entry) => {
  const personal = entry['personal'] as Parsed;
  const [name] = Object.keys(personal);
  if (name !== undefined) personal[name] = 'A'.repeat(43);
  else entry['personal'] = { payer: 'A'.repeat(43) };
});

const falseDisclosure = onLines(/\.disclosures\.jsonl$/, (lines, draw) => {
  const at = draw(lines.length);
  return lines.map((line, index) => {
    if (index !== at) return line;
    const one = JSON.parse(line) as Parsed;
    const name = pick(['value', 'salt', 'sequence', 'name', 'chain'], draw) ?? 'value';
    one[name] = typeof one[name] === 'number' ? one[name] + 1 : `${String(one[name])}x`;
    return JSON.stringify(one);
  });
});

/** The head of a smaller or another tree, as it was really signed for it. */
const otherHead: Mutator = (files, draw) => {
  const name = pick(named(files, /\.checkpoint$/), draw) ?? '';
  const note = (files.get(name) ?? Buffer.alloc(0)).toString('utf8');
  const line = 1 + draw(2);
  const other = note
    .split('\n')
    .map((text, index) =>
      index !== line ? text : line === 1 ? String(Number(text) - 1) : `B${text.slice(1)}`,
    )
    .join('\n');
  return other === note ? undefined : new Map([[name, Buffer.from(other)]]);
};

const MUTATORS: Readonly<Record<string, Mutator>> = {
  flipBit,
  truncate,
  grow,
  removeFile,
  swapFiles,
  dropLine,
  repeatLine,
  swapLines,
  cutLines,
  cutFront,
  editBody,
  editBatch,
  editPlace,
  editLink,
  editCommitment,
  falseDisclosure,
  otherHead,
};

/** The manifest made to fit: digests, sizes and counts, as somebody would who knows how the check works. */
function refit(files: Files, change: Change): Change {
  const after = new Map([...files, ...change]);
  const text = after.get('manifest.json');
  if (text === undefined || text === null || change.has('manifest.json')) return change;
  const manifest = JSON.parse(text.toString('utf8')) as {
    files: { name: string; bytes: number; sha256: string }[];
    chains: { chain: number; entries: number; to: number }[];
  };
  manifest.files = manifest.files.flatMap((file) => {
    const bytes = after.get(file.name);
    if (bytes === undefined || bytes === null) return [];
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return [{ ...file, bytes: bytes.length, sha256 }];
  });
  for (const told of manifest.chains) {
    const name = `chain-${told.chain === -1 ? 'house' : told.chain}.entries.jsonl`;
    const bytes = after.get(name);
    if (bytes !== undefined && bytes !== null && change.has(name)) {
      told.entries = bytes.toString('utf8').split('\n').length - 1;
    }
  }
  const fitted = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  return new Map([...change, ['manifest.json', fitted]]);
}

/** A bundle in memory from which mutations are drawn, and a folder in which they are looked at. */
export class Tampering {
  readonly #folder: string;
  readonly #files: Files;

  private constructor(folder: string, files: Files) {
    this.#folder = folder;
    this.#files = files;
  }

  static async of(folder: string): Promise<Tampering> {
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = new Map<string, Buffer>();
    for (const one of found.filter((each) => each.isFile())) {
      const path = join(one.parentPath, one.name);
      files.set(path.slice(folder.length + 1), await readFile(path));
    }
    return new Tampering(folder, files);
  }

  /** Every second one also makes the manifest fit. */
  draw(seed: number): Mutation {
    const draw = chanceOf(seed);
    for (;;) {
      const name = pick(Object.keys(MUTATORS), draw) ?? 'flipBit';
      const drawn = MUTATORS[name]?.(this.#files, draw);
      if (drawn === undefined) continue;
      const refitted = draw(2) === 1;
      const change = refitted ? refit(this.#files, drawn) : drawn;
      const real = [...change].some(([file, bytes]) => !same(bytes, this.#files.get(file)));
      if (real) return { name: refitted ? `${name}, manifest made to fit` : name, change };
    }
  }

  /** Runs `look` on the touched folder and puts everything back. */
  async with<Result>(
    { change }: Mutation,
    look: (folder: string) => Promise<Result>,
  ): Promise<Result> {
    for (const [name, bytes] of change) await this.#write(name, bytes);
    try {
      return await look(this.#folder);
    } finally {
      for (const name of change.keys()) await this.#write(name, this.#files.get(name) ?? null);
    }
  }

  async #write(name: string, bytes: Buffer | null): Promise<void> {
    const path = join(this.#folder, name);
    if (bytes !== null) await writeFile(path, bytes);
    else if (existsSync(path)) await rm(path);
  }
}

function same(a: Buffer | null | undefined, b: Buffer | null | undefined): boolean {
  return a === b || (a instanceof Buffer && b instanceof Buffer && a.equals(b));
}
