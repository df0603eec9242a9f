/** Amounts as the digits somebody would have typed: how CD4 and CD5 compare them. */

/** Whole units without decimals, otherwise all digits with the point left out: 6919.00 → `6919`, 6919.02 → `691902`. */
export function typedDigits(minor: number, unit: number): string {
  return String(minor % unit === 0 ? minor / unit : minor);
}

/**
 * Whether one amount's digits continue the other's. Continued by zeros alone, or by the decimals of the same whole amount, they
 * do not count: 500 and 5000, 6919 and 6919.02 are ordinary corrections.
 */
export function continues(a: number, b: number, unit: number, minDigits: number): boolean {
  const [short, long] = [typedDigits(a, unit), typedDigits(b, unit)].sort(
    (x, y) => x.length - y.length,
  ) as [string, string];
  if (short.length < minDigits || short.length === long.length || !long.startsWith(short)) {
    return false;
  }
  if (/^0+$/.test(long.slice(short.length))) return false;
  const sameWhole = Math.floor(a / unit) === Math.floor(b / unit);
  return !(sameWhole && (a % unit === 0 || b % unit === 0));
}
