import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { amountInput, integer, money, name, sharePercent, token, typedText } from './leaves.ts';
import { Refused } from './refused.ts';
import { cleanText } from './typed-text.ts';

const faultOf = (taken: unknown): string | undefined =>
  taken instanceof Refused ? `${taken.code} ${taken.path}`.trim() : undefined;

describe('tokens and names', () => {
  it.each([['a'], [' '], ['card-6217 **** 01'], ['~'.repeat(128)]])('takes %j', (text) => {
    expect(token.read(text)).toBe(text);
  });

  it.each([
    ['', 'invalid_value'],
    ['a'.repeat(129), 'invalid_value'],
    ['借呗', 'invalid_value'],
    ['a\n', 'invalid_value'],
    ['a\u0000', 'invalid_value'],
    ['a\u007f', 'invalid_value'],
    [5, 'wrong_type'],
    [null, 'wrong_type'],
    [['a'], 'wrong_type'],
  ])('refuses the token %j as %s', (value, fault) => {
    expect(faultOf(token.read(value))).toBe(fault);
  });

  it.each([
    ['招联', undefined],
    ['😀'.repeat(128), undefined],
    ['😀'.repeat(129), 'invalid_value'],
    ['a\u2028b', 'invalid_value'],
    ['\ud800', 'invalid_value'],
    ['', 'invalid_value'],
  ])('takes or refuses the name %j', (value, fault) => {
    expect(faultOf(name.read(value))).toBe(fault);
  });
});

describe('money', () => {
  it.each([
    [{ currency: 'CNY', value: '6919.00' }, 691900],
    [{ currency: 'CNY', value: '0' }, 0],
    [{ currency: 'CNY', value: '0.5' }, 50],
    [{ currency: 'JPY', value: '100', note: 'ignored' }, 100],
    [{ currency: 'CNY', value: '9999999999999.99' }, 999999999999999],
  ])('reads %j', (value, minor) => {
    expect(money.read(value)).toEqual({ currency: value.currency, minor });
  });

  it.each([
    [6919, 'wrong_type'],
    ['6919.00', 'wrong_type'],
    [[], 'wrong_type'],
    [{ value: '1.00' }, 'missing_field currency'],
    [{ currency: 'CNY' }, 'missing_field value'],
    [{ currency: 'CNY', value: 6919 }, 'wrong_type value'],
    [{ currency: 'CNY', value: null }, 'wrong_type value'],
    [{ currency: 5, value: '1.00' }, 'wrong_type currency'],
    [{ currency: 'XAU', value: '1.00' }, 'unknown_currency currency'],
    [{ currency: 'cny', value: '1.00' }, 'unknown_currency currency'],
    [{ currency: '__proto__', value: '1.00' }, 'unknown_currency currency'],
    [{ currency: 'toString', value: '1.00' }, 'unknown_currency currency'],
    [{ currency: 'CNY', value: '-1.00' }, 'invalid_value value'],
    [{ currency: 'CNY', value: '+1.00' }, 'invalid_value value'],
    [{ currency: 'CNY', value: '06919.00' }, 'invalid_value value'],
    [{ currency: 'CNY', value: '1.005' }, 'invalid_value value'],
    [{ currency: 'CNY', value: '1,000.00' }, 'invalid_value value'],
    [{ currency: 'CNY', value: '1e3' }, 'invalid_value value'],
    [{ currency: 'CNY', value: '１.00' }, 'invalid_value value'],
    [{ currency: 'CNY', value: '1.00\n' }, 'invalid_value value'],
    [{ currency: 'CNY', value: '' }, 'invalid_value value'],
    [{ currency: 'JPY', value: '100.0' }, 'invalid_value value'],
    [{ currency: 'CNY', value: '10000000000000.00' }, 'invalid_value value'],
  ])('refuses %j as %s', (value, fault) => {
    expect(faultOf(money.read(value))).toBe(fault);
  });
});

