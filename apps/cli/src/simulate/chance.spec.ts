import { describe, expect, it } from '@jest/globals';
import { Chance } from './chance.ts';

function draws(chance: Chance, count: number): number[] {
  return Array.from({ length: count }, () => chance.next());
}

describe('chance', () => {
  it('gives the same draws for the same name, for ever', () => {
    expect(draws(new Chance('a'), 3)).toEqual(draws(new Chance('a'), 3));
    // Golden: a change here changes every population that anybody has seen.
    expect(draws(new Chance('lengjing'), 3).map((n) => Math.floor(n * 2 ** 32)))
      .toMatchInlineSnapshot(`
     [
       1719296731,
       870880177,
       1307607067,
     ]
    `);
  });

  it('gives other draws for another name, and forks that do not disturb it', () => {
    expect(draws(new Chance('a'), 3)).not.toEqual(draws(new Chance('b'), 3));
    const [plain, forked] = [new Chance('a'), new Chance('a')];
    draws(forked.fork('x'), 100);
    expect(draws(forked, 3)).toEqual(draws(plain, 3));
    expect(draws(plain.fork('x'), 3)).not.toEqual(draws(plain.fork('y'), 3));
  });

  it('is uniform: no tenth is drawn much more often than another', () => {
    const counts = Array.from({ length: 10 }, () => 0);
    for (const n of draws(new Chance('uniform'), 100_000)) {
      counts[Math.floor(n * 10)] = (counts[Math.floor(n * 10)] ?? 0) + 1;
    }
    const chiSquare = counts.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0);
    // Nine degrees of freedom: above 27.9 once in a thousand seeds.
    expect(chiSquare).toBeLessThan(27.9);
  });

  it.each([0.03, 0.5, 2, 9])('draws Poisson numbers of mean %d', (mean) => {
    const chance = new Chance(`poisson ${mean}`);
    let sum = 0;
    for (let i = 0; i < 20_000; i += 1) sum += chance.poisson(mean);
    expect(Math.abs(sum / 20_000 - mean)).toBeLessThan(4 * Math.sqrt(mean / 20_000));
  });

  it('has the median and the bounds that were asked for', () => {
    const chance = new Chance('bounds');
    const values = Array.from({ length: 9_999 }, () => chance.logNormal(50, 1)).sort(
      (a, b) => a - b,
    );
    expect(Math.abs((values[5_000] ?? 0) / 50 - 1)).toBeLessThan(0.06);
    for (let i = 0; i < 1_000; i += 1) {
      const n = chance.between(3, 5);
      expect([3, 4, 5]).toContain(n);
    }
    expect(chance.digits(6)).toMatch(/^\d{6}$/);
    expect(() => chance.pick([])).toThrow(RangeError);
  });

  it('weighs: what has no weight never comes', () => {
    const chance = new Chance('weights');
    let b = 0;
    for (let i = 0; i < 10_000; i += 1) {
      const one = chance.weighted([
        ['a', 3],
        ['b', 1],
        ['c', 0],
      ]);
      expect(one).not.toBe('c');
      b += Number(one === 'b');
    }
    expect(Math.abs(b / 10_000 - 0.25)).toBeLessThan(0.02);
  });
});
