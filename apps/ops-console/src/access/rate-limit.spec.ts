import { expect, it } from '@jest/globals';
import { rateLimit } from './rate-limit.ts';

it('gives so many at once, then so many a second, to each by itself, and never saves up more', () => {
  let now = 0;
  const limit = rateLimit(3, 2, { now: () => now });
  const takes = (who: string, count: number): number =>
    Array.from({ length: count }, () => limit.take(who)).filter(Boolean).length;
  expect(takes('a', 10)).toBe(3);
  expect(takes('b', 10)).toBe(3);
  now += 1_000;
  expect(takes('a', 10)).toBe(2);
  now += 3_600_000;
  expect(takes('a', 10)).toBe(3);
});

it('forgets the longest unseen first', () => {
  const limit = rateLimit(1, 0, { now: () => 0 });
  expect(limit.take('first')).toBe(true);
  expect(limit.take('first')).toBe(false);
  for (let other = 0; other < 10_000; other += 1) limit.take(`other ${other}`);
  expect(limit.take('first')).toBe(true);
  expect(limit.take('other 9999')).toBe(false);
});
