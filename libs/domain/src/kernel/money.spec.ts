import { describe, expect, it } from '@jest/globals';
import { formatMinor, parseMinor } from './money.ts';

describe('money', () => {
  it.each([
    ['CNY', '6919.00', 691900],
    ['CNY', '0.01', 1],
    ['CNY', '6919', 691900],
    ['JPY', '100', 100],
  ])('reads %s %s', (currency, value, minor) => {
    expect(parseMinor(currency, value)).toBe(minor);
  });

  it.each([
    ['CNY', '06919'],
    ['CNY', '1.005'],
    ['JPY', '1.0'],
    ['XXX', '1.00'],
    ['constructor', '1.00'],
    ['CNY', '-1.00'],
    ['CNY', '1e3'],
    ['CNY', ''],
    ['CNY', '99999999999999.00'],
  ])('refuses %s %s', (currency, value) => {
    expect(parseMinor(currency, value)).toBeUndefined();
  });

  it('writes the currency’s decimals', () => {
    expect(formatMinor({ currency: 'CNY', minor: 5 })).toBe('0.05');
    expect(formatMinor({ currency: 'JPY', minor: 5 })).toBe('5');
  });
});
