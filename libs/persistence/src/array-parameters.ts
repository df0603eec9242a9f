/**
 * Array parameters in PostgreSQL's binary format (array_recv), made from the casts that a statement names. The driver's own way is text,
 * of which every quote is escaped here and unescaped there: with JSON in it, that cost more than the statements.
 */
import type { Parameter } from './transactions.ts';

type Element = string | number | boolean | null | Uint8Array;
type ElementWriter = (value: Element, buffer: Buffer, at: number) => number;

interface ElementType {
  readonly oid: number;
  /** Bytes of any value at most, without its length. */
  bytesMax(value: Element): number;
  /** Writes the value and returns how many bytes that took. */
  readonly write: ElementWriter;
}

const LENGTH_BYTES = 4;
const HEADER_BYTES = 20;
const LENGTH_OF_NULL = -1;

/** Whole numbers of so many bits. */
function numbers(oid: number, bits: 16 | 32 | 64, write: NumberWriter): ElementType {
  const end = bits === 64 ? 2 ** 53 : 2 ** (bits - 1);
  return {
    oid,
    bytesMax: () => bits / 8,
    write: (value, buffer, at) => {
      const number = Number(value);
      // Without the value: it may be somebody's.
      if (!Number.isInteger(number) || number < -end || number >= end) {
        throw new Error('database: a number does not fit its column');
      }
      write(number, buffer, at);
      return bits / 8;
    },
  };
}

type NumberWriter = (value: number, buffer: Buffer, at: number) => void;

/** By the name in a cast. */
const TYPES: Readonly<Record<string, ElementType>> = {
  text: {
    oid: 25,
    bytesMax: (value) => Buffer.byteLength(String(value)),
    write: (value, buffer, at) => buffer.write(String(value), at),
  },
  boolean: {
    oid: 16,
    bytesMax: () => 1,
    write: (value, buffer, at) => buffer.writeUInt8(value === true ? 1 : 0, at) - at,
  },
  smallint: numbers(21, 16, (value, buffer, at) => void buffer.writeInt16BE(value, at)),
  integer: numbers(23, 32, (value, buffer, at) => void buffer.writeInt32BE(value, at)),
  bigint: numbers(20, 64, (value, buffer, at) => {
    buffer.writeInt32BE(Math.floor(value / 2 ** 32), at);
    buffer.writeUInt32BE(value >>> 0, at + 4);
  }),
};

/** One-dimensional array of a type as PostgreSQL receives it. Throws for a number that the type cannot hold exactly. */
export function binaryArray(type: ElementType, values: readonly Element[]): Buffer {
  let size = HEADER_BYTES;
  for (const value of values) size += LENGTH_BYTES + (value === null ? 0 : type.bytesMax(value));
  const buffer = Buffer.allocUnsafe(size);
  let at = buffer.writeInt32BE(values.length === 0 ? 0 : 1, 0);
  at = buffer.writeInt32BE(values.includes(null) ? 1 : 0, at);
  at = buffer.writeInt32BE(type.oid, at);
  if (values.length === 0) return buffer.subarray(0, at);
  at = buffer.writeInt32BE(values.length, at);
  at = buffer.writeInt32BE(1, at);
  for (const value of values) {
    if (value === null) {
      at = buffer.writeInt32BE(LENGTH_OF_NULL, at);
      continue;
    }
    const bytes = type.write(value, buffer, at + LENGTH_BYTES);
    buffer.writeInt32BE(bytes, at);
    at += LENGTH_BYTES + bytes;
  }
  return buffer.subarray(0, at);
}

const CAST = /\$(\d+)::(\w+)\[\]/g;
const typesOfText = new Map<string, readonly (ElementType | undefined)[]>();

/** The types of a statement's array parameters by position, as its text casts them; each text is read once. */
function arrayTypes(text: string): readonly (ElementType | undefined)[] {
  const known = typesOfText.get(text);
  if (known !== undefined) return known;
  const types: (ElementType | undefined)[] = [];
  for (const [, position, name] of text.matchAll(CAST)) {
    types[Number(position) - 1] = TYPES[name ?? ''];
  }
  typesOfText.set(text, types);
  return types;
}

/** The parameters of a statement as they are sent: arrays whose type its text names as binary, everything else as it is. */
export function boundParameters(text: string, values: readonly Parameter[]): unknown[] {
  const types = arrayTypes(text);
  return values.map((value, index) => {
    const type = types[index];
    return type !== undefined && isArray(value) ? binaryArray(type, value) : value;
  });
}

/** `Array.isArray` does not narrow read-only arrays. */
function isArray(value: Parameter): value is readonly Element[] {
  return Array.isArray(value);
}
