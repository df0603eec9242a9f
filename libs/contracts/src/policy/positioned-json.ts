/** Reads JSON that people write: every fault and every value has a line and a column, and a repeated member is a fault. */
import type { Json } from '#domain';

export interface Position {
  /** Both from 1; columns count UTF-16 code units. */
  readonly line: number;
  readonly column: number;
}

/** A fault in the text, or `value` with the place of each of its values (of members: of their name) by JSON pointer. */
export type PositionedJson =
  | { readonly ok: true; readonly value: Json; readonly positionOf: (pointer: string) => Position }
  | { readonly ok: false; readonly at: Position; readonly path: string; readonly message: string };

const NESTING_MAX = 32;

export function parsePositioned(text: string): PositionedJson {
  const reader = new Reader(text);
  try {
    const value = reader.document();
    return {
      ok: true,
      value,
      positionOf: (pointer) => positionAt(text, reader.indices.get(pointer) ?? 0),
    };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return {
      ok: false,
      at: positionAt(text, error.index),
      path: error.path,
      message: error.message,
    };
  }
}

/** One reference token more on a JSON pointer (RFC 6901). */
export function pointerTo(parent: string, name: string | number): string {
  return `${parent}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

class Fault extends Error {
  readonly index: number;
  readonly path: string;
  constructor(index: number, path: string, message: string) {
    super(message);
    this.index = index;
    this.path = path;
  }
}

function positionAt(text: string, index: number): Position {
  const before = text.slice(0, index);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: index - lineStart + 1 };
}

const BLANK = /[ \t\r\n]*/y;
const STRING = /"[^"\\\p{Cc}]*(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[^"\\\p{Cc}]*)*"/uy;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const LITERAL = /true|false|null/y;

class Reader {
  /** Of values by JSON pointer; lines are counted only where a problem is. */
  readonly indices = new Map<string, number>();
  readonly #text: string;
  #index = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Json {
    if (this.#text.startsWith('\ufeff')) this.#index = 1;
    const value = this.#value('', 0);
    this.#take(BLANK);
    if (this.#index < this.#text.length)
      this.#fail('', 'nothing may follow the end of the JSON value');
    return value;
  }

  #value(path: string, depth: number): Json {
    this.#take(BLANK);
    if (depth > NESTING_MAX) this.#fail(path, `nests deeper than ${NESTING_MAX} levels`);
    if (!this.indices.has(path)) this.indices.set(path, this.#index);
    switch (this.#text[this.#index]) {
      case '{':
        return this.#object(path, depth);
      case '[':
        return this.#array(path, depth);
      case '"':
        return this.#string(path);
      default:
        return this.#scalar(path);
    }
  }

  #object(path: string, depth: number): Json {
    const members = new Map<string, Json>();
    this.#index += 1;
    this.#take(BLANK);
    if (this.#skip('}')) return {};
    for (;;) {
      this.#take(BLANK);
      const at = this.#index;
      const name = this.#string(path);
      const member = pointerTo(path, name);
      if (members.has(name)) {
        this.#index = at;
        this.#fail(member, 'is there twice');
      }
      this.indices.set(member, at);
      this.#take(BLANK);
      if (!this.#skip(':')) this.#fail(member, 'expected ":" after the name');
      members.set(name, this.#value(member, depth + 1));
      this.#take(BLANK);
      if (this.#skip('}')) return Object.fromEntries(members);
      if (!this.#skip(',')) this.#fail(path, 'expected "," or "}"');
    }
  }

  #array(path: string, depth: number): Json {
    const items: Json[] = [];
    this.#index += 1;
    this.#take(BLANK);
    if (this.#skip(']')) return items;
    for (;;) {
      items.push(this.#value(pointerTo(path, items.length), depth + 1));
      this.#take(BLANK);
      if (this.#skip(']')) return items;
      if (!this.#skip(',')) this.#fail(path, 'expected "," or "]"');
    }
  }

  #string(path: string): string {
    const token = this.#take(STRING);
    if (token === '') this.#fail(path, 'expected a string in double quotes');
    const value = JSON.parse(token) as string;
    if (!value.isWellFormed()) this.#fail(path, 'has half a surrogate pair');
    return value;
  }

  #scalar(path: string): Json {
    const literal = this.#take(LITERAL);
    if (literal !== '') return JSON.parse(literal) as Json;
    const number = this.#take(NUMBER);
    if (number === '') this.#fail(path, 'expected a value');
    const value = Number(number);
    if (!Number.isFinite(value)) this.#fail(path, 'is too large a number');
    return value;
  }

  /** What the sticky pattern matches here, possibly nothing. */
  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#index;
    const token = pattern.exec(this.#text)?.[0] ?? '';
    this.#index += token.length;
    return token;
  }

  #skip(char: string): boolean {
    if (this.#text[this.#index] !== char) return false;
    this.#index += 1;
    return true;
  }

  #fail(path: string, message: string): never {
    throw new Fault(this.#index, path, message);
  }
}
