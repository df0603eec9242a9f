import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type GroupMemberClaim, assignUnits } from './assign-units.ts';

const claim = (memberId: string, ...previous: number[]): GroupMemberClaim => ({
  memberId,
  previous,
});
const plain = (result: ReadonlyMap<string, readonly number[]>): Record<string, readonly number[]> =>
  Object.fromEntries(result);

describe('units over members', () => {
  it.each([
    ['one member has all', [claim('a')], 3, { a: [0, 1, 2] }],
    ['nobody has anything', [], 3, {}],
    [
      'more members than partitions',
      [claim('a'), claim('b'), claim('c')],
      2,
      { a: [0], b: [1], c: [] },
    ],
    ['a newcomer takes half', [claim('a', 0, 1, 2, 3), claim('b')], 4, { a: [0, 1], b: [2, 3] }],
    [
      'a newcomer with the smaller id too',
      [claim('b', 0, 1, 2, 3), claim('a')],
      4,
      { a: [2, 3], b: [0, 1] },
    ],
    ['one is gone', [claim('a', 0, 1), claim('c', 4, 5)], 6, { a: [0, 1, 2], c: [3, 4, 5] }],
    [
      'the larger share stays where it is',
      [claim('a', 4), claim('b', 0, 1), claim('c', 2, 3)],
      5,
      { a: [4], b: [0, 1], c: [2, 3] },
    ],
    [
      'a partition claimed twice',
      [claim('b', 0, 1), claim('a', 1, 2)],
      4,
      { a: [1, 2], b: [0, 3] },
    ],
    [
      'claims that make no sense',
      [claim('a', -1, 99, 0.5, Number.NaN, 1, 1), claim('b')],
      2,
      { a: [1], b: [0] },
    ],
  ])('%s', (_name, claims, count, expected) => {
    expect(plain(assignUnits(claims, count))).toEqual(expected);
  });

  const claims = fc.uniqueArray(
    fc.record({
      memberId: fc.string({ minLength: 1, maxLength: 4 }),
      previous: fc.array(fc.integer({ min: -2, max: 30 }), { maxLength: 30 }),
    }),
    { selector: (one) => one.memberId, minLength: 1, maxLength: 12 },
  );
  const partitions = fc.integer({ min: 1, max: 24 });

  it('gives every partition to exactly one member, within one of each other', () => {
    fc.assert(
      fc.property(claims, partitions, (members, count) => {
        const shares = [...assignUnits(members, count).values()];
        expect(shares.flat().toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: count }, (_, one) => one),
        );
        const sizes = shares.map((one) => one.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('does not depend on the order of the members', () => {
    fc.assert(
      fc.property(claims, partitions, (members, count) => {
        expect(plain(assignUnits(members.toReversed(), count))).toEqual(
          plain(assignUnits(members, count)),
        );
      }),
    );
  });

  it('changes nothing when nothing changed', () => {
    fc.assert(
      fc.property(claims, partitions, (members, count) => {
        const first = assignUnits(members, count);
        const again = [...first].map(([memberId, previous]) => ({ memberId, previous }));
        expect(plain(assignUnits(again, count))).toEqual(plain(first));
      }),
    );
  });

  it('moves no more than a newcomer’s share when one joins, and nothing of the others when one leaves', () => {
    fc.assert(
      fc.property(claims, partitions, (members, count) => {
        const first = assignUnits(members, count);
        const settled = [...first].map(([memberId, previous]) => ({ memberId, previous }));
        const joined = assignUnits([...settled, claim('newcomer')], count);
        const moved = settled.flatMap((one) =>
          one.previous.filter((unit) => joined.get(one.memberId)?.includes(unit) !== true),
        );
        expect(moved.length).toBe(joined.get('newcomer')?.length);
        const [gone, ...rest] = settled;
        if (gone === undefined || rest.length === 0) return;
        const left = assignUnits(rest, count);
        for (const one of rest) {
          expect(left.get(one.memberId)).toEqual(expect.arrayContaining([...one.previous]));
        }
      }),
    );
  });
});
