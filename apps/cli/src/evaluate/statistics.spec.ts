import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  betaQuantile,
  clopperPearson,
  incompleteBeta,
  logGamma,
  precisionAt,
} from './statistics.ts';

describe('Clopper-Pearson', () => {
  it.each([
    // R: binom.test(682, 925), Conover (1971), in its own documentation.
    [682, 925, 0.7076683, 0.7654066],
    [5, 10, 0.187086, 0.812914],
    [1, 100, 0.000253146, 0.054459387],
    // Closed forms at the ends: 1 - (α/2)^(1/n) and (α/2)^(1/n).
    [0, 10, 0, 1 - 0.025 ** 0.1],
    [10, 10, 0.025 ** 0.1, 1],
    [0, 1_000_000, 0, 1 - 0.025 ** 1e-6],
    [1, 1, 0.025, 1],
  ])('of %d in %d', (hits, trials, low, high) => {
    const share = clopperPearson(hits, trials);
    expect(share.low).toBeCloseTo(low, 7);
    expect(share.high).toBeCloseTo(high, 7);
    expect(share.share).toBe(hits / trials);
  });

  it('leaves exactly half of the doubt on each side, by the binomial sums themselves', () => {
    const counts = fc
      .integer({ min: 1, max: 400 })
      .chain((n) => fc.tuple(fc.nat({ max: n }), fc.constant(n)));
    fc.assert(
      fc.property(counts, ([hits, trials]) => {
        const { low, high } = clopperPearson(hits, trials);
        if (hits > 0) expect(1 - binomialCdf(hits - 1, trials, low)).toBeCloseTo(0.025, 9);
        if (hits < trials) expect(binomialCdf(hits, trials, high)).toBeCloseTo(0.025, 9);
      }),
    );
  });

  it('knows nothing of what was not tried', () => {
    expect(clopperPearson(0, 0)).toEqual({
      hits: 0,
      trials: 0,
      share: Number.NaN,
      low: 0,
      high: 1,
    });
  });

  it.each([
    [-1, 3],
    [4, 3],
    [0.5, 3],
    [1, Number.NaN],
  ])('refuses %d of %d', (hits, trials) => {
    expect(() => clopperPearson(hits, trials)).toThrow(RangeError);
  });
});

/** By sums of logarithms of the definition; slow and plain on purpose. */
function binomialCdf(k: number, n: number, p: number): number {
  let sum = 0;
  let logChoose = 0;
  for (let i = 0; i <= k; i += 1) {
    if (i > 0) logChoose += Math.log(n - i + 1) - Math.log(i);
    sum += Math.exp(logChoose + i * Math.log(p) + (n - i) * Math.log1p(-p));
  }
  return sum;
}

describe('the beta distribution', () => {
  it('is what it is known to be', () => {
    expect(incompleteBeta(0.3, 1, 1)).toBeCloseTo(0.3, 14);
    expect(incompleteBeta(0.5, 7, 7)).toBeCloseTo(0.5, 14);
    expect(incompleteBeta(0.2, 3, 1)).toBeCloseTo(0.008, 14);
    // P(F ≤ x) in scipy.special.betainc(2.5, 0.5, 0.9) is one minus its mirror.
    expect(incompleteBeta(0.9, 2.5, 0.5) + incompleteBeta(0.1, 0.5, 2.5)).toBeCloseTo(1, 13);
    expect([incompleteBeta(0, 2, 3), incompleteBeta(1, 2, 3)]).toEqual([0, 1]);
    expect(betaQuantile(0.008, 3, 1)).toBeCloseTo(0.2, 12);
  });

  it('rests on factorials', () => {
    let factorial = 1;
    for (let n = 1; n < 20; n += 1) {
      expect(logGamma(n)).toBeCloseTo(Math.log(factorial), 10);
      factorial *= n;
    }
    expect(logGamma(0.5)).toBeCloseTo(0.5 * Math.log(Math.PI), 12);
  });
});

describe('precision at a base rate', () => {
  it('is Bayes’ rule, wide at both ends', () => {
    const [scams, honest] = [clopperPearson(80, 100), clopperPearson(5, 10_000)];
    const { share, low, high } = precisionAt(1e-4, scams, honest);
    expect(share).toBeCloseTo(0.00008 / (0.00008 + 0.0005 * 0.9999), 12);
    expect(low).toBeLessThan(share);
    expect(high).toBeGreaterThan(share);
  });

  it('is unknown where nothing is held', () => {
    expect(precisionAt(1e-4, clopperPearson(0, 10), clopperPearson(0, 10)).share).toBeNaN();
  });
});
