import { describe, expect, it } from '@jest/globals';
import {
  event,
  headersOf,
  recordOf,
  refusal,
  sampleEvent,
  withData,
  without,
} from '../../samples/samples.ts';

const TRANSFER = sampleEvent('transfer.requested');

describe('fields', () => {
  const payee = TRANSFER.data['payee'] as object;
  it.each([
    ['transferId', { transferId: undefined }, 'missing_field', 'data.transferId is missing'],
    ['transferId', { transferId: null }, 'wrong_type', 'data.transferId must be a string'],
    [
      'transferId',
      { transferId: '一' },
      'invalid_value',
      'data.transferId must be 1 to 128 printable ASCII characters',
    ],
    ['payer', { payer: undefined }, 'missing_field', 'data.payer is missing'],
    ['payer', { payer: 'acct' }, 'wrong_type', 'data.payer must be an object'],
    ['payer', { payer: {} }, 'missing_field', 'data.payer.accountId is missing'],
    [
      'payer',
      { payer: { ...TRANSFER.data.payer, role: 'admin' } },
      'invalid_value',
      'data.payer.role must be one of consumer, merchant',
    ],
    [
      'payee',
      { payee: { ...payee, kind: 'card' } },
      'invalid_value',
      /^data\.payee\.kind must be one of bank_card, /,
    ],
    [
      'payee',
      { payee: { ...payee, ownership: undefined } },
      'missing_field',
      'data.payee.ownership is missing',
    ],
    [
      'payee',
      { payee: { ...payee, paidCount: -1 } },
      'invalid_value',
      /^data\.payee\.paidCount must be a whole number/,
    ],
    [
      'payee',
      { payee: { ...payee, paidCount: '3' } },
      'wrong_type',
      'data.payee.paidCount must be a number',
    ],
    [
      'payee',
      { payee: { ...payee, declaredContact: 'yes' } },
      'wrong_type',
      'data.payee.declaredContact must be true or false',
    ],
    [
      'payee',
      { payee: { ...payee, firstPaidAt: '2026-02-30T00:00:00Z' } },
      'invalid_value',
      /^data\.payee\.firstPaidAt must be an RFC 3339 time/,
    ],
    ['amount', { amount: 6919 }, 'wrong_type', /^data\.amount must be an object/],
    [
      'amount',
      { amount: { currency: 'CNY', value: 6919 } },
      'wrong_type',
      'data.amount.value must be a decimal string, not a number',
    ],
    [
      'amount',
      { amount: { currency: 'DOGE', value: '1' } },
      'unknown_currency',
      'data.amount.currency is not a known currency',
    ],
    ['amountInput', { amountInput: '06919' }, 'wrong_type', 'data.amountInput must be an object'],
    [
      'fundingSource',
      { fundingSource: 'cash' },
      'invalid_value',
      /^data\.fundingSource must be one of/,
    ],
    ['order', { order: { ref: '' } }, 'invalid_value', /^data\.order\.ref must be/],
    [
      'profile',
      { profile: { liquidBefore: { currency: 'CNY', value: '1.001' } } },
      'invalid_value',
      /^data\.profile\.liquidBefore\.value must be/,
    ],
    ['profile', { profile: [] }, 'wrong_type', 'data.profile must be an object'],
    ['decideBy', { decideBy: 1772427600000 }, 'wrong_type', 'data.decideBy must be a string'],
  ])('%s of %j is %s', (_, changes, code, detail) => {
    const input = refusal(
      recordOf(TRANSFER, { value: JSON.stringify(withData(TRANSFER, changes).data) }),
    );
    expect(input.code).toBe(code);
    expect(input.deadLetter.errorDetail).toEqual(
      detail instanceof RegExp ? expect.stringMatching(detail) : detail,
    );
  });
});

