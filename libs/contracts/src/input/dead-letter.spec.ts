import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { DeadLetter } from '#domain';
import { headersOf, recordOf, sampleEvent } from '../../samples/samples.ts';
import type { WireRecord } from '../wire.ts';
import { deadLetterOf } from './dead-letter.ts';

const TRANSFER = sampleEvent('transfer.requested');

function letterOf(changes: Parameters<typeof recordOf>[1]): DeadLetter {
  return deadLetterOf(recordOf(TRANSFER, changes), 'a reason');
}

function noteOf(value: string | Uint8Array): { text: string } {
  const bytes = Buffer.from(value);
  return {
    text: JSON.stringify({
      redacted: true,
      bytes: bytes.length,
      sha256: hash('sha256', bytes, 'hex'),
    }),
  };
}

describe('a value without secrets', () => {
  it.each([
    ['null', null, null],
    ['nothing', '', { text: '' }],
    ['text', 'hello', { text: 'hello' }],
    ['text in Chinese over lines', '不是 JSON\r\n\t,', { text: '不是 JSON\r\n\t,' }],
    ['half an object', '{"transferId": "t-1", ', { text: '{"transferId": "t-1", ' }],
    ['JSON as it was laid out', '{ "a" : 1.0,\n "a": 1e2 }', { text: '{ "a" : 1.0,\n "a": 1e2 }' }],
    [
      'a large number',
      '[123456789012345678901234567890]',
      { text: '[123456789012345678901234567890]' },
    ],
    ['a byte order mark', '\ufeff{"a":1}', { text: '\ufeff{"a":1}' }],
  ])('that is %s is kept', (_, value, expected) => {
    expect(letterOf({ value }).value).toEqual(expected);
  });

  it('is kept as bytes where it is JSON but no UTF-8', () => {
    const value = Buffer.from('{"remark":"\xcd\xcb"}', 'latin1');
    expect(letterOf({ value }).value).toEqual({ base64: value.toString('base64') });
  });
});