describe('numbers', () => {
  it.each([
    [0, undefined],
    [10, undefined],
    [-0, undefined],
    [11, 'invalid_value'],
    [-1, 'invalid_value'],
    [1.5, 'invalid_value'],
    [Number('1e999'), 'invalid_value'],
    [Number.NaN, 'invalid_value'],
    ['5', 'wrong_type'],
    [true, 'wrong_type'],
  ])('takes or refuses %p within 0 to 10', (value, fault) => {
    const taken = integer(0, 10).read(value);
    expect(faultOf(taken)).toBe(fault);
    expect(Object.is(taken, -0)).toBe(false);
  });

  it.each([
    ['0.00', 0],
    ['0.95', 95],
    ['0.29', 29],
    ['0.5', 50],
    ['1', 100],
    ['1.00', 100],
  ])('reads the share %s as %i %%', (text, percent) => {
    expect(sharePercent.read(text)).toBe(percent);
  });

  it.each([['1.01'], ['0.955'], ['-0.1'], ['95'], ['.5'], [''], [0.95]])(
    'refuses the share %p',
    (value) => {
      expect(sharePercent.read(value)).toBeInstanceOf(Refused);
    },
  );
});

describe('typed text', () => {
  it.each([
    ['亚马逊退款', '亚马逊退款'],
    ['退\u200b款\u0000\n', '退款'],
    ['\u202egnp.exe', 'gnp.exe'],
    ['a\ud800b', 'a\ufffdb'],
    ['  ', '  '],
    ['a\u0085\u2028b', 'ab'],
  ])('cleans %j', (text, clean) => {
    expect(cleanText(text, 100)).toBe(clean);
  });

  it('cuts without cutting a pair apart', () => {
    expect(cleanText('a😀', 2)).toBe('a');
    expect(cleanText('a😀', 3)).toBe('a😀');
    expect(cleanText('x'.repeat(9), 4)).toBe('xxxx');
  });

  it('is dropped, never refused, when it is no text', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const taken = typedText(20).read(value);
        expect(taken instanceof Refused).toBe(false);
        expect(typeof taken).toBe(typeof value === 'string' ? 'string' : 'undefined');
      }),
    );
  });

  it('is well-formed, short and without control characters, whatever was typed', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 }), (units) => {
        const clean = cleanText(String.fromCharCode(...units), 20);
        expect(clean.isWellFormed()).toBe(true);
        expect(clean.length).toBeLessThanOrEqual(20);
        expect(/\p{Cc}/u.test(clean)).toBe(false);
      }),
    );
  });
});

describe('amountInput', () => {
  it.each([
    ['06919', true, 5],
    ['6919', false, 4],
    ['06919.50', true, 5],
    ['0.50', true, 1],
    ['０６９１９', true, 5],
    ['￥ 06,919.00 元', true, 5],
    ['¥6，919', false, 4],
    ['０６９１９．５', true, 5],
    ['\u200b06919', true, 5],
    ['.5', false, 0],
    ['', false, 0],
    ['abc', false, 0],
    ['0'.repeat(500), true, 100],
  ])('of %j keeps leading zero %p and %i digits', (raw, leadingZero, digits) => {
    expect(amountInput.read({ raw, mode: 'typed' })).toEqual({
      mode: 'typed',
      leadingZero,
      digits,
    });
  });

  it.each([[6919], [null], [{ a: '06919' }], [undefined]])(
    'passes over a raw that is %p',
    (raw) => {
      expect(amountInput.read({ raw, mode: 'order' })).toEqual({
        mode: 'order',
        leadingZero: false,
        digits: 0,
      });
    },
  );

  it.each([
    ['06919', 'wrong_type'],
    [{ raw: '06919' }, 'missing_field mode'],
    [{ raw: '06919', mode: 'spoken' }, 'invalid_value mode'],
    [{ raw: '06919', mode: 1 }, 'wrong_type mode'],
  ])('refuses %j as %s', (value, fault) => {
    expect(faultOf(amountInput.read(value))).toBe(fault);
  });
});
