/** RFC 8785 by its own examples: numbers of appendix B, strings and sorting of section 3.2. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from './canonical-json.ts';
import type { Json } from './entry.ts';

function double(bits: string): number {
  return new DataView(
    Uint8Array.from(bits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)).buffer,
  ).getFloat64(0);
}

describe('numbers (RFC 8785, appendix B)', () => {
  it.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('%s is %s', (bits, text) => {
    expect(canonicalJson(double(bits))).toBe(text);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'refuses %d',
    (value) => {
      expect(() => canonicalJson(value)).toThrow(TypeError);
      expect(() => canonicalJson([{ a: value }])).toThrow(TypeError);
    },
  );
});

describe('texts', () => {
  it('are RFC 8785’s example (3.2.2)', () => {
    const input = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`;
    expect(canonicalJson(JSON.parse(input) as Json)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it.each([
    ['\b\t\n\f\r', String.raw`"\b\t\n\f\r"`],
    ['\u0000\u0001\u001f', String.raw`"\u0000\u0001\u001f"`],
    ['"\\/', String.raw`"\"\\/"`],
    ['\u007f\u0080\u2028\u2029', '"\u007f\u0080\u2028\u2029"'],
    ['A\u030a', '"A\u030a"'],
    ['😀', '"😀"'],
    ['', '""'],
  ])('escape only what they must: %j', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it.each(['\ud800', '\udc00', 'a\ud83d', '\ude00b', '\ude00\ud83d'])(
    'refuse a lone surrogate',
    (value) => {
      expect(() => canonicalJson(value)).toThrow(TypeError);
      expect(() => canonicalJson({ [value]: 1 })).toThrow(TypeError);
    },
  );
});

describe('members', () => {
  it('are sorted by UTF-16 code units (RFC 8785, 3.2.3)', () => {
    const sorted = canonicalJson({
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    });
    const names = [...sorted.matchAll(/:"([^"]*)"/g)].map((match) => match[1]);
    expect(names).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it.each([
    [String.raw`[56, {"d": true, "10": null, "1": []}]`, '[56,{"1":[],"10":null,"d":true}]'],
    [
      String.raw`{"1": {"f": {"f": "hi", "F": 5}, "\n": 56.0}, "10": {}, "": "empty", "a": {}, "111": [{"e": "yes", "E": "no"}], "A": {}}`,
      String.raw`{"":"empty","1":{"\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{"E":"no","e":"yes"}],"A":{},"a":{}}`,
    ],
    ['{"peach": 1, "péché": 2, "pêche": 3, "sin": 4}', '{"peach":1,"péché":2,"pêche":3,"sin":4}'],
    ['{"__proto__": {"b": 1}, "constructor": 2}', '{"__proto__":{"b":1},"constructor":2}'],
  ])('at every depth, whatever the locale: %s', (input, text) => {
    expect(canonicalJson(JSON.parse(input) as Json)).toBe(text);
  });
});

describe('what is no JSON', () => {
  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['a function', () => 1],
    ['a symbol', Symbol('a')],
    ['a bigint', 1n],
  ])('%s is refused, at any depth', (_title, value) => {
    expect(() => canonicalJson(value as Json)).toThrow(TypeError);
    expect(() => canonicalJson([value as Json])).toThrow(TypeError);
    expect(() => canonicalJson({ a: value as Json })).toThrow(TypeError);
  });

  it('a hole in an array is refused', () => {
    const holed: Json[] = [];
    holed[1] = 1;
    expect(() => canonicalJson(holed)).toThrow(TypeError);
  });
});

describe('for any value', () => {
  it('reads back as the same value and writes the same text again, whatever the order of members', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value as Json);
        const read = JSON.parse(text) as Json;
        expect(JSON.parse(JSON.stringify(value))).toEqual(read);
        expect(canonicalJson(turned(read))).toBe(text);
        expect(text).not.toMatch(/^\s|\s$/);
      }),
      { seed: 20_261_124, numRuns: 500 },
    );
  });
});

/** The same value with the members of every object in reverse order. */
function turned(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => turned(item));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, turned(member)]),
  );
}