describe('the envelope', () => {
  const headers = headersOf(TRANSFER);
  it.each([
    [
      'no specversion',
      without(headers, 'ce_specversion'),
      'invalid_envelope',
      'specversion must be 1.0',
    ],
    [
      'another specversion',
      { ...headers, ce_specversion: '0.3' },
      'invalid_envelope',
      'specversion must be 1.0',
    ],
    ['no id', without(headers, 'ce_id'), 'invalid_envelope', 'id is missing'],
    [
      'a long id',
      { ...headers, ce_id: 'x'.repeat(129) },
      'invalid_envelope',
      'id must be 1 to 128 printable ASCII characters',
    ],
    ['no source', without(headers, 'ce_source'), 'invalid_envelope', 'source is missing'],
    [
      'a source of two lines',
      { ...headers, ce_source: 'a\nb' },
      'invalid_envelope',
      'source must be a URI reference of at most 256 ASCII characters',
    ],
    ['no time', without(headers, 'ce_time'), 'invalid_envelope', 'time is missing'],
    [
      'no real time',
      { ...headers, ce_time: '2026-02-29T00:00:00Z' },
      'invalid_envelope',
      'time must be an RFC 3339 time with an offset',
    ],
    [
      'no type',
      without(headers, 'ce_type'),
      'unknown_type',
      'type is not an event type of this contract',
    ],
    [
      'an unknown type',
      { ...headers, ce_type: 'io.lengjing.transfer.dreamt.v1' },
      'unknown_type',
      'type is not an event type of this contract',
    ],
    [
      'a later version',
      { ...headers, ce_type: 'io.lengjing.transfer.requested.v2' },
      'unknown_type',
      'type is not an event type of this contract',
    ],
    [
      'another format',
      { ...headers, 'content-type': 'application/avro' },
      'invalid_envelope',
      'content-type must be application/json or application/cloudevents+json',
    ],
    [
      'a batch',
      { ...headers, 'content-type': 'application/cloudevents-batch+json' },
      'invalid_envelope',
      'content-type must be application/json or application/cloudevents+json',
    ],
  ])('with %s is refused', (_, given, code, detail) => {
    const input = refusal(recordOf(TRANSFER, { headers: given }));
    expect([input.code, input.deadLetter.errorDetail]).toEqual([code, detail]);
  });

  it.each([
    ['without content-type', without(headers, 'content-type')],
    ['with parameters', { ...headers, 'content-type': 'Application/JSON; charset=utf-8' }],
    ['with a suffix', { ...headers, 'content-type': 'application/vnd.bank+json' }],
    [
      'with names in upper case',
      Object.fromEntries(Object.entries(headers).map(([name, text]) => [name.toUpperCase(), text])),
    ],
  ])('is read in binary mode %s', (_, given) => {
    expect(event(recordOf(TRANSFER, { headers: given })).event.id).toBe(TRANSFER.id);
  });

  const structured = { 'content-type': 'APPLICATION/CloudEvents+JSON ; charset="utf-8"' };
  it('is read in structured mode, whatever the case and parameters of the content type', () => {
    const record = recordOf(TRANSFER, { headers: structured, value: JSON.stringify(TRANSFER) });
    expect(event(record).event.id).toBe(TRANSFER.id);
  });

  it.each([
    ['no object', [TRANSFER], 'invalid_envelope'],
    ['no data', { ...TRANSFER, data: undefined }, 'empty'],
    ['data null', { ...TRANSFER, data: null }, 'empty'],
    ['data in base64', { ...TRANSFER, data: undefined, data_base64: 'e30=' }, 'empty'],
    [
      'data of another type',
      { ...TRANSFER, datacontenttype: 'application/xml' },
      'invalid_envelope',
    ],
    ['a numeric id', { ...TRANSFER, id: 5 }, 'invalid_envelope'],
    ['data that is text', { ...TRANSFER, data: '{}' }, 'wrong_type'],
  ])('in structured mode with %s is refused', (_, value, code) => {
    expect(
      refusal(recordOf(TRANSFER, { headers: structured, value: JSON.stringify(value) })).code,
    ).toBe(code);
  });
});

