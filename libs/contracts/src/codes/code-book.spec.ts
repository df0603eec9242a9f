import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { describeWithShared, sharedPath } from '../../../../test/shared.ts';
import { digestCode, makeCodeBook, readCodeKeys } from './code-book.ts';

const KEY = 'lengjing-acceptance-key';

describe('digestCode', () => {
  it.each([
    ['06919', ['full 5']],
    ['691902', ['full 6', 'prefix 5', 'prefix 4']],
    ['006919', ['full 6']],
    ['069190', ['full 6', 'prefix 5']],
    ['6919', ['full 4']],
    ['0691', []],
    ['691', []],
    ['0000000', []],
    ['1', []],
  ])('of %s has the forms %j', (code, forms) => {
    const digests = digestCode({ codeId: 'c', code, key: KEY });
    expect(digests.map(({ form, digits }) => `${form} ${digits}`)).toEqual(forms);
  });

  it('hashes the digits without leading zeros, bound to the code id', () => {
    const [full] = digestCode({ codeId: 'S03-c0', code: '06919', key: KEY });
    expect(full?.digest).toBe(createHmac('sha256', KEY).update('S03-c0:6919').digest('base64url'));
    expect(full?.digest).toBe('TGRbo0ZwocwRkuHQpSptTzuS0caVgwD8VPuwShjIJHY');
    expect(digestCode({ codeId: 'S05-c0', code: '691902', key: KEY })).toEqual([
      { form: 'full', digits: 6, digest: 'Obkz9kwaV9JEtkdUYFjAMSSjX9inOI2E4eqxvSTIc7s' },
      { form: 'prefix', digits: 5, digest: 'xe12rvzM-DhcMM7vPmzLdcedlEz1PK-jpw5ONO659L4' },
      { form: 'prefix', digits: 4, digest: 'l0e5Rf170Vo8qmUzrdtm6ly7-RFE6vpcnlzy5WftYm8' },
    ]);
  });

  it.each([[''], ['12a4'], ['１２３４'], ['-1234'], ['1234 '], ['1'.repeat(33)]])(
    'refuses %j without repeating it',
    (code) => {
      const digest = (): unknown => digestCode({ codeId: 'c', code, key: KEY });
      expect(digest).toThrow(new RangeError('a code is 1 to 32 digits and nothing else'));
    },
  );

  it('says what the code book finds', () => {
    const book = makeCodeBook(readCodeKeys({ LENGJING_CODE_KEY: KEY }));
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{1,32}$/), (code) => {
        for (const { digits, digest } of digestCode({ codeId: 'c', code, key: KEY })) {
          expect(digest).toMatch(/^[A-Za-z0-9_-]{43}$/);
          expect(book.digest('default', 'c', code.slice(0, digits).replace(/^0+/, ''))).toBe(
            digest,
          );
        }
      }),
    );
  });
});

describe('the code book', () => {
  const keys = {
    LENGJING_CODE_KEYS: '{"bank-a":"key a","__proto__":"key p"}',
    LENGJING_CODE_KEY: KEY,
  };
  const book = makeCodeBook(readCodeKeys(keys));

  it('has a key per producer', () => {
    const digests = ['bank-a', '__proto__', 'default'].map((keyId) =>
      book.digest(keyId, 'c', '6919'),
    );
    expect(new Set(digests).size).toBe(3);
    expect(digests.every((digest) => digest !== undefined)).toBe(true);
  });

  it('finds nothing under a key that it does not have', () => {
    expect(book.digest('bank-b', 'c', '6919')).toBeUndefined();
    expect(book.digest('constructor', 'c', '6919')).toBeUndefined();
    expect(makeCodeBook(readCodeKeys({})).digest('default', 'c', '6919')).toBeUndefined();
    expect(
      makeCodeBook(readCodeKeys({ LENGJING_CODE_KEY: '', LENGJING_CODE_KEYS: '' })).digest(
        'default',
        'c',
        '6919',
      ),
    ).toBeUndefined();
  });

  it.each([
    [{ LENGJING_CODE_KEYS: 'secret' }, /^LENGJING_CODE_KEYS must be a JSON object/],
    [{ LENGJING_CODE_KEYS: '["secret"]' }, /^LENGJING_CODE_KEYS must be a JSON object/],
    [{ LENGJING_CODE_KEYS: '{"a":""}' }, /^LENGJING_CODE_KEYS must have a text/],
    [{ LENGJING_CODE_KEYS: '{"secret":5}' }, /^LENGJING_CODE_KEYS must have a text/],
    [
      { LENGJING_CODE_KEYS: '{"default":"secret"}', LENGJING_CODE_KEY: 'other' },
      /give the key id default two keys/,
    ],
  ])('says what is wrong with %j and no key', (given, message) => {
    expect(() => makeCodeBook(readCodeKeys(given))).toThrow(message);
    expect(() => makeCodeBook(readCodeKeys(given))).not.toThrow(/secret/);
  });

  it('takes the same key given twice', () => {
    const twice = { LENGJING_CODE_KEYS: JSON.stringify({ default: KEY }), LENGJING_CODE_KEY: KEY };
    expect(makeCodeBook(readCodeKeys(twice)).digest('default', 'c', '6919')).toBe(
      book.digest('default', 'c', '6919'),
    );
  });
});

describeWithShared('the acceptance cases', () => {
  it.each([
    ['S03-c0', '06919'],
    ['S05-c0', '691902'],
  ])('have for %s the digests of %s', (codeId, code) => {
    const lines = readdirSync(sharedPath('cases'))
      .filter((name) => name.endsWith('.jsonl'))
      .flatMap((name) => readFileSync(sharedPath('cases', name), 'utf8').trimEnd().split('\n'));
    const data = lines
      .map((line) => (JSON.parse(line) as { data: { codeId?: string; digests?: unknown } }).data)
      .find((one) => one.codeId === codeId);
    expect(data?.digests).toEqual(digestCode({ codeId, code, key: KEY }));
  });
});
