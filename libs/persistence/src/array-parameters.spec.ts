/** Array parameters on the wire, against PostgreSQL's array_recv as its sources describe it; the server's own reading is tested with the stores. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { boundParameters } from './array-parameters.ts';

/** Reads what was written, element by element, as a server would. */
function read(bytes: Buffer): { readonly oid: number; readonly elements: (Buffer | null)[] } {
  const dimensions = bytes.readInt32BE(0);
  const hasNull = bytes.readInt32BE(4);
  const oid = bytes.readInt32BE(8);
  const elements: (Buffer | null)[] = [];
  let at = 12;
  if (dimensions === 1) {
    const count = bytes.readInt32BE(12);
    expect(bytes.readInt32BE(16)).toBe(1);
    at = 20;
    for (let i = 0; i < count; i += 1) {
      const length = bytes.readInt32BE(at);
      at += 4;
      elements.push(length === -1 ? null : bytes.subarray(at, at + length));
      at += Math.max(0, length);
    }
  }
  expect(at).toBe(bytes.length);
  expect(hasNull).toBe(elements.includes(null) ? 1 : 0);
  return { oid, elements };
}

const bind = (cast: string, values: readonly (string | number | boolean | null)[]): Buffer =>
  boundParameters(`SELECT unnest($1::${cast}[])`, [values])[0] as Buffer;

describe('array parameters', () => {
  it('carry any text', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.string({ unit: 'grapheme' }))), (texts) => {
        const { oid, elements } = read(bind('text', texts));
        expect(oid).toBe(25);
        expect(elements.map((one) => one?.toString('utf8') ?? null)).toEqual(texts);
      }),
    );
  });

  it('carry every exact integer as bigint', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.maxSafeInteger())), (numbers) => {
        const { oid, elements } = read(bind('bigint', numbers));
        expect(oid).toBe(20);
        expect(elements.map((one) => (one === null ? null : Number(one.readBigInt64BE())))).toEqual(
          numbers.map((number) => (number === null ? null : number + 0)),
        );
      }),
    );
  });

  it.each([
    ['integer', 23, [-(2 ** 31), -1, 0, 2 ** 31 - 1], (bytes: Buffer) => bytes.readInt32BE()],
    ['smallint', 21, [-(2 ** 15), 0, 2 ** 15 - 1], (bytes: Buffer) => bytes.readInt16BE()],
    ['boolean', 16, [true, false], (bytes: Buffer) => bytes.readUInt8() === 1],
  ] as const)('carry %s', (cast, oid, values, valueOf) => {
    const wire = read(bind(cast, values));
    expect(wire.oid).toBe(oid);
    expect(wire.elements.map((one) => one && valueOf(one))).toEqual(values);
  });

  it.each([
    ['integer', 2 ** 31],
    ['integer', -(2 ** 31) - 1],
    ['smallint', 40_000],
    ['bigint', 2 ** 53],
    ['bigint', 1.5],
    ['bigint', Number.NaN],
  ])('refuse for %s what it cannot hold, without saying it: %d', (cast, value) => {
    expect(() => bind(cast, [value])).toThrow(/^database: a number does not fit its column$/);
  });

  it('leaves other parameters, and arrays without a cast, as they are', () => {
    const values = ['a', 1, null, ['x'], true];
    expect(boundParameters('SELECT $1, $2::bigint, $3, $4, $5', values)).toEqual(values);
  });

  it('reads each position by its own cast', () => {
    const text = 'SELECT $2::text[], $1::bigint[], $10::integer[]';
    const bound = boundParameters(text, [[1], ['a'], 3, 4, 5, 6, 7, 8, 9, [10]]);
    expect(read(bound[0] as Buffer).oid).toBe(20);
    expect(read(bound[1] as Buffer).oid).toBe(25);
    expect(bound[2]).toBe(3);
    expect(read(bound[9] as Buffer).oid).toBe(23);
  });
});