describe('a value with secrets', () => {
  it.each([
    ['a name', '{"otp":"483612","a":1}', '{"otp":"[redacted]","a":1}'],
    [
      'a name in another case',
      '{"x":[{"SMSCODE":{"deep":"483612"}}]}',
      '{"x":[{"SMSCODE":"[redacted]"}]}',
    ],
    ['an escaped name', '{"\\u006ftp":"483612"}', '{"otp":"[redacted]"}'],
    ['a name repeated', '{"otp":"483612","otp":""}', '{"otp":"[redacted]"}'],
    ['a name in what is repeated', '{"a":{"otp":"483612"},"a":1}', '{"a":1}'],
    ['JSON in a text', '{"a":"{\\"otp\\":\\"483612\\"}"}', '{"a":"[redacted]"}'],
    ['JSON in JSON in a text', '{"a":"\\"{\\\\\\"otp\\\\\\":483612}\\""}', '{"a":"[redacted]"}'],
    ['a text in single quotes', `{"a":"{'otp': '483612'}"}`, '{"a":"[redacted]"}'],
    [
      'an event in base64',
      '{"data_base64":"eyJvdHAiOiI0ODM2MTIifQ=="}',
      '{"data_base64":"[redacted]"}',
    ],
    [
      'an amount as typed',
      '{"amountInput":{"raw":"0483612.50 元","mode":"typed"}}',
      '{"amountInput":{"mode":"typed","raw":"#######.## 元"}}',
    ],
    [
      'an amount in full-width digits',
      '{"amountInput":{"raw":"０４８３６１２","mode":"typed"}}',
      '{"amountInput":{"mode":"typed","raw":"#######"}}',
    ],
    ['an amount as a number', '{"amountInput":{"raw":483612}}', '{"amountInput":{"raw":"######"}}'],
    ['an amount that is all', '{"AmountInput":"0483612"}', '{"AmountInput":"#######"}'],
    ['an amount in a list', '{"amountInput":["0483612"]}', '{"amountInput":"[redacted]"}'],
    [
      'an amount elsewhere in it',
      '{"amountInput":{"text":"0483612","mode":"0483612"}}',
      '{"amountInput":{}}',
    ],
    ['an amount in what is repeated', '{"a":{"amountInput":{"raw":"0483612"}},"a":1}', '{"a":1}'],
    [
      'a member of the prototype',
      '{"__proto__":{"otp":"483612"},"a":1}',
      '{"__proto__":{"otp":"[redacted]"},"a":1}',
    ],
  ])('behind %s is redacted', (_, value, text) => {
    expect(letterOf({ value }).value).toEqual({ text });
  });

  it.each([
    ['half an object', '{"otp":"483612'],
    ['half an object with an escaped name', '{"\\u006ftp":"483612'],
    ['half an object with an amount', '{"amountInput":{"raw":"0483612"'],
    ['a form', 'otp=483612&a=1'],
    ['a text in UTF-16', Buffer.from('{"otp":"483612"', 'utf16le')],
    ['bytes that are no text', Buffer.from([0x1f, 0x8b, 0x08, 0xff])],
    ['text that is no UTF-8', Buffer.from([0xcd, 0xcb, 0xbf, 0xee])],
    ['text with a NUL', 'a\u0000b'],
    ['deep nesting', `{"otp":"483612","a":${'['.repeat(40)}${']'.repeat(40)}}`],
    ['very deep nesting', `{"otp":"483612","a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
    ['more than fits', `{"a":"${'x'.repeat(262_144)}"}`],
    [
      'what redaction makes too much of',
      JSON.stringify(Array.from({ length: 20_000 }, () => ({ otp: 1 }))),
    ],
  ])('in %s becomes a note of size and hash', (_, value) => {
    expect(letterOf({ value }).value).toEqual(noteOf(value));
  });

  it('is a note where codes are sent and it cannot be read, whatever it says', () => {
    expect(letterOf({ topic: 'identity.codes', value: '483612' }).value).toEqual(noteOf('483612'));
    expect(letterOf({ topic: 'session.signals', value: '483612' }).value).toEqual({
      text: '483612',
    });
  });

  it('is redacted beyond the limit of an event', () => {
    const filler = 'x'.repeat(100_000);
    expect(letterOf({ value: JSON.stringify({ otp: '483612', filler }) }).value).toEqual({
      text: JSON.stringify({ otp: '[redacted]', filler }),
    });
    const value = JSON.stringify({ filler });
    expect(letterOf({ value }).value).toEqual({ text: value });
  });
});

describe('key and headers', () => {
  it('stay as they are', () => {
    const letter = letterOf({});
    expect(letter).toMatchObject({ key: 'acct-sample-1', errorDetail: 'a reason' });
    expect(letter.headers).toEqual(headersOf(TRANSFER));
  });

  it('lose what is named like a secret or carries one', () => {
    const headers = {
      otp: '1',
      ce_password: '2',
      CE_SMS_CODE: '3',
      baggage: '{"otp":"4"}',
      plain: 'x',
    };
    expect(letterOf({ headers }).headers).toEqual({ baggage: '[redacted]', plain: 'x' });
  });

  it('are kept as bytes where they are no text, and dropped where these could hold a secret', () => {
    const headers = new Map([
      ['b3', Buffer.from([0x00, 0xff])],
      ['blob', Buffer.from('\xff{"otp":"483612"}', 'latin1')],
      ['wide', Buffer.from('\ufffe{"otp":"483612"}', 'utf16le')],
      ['__proto__', Buffer.from('x')],
      ['lone\ud800\u0000', Buffer.from('y')],
    ]);
    const record: WireRecord = { ...recordOf(TRANSFER), key: Buffer.from([0xff, 0x00]), headers };
    const letter = deadLetterOf(record, 'a reason');
    expect(letter.key).toBeNull();
    expect(Object.entries(letter.headers)).toEqual([
      ['b3', { base64: 'AP8=' }],
      ['__proto__', 'x'],
      ['lone\ufffd\ufffd', 'y'],
      ['original-key-base64url', '_wA'],
    ]);
  });

  it('are kept as long as they fit', () => {
    const headers = { small: 'x', large: 'y'.repeat(65_536), last: 'z' };
    expect(letterOf({ headers }).headers).toEqual({ small: 'x', last: 'z' });
    const long = letterOf({ key: Buffer.alloc(65_537, 0x61), headers });
    expect(long).toMatchObject({ key: null, headers: { small: 'x', last: 'z' } });
    expect(letterOf({ key: Buffer.alloc(65_536, 0x61), headers }).headers).toEqual({});
  });

  it('may be absent', () => {
    expect(letterOf({ key: null, headers: {} })).toMatchObject({ key: null, headers: {} });
  });
});