describe('the value', () => {
  it.each([
    ['none', null, 'empty'],
    ['nothing', '', 'empty'],
    ['null', 'null', 'empty'],
    ['half an object', '{"transferId":', 'not_json'],
    ['text', 'hello', 'not_json'],
    ['two objects', '{}{}', 'not_json'],
    ['a list', '[]', 'wrong_type'],
    ['too much', JSON.stringify({ ...TRANSFER.data, note: 'x'.repeat(65_536) }), 'too_large'],
    ['far too much', ' '.repeat(1_100_000), 'too_large'],
    ['deep nesting', `{"a":${'['.repeat(32)}${']'.repeat(32)}}`, 'invalid_value'],
    ['very deep nesting', '['.repeat(30_000) + ']'.repeat(30_000), 'invalid_value'],
    ['nesting without end', '['.repeat(60_000), 'not_json'],
  ])('that is %s is refused', (_, value, code) => {
    expect(refusal(recordOf(TRANSFER, { value })).code).toBe(code);
  });

  it('may have 64 KiB and not a byte more', () => {
    const filler = 65_536 - Buffer.byteLength(JSON.stringify({ ...TRANSFER.data, note: '' }));
    const text = JSON.stringify({ ...TRANSFER.data, note: 'x'.repeat(filler) });
    expect(Buffer.byteLength(text)).toBe(65_536);
    expect(event(recordOf(TRANSFER, { value: text })).event.id).toBe(TRANSFER.id);
    expect(refusal(recordOf(TRANSFER, { value: `${text} ` })).code).toBe('too_large');
  });

  it('may nest as deep as the limit in fields that are ignored, brackets in text not counted', () => {
    const deep = `{"extra":${'['.repeat(31)}"${'[{'.repeat(50)}"${']'.repeat(31)},`;
    const value = JSON.stringify(TRANSFER.data).replace('{', deep);
    expect(event(recordOf(TRANSFER, { value })).event.id).toBe(TRANSFER.id);
  });

  it('may begin with a byte order mark and be a view into a larger buffer', () => {
    const bytes = Buffer.from(`xx\ufeff${JSON.stringify(TRANSFER.data)}yy`);
    const value = new Uint8Array(bytes.buffer, bytes.byteOffset + 2, bytes.length - 4);
    expect(event(recordOf(TRANSFER, { value })).event.id).toBe(TRANSFER.id);
  });

  it('may have bytes in typed text that are no UTF-8, and nowhere else', () => {
    const text = JSON.stringify(withData(TRANSFER, { remark: 'GBK' }).data);
    const inRemark = Buffer.from(text.replace('GBK', '\u0001\u0001'), 'latin1').map((byte) =>
      byte === 1 ? 0xcd : byte,
    );
    expect(event(recordOf(TRANSFER, { value: inRemark })).event).toMatchObject({
      remark: '\ufffd\ufffd',
    });
    const inId = Buffer.from(text.replace('transfer-sample-1', 'transfer-\u0001'), 'latin1').map(
      (byte) => (byte === 1 ? 0xcd : byte),
    );
    expect(refusal(recordOf(TRANSFER, { value: inId })).code).toBe('invalid_value');
  });

  it('takes the last of repeated members and treats names of the prototype as any other', () => {
    const text = JSON.stringify(TRANSFER.data);
    const value = `{"transferId":"first","__proto__":{"remark":"no"},"constructor":{"prototype":{"polluted":1}},${text.slice(1)}`;
    const { event: read } = event(recordOf(TRANSFER, { value }));
    expect(read).toEqual(event(recordOf(TRANSFER)).event);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('does not find on the prototype what it lacks', () => {
    const value = `{"__proto__":${JSON.stringify(TRANSFER.data)}}`;
    expect(refusal(recordOf(TRANSFER, { value })).code).toBe('missing_field');
  });
});
