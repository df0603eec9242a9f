/** Reading files line by line and writing lines in large pieces, so that millions of events pass in constant memory. */
import { createReadStream } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CommandFailed } from './usage.ts';

/** The lines of a file, `-` for standard input; `.gz` is unpacked. Throws `CommandFailed` when it cannot be read. */
export async function* linesOf(path: string): AsyncGenerator<string[]> {
  const stream = path === '-' ? process.stdin : await openFile(path);
  let rest = '';
  try {
    stream.setEncoding('utf8');
    for await (const chunk of stream as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      yield lines;
    }
  } catch (error) {
    throw new CommandFailed(`${path} cannot be read (${codeOf(error)})`);
  }
  if (rest !== '') yield [rest];
}

/** Calls `take` with every line and its number from 1, waiting where it has to; `taken` with how many after each piece. */
export async function forEachLine(
  path: string,
  take: (line: string, number: number) => Promise<void> | undefined,
  taken: (count: number) => void = () => undefined,
): Promise<void> {
  let number = 0;
  for await (const lines of linesOf(path)) {
    for (const line of lines) {
      number += 1;
      const waiting = take(line, number);
      if (waiting !== undefined) await waiting;
    }
    taken(lines.length);
  }
}

async function openFile(path: string): Promise<Readable> {
  try {
    await access(path, constants.R_OK);
  } catch (error) {
    throw new CommandFailed(`${path} cannot be read (${codeOf(error)}): give the path of a file`);
  }
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  if (!path.endsWith('.gz')) return file;
  const unpacked = createGunzip();
  file.on('error', (error) => unpacked.destroy(error));
  return file.pipe(unpacked);
}

/** Of a system call that failed, `ENOENT` and the like. */
export function codeOf(error: unknown): string {
  const isObject = typeof error === 'object' && error !== null;
  const code: unknown = isObject ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' ? code : 'unknown error';
}

const PIECE_LENGTH = 64 * 1024;

/** Collects lines and writes them in pieces, waiting where the reader is slow. */
export class LineWriter {
  readonly #to: Writable;
  #lines: string[] = [];
  #length = 0;

  constructor(to: Writable) {
    this.#to = to;
  }

  async write(line: string): Promise<void> {
    this.#lines.push(line);
    this.#length += line.length;
    if (this.#length >= PIECE_LENGTH) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#lines.length === 0) return;
    const text = `${this.#lines.join('\n')}\n`;
    this.#lines = [];
    this.#length = 0;
    if (this.#to.write(text)) return;
    await new Promise<void>((resolve) => {
      this.#to.once('drain', resolve);
    });
  }
}
