/** Exact intervals of shares: what can be said after counting, and no more. Pure, and checked against published values. */

/** A count and what is known of the share behind it. */
export interface Share {
  readonly hits: number;
  readonly trials: number;
  /** `hits / trials`; NaN where nothing was tried. */
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The Clopper-Pearson interval (1934): covers the true share at least as often as `confidence` says, whatever it is, by the quantiles of
 * the beta distribution. Nothing tried gives 0 to 1. Throws `RangeError` unless 0 ≤ hits ≤ trials, both whole.
 */
export function clopperPearson(hits: number, trials: number, confidence = 0.95): Share {
  if (!Number.isInteger(hits) || !Number.isInteger(trials) || hits < 0 || hits > trials) {
    throw new RangeError('hits and trials are whole numbers, and hits are among the trials');
  }
  const alpha = (1 - confidence) / 2;
  const low = hits === 0 ? 0 : betaQuantile(alpha, hits, trials - hits + 1);
  const high = hits === trials ? 1 : betaQuantile(1 - alpha, hits + 1, trials - hits);
  return { hits, trials, share: hits / trials, low, high };
}

/** x with I_x(a, b) = p, to the last bits: bisection on a function that only rises. */
export function betaQuantile(p: number, a: number, b: number): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 200 && high - low > Number.EPSILON * high; i += 1) {
    const middle = (low + high) / 2;
    if (incompleteBeta(middle, a, b) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The regularised incomplete beta function I_x(a, b), by Lentz's continued fraction (Numerical Recipes, 6.4). */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x),
  );
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a
    : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

const TINY = 1e-300;
/** Terms grow with the square root of the larger parameter: enough for millions of trials. */
const TERMS_MAX = 20_000;

function betaFraction(x: number, a: number, b: number): number {
  const safe = (value: number): number => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / safe(1 - ((a + b) * x) / (a + 1));
  let sum = d;
  for (let m = 1; m <= TERMS_MAX; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / safe(1 + even * d);
    c = safe(1 + even / c);
    sum *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / safe(1 + odd * d);
    c = safe(1 + odd / c);
    sum *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return sum;
}

/** Lanczos' approximation, g = 7, nine terms: fifteen digits for positive arguments. */
const LANCZOS: readonly number[] = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];

export function logGamma(z: number): number {
  let sum = 0.9999999999998099;
  for (const [i, term] of LANCZOS.entries()) sum += term / (z + i);
  const t = z + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (z - 0.5) * Math.log(t) - t + Math.log(sum);
}

/**
 * Precision where scams are as rare as `base` among all transfers, from how often scams and honest ones are held. Low and high take
 * the unfavourable and favourable ends of both intervals together, so they are wider than 95 %.
 */
export function precisionAt(
  base: number,
  scams: Share,
  honest: Share,
): Omit<Share, 'hits' | 'trials'> {
  const of = (recall: number, held: number): number => {
    const [right, wrong] = [recall * base, held * (1 - base)];
    return right + wrong === 0 ? Number.NaN : right / (right + wrong);
  };
  return {
    share: of(scams.share, honest.share),
    low: of(scams.low, honest.high),
    high: of(scams.high, honest.low),
  };
}
