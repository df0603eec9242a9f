/** Money as an integer of minor units and a currency: sums are exact, and two currencies never mix. */

export interface Money {
  /** ISO 4217 alphabetic code. */
  readonly currency: string;
  /** Minor units (fen for CNY): a safe integer, never negative on the wire. */
  readonly minor: number;
}

/** Decimal places of the currencies that the wire accepts (ISO 4217). A currency not listed is refused. */
export const CURRENCY_DIGITS: Readonly<Record<string, number>> = {
  CNY: 2,
  HKD: 2,
  MOP: 2,
  TWD: 2,
  USD: 2,
  EUR: 2,
  GBP: 2,
  SGD: 2,
  AUD: 2,
  NZD: 2,
  CAD: 2,
  CHF: 2,
  INR: 2,
  MYR: 2,
  THB: 2,
  PHP: 2,
  BRL: 2,
  KRW: 0,
  JPY: 0,
  VND: 0,
};

const DECIMAL = /^(0|[1-9]\d{0,12})(?:\.(\d{1,3}))?$/;

/**
 * Minor units of a decimal string, or undefined when it is not a plain non-negative decimal, has more decimals than the
 * currency, the currency is unknown, or the result is not a safe integer.
 */
export function parseMinor(currency: string, value: string): number | undefined {
  const digits = Object.hasOwn(CURRENCY_DIGITS, currency) ? CURRENCY_DIGITS[currency] : undefined;
  const match = DECIMAL.exec(value);
  if (digits === undefined || match === null) return undefined;
  const fraction = match[2] ?? '';
  if (fraction.length > digits) return undefined;
  const minor = Number((match[1] ?? '0') + fraction.padEnd(digits, '0'));
  return Number.isSafeInteger(minor) ? minor : undefined;
}

/** Decimal string with exactly the currency's decimals: `{CNY, 691900}` → `"6919.00"`. */
export function formatMinor(money: Money): string {
  const digits = CURRENCY_DIGITS[money.currency] ?? 2;
  const sign = money.minor < 0 ? '-' : '';
  const text = Math.abs(money.minor)
    .toString()
    .padStart(digits + 1, '0');
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
