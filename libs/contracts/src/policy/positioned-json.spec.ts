import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parsePositioned } from './positioned-json.ts';

describe('positioned JSON', () => {
  it('is what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const parsed = parsePositioned(text);
        // -0 is written as 0, so both sides are read from the text.
        expect(parsed.ok && parsed.value).toEqual(JSON.parse(text));
      }),
    );
  });

  it('says where each value stands, members by their name', () => {
    const text = '{\n  "a": [1,\n    {"b/c~": null}],\n  "__proto__": "x"\n}';
    const parsed = parsePositioned(text);
    if (!parsed.ok) throw new Error(parsed.message);
    const at = ['', '/a', '/a/0', '/a/1', '/a/1/b~1c~0', '/__proto__', '/nowhere'].map(
      (pointer) => {
        const { line, column } = parsed.positionOf(pointer);
        return `${line}:${column}`;
      },
    );
    expect(at).toEqual(['1:1', '2:3', '2:9', '3:5', '3:6', '4:3', '1:1']);
    expect(Object.keys(Object(parsed.value))).toEqual(['a', '__proto__']);
  });

  it.each([
    ['', 1, 1, '', 'expected a value'],
    ['{', 1, 2, '', 'expected a string in double quotes'],
    ['{"a"}', 1, 5, '/a', 'expected ":" after the name'],
    ['{"a":}', 1, 6, '/a', 'expected a value'],
    ['{"a":1\n"b":2}', 2, 1, '', 'expected "," or "}"'],
    ['{"a":1,}', 1, 8, '', 'expected a string in double quotes'],
    ['{"a":1,\n "a":2}', 2, 2, '/a', 'is there twice'],
    ['[1 2]', 1, 4, '', 'expected "," or "]"'],
    ['[1,]', 1, 4, '/1', 'expected a value'],
    ['[01]', 1, 3, '', 'expected "," or "]"'],
    ["{'a':1}", 1, 2, '', 'expected a string in double quotes'],
    ['["\\x"]', 1, 2, '/0', 'expected a string in double quotes'],
    ['["\n"]', 1, 2, '/0', 'expected a string in double quotes'],
    ['["\\ud800"]', 1, 10, '/0', 'has half a surrogate pair'],
    ['[1e999]', 1, 7, '/0', 'is too large a number'],
    ['[NaN]', 1, 2, '/0', 'expected a value'],
    ['{} x', 1, 4, '', 'nothing may follow the end of the JSON value'],
    ['// no\n{}', 1, 1, '', 'expected a value'],
    ['['.repeat(40), 1, 34, '/0'.repeat(33), 'nests deeper than 32 levels'],
  ])('of %j is a fault at %i:%i', (text, ...fault) => {
    const [line, column, path, message] = fault;
    expect(parsePositioned(text)).toEqual({ ok: false, at: { line, column }, path, message });
  });
});
