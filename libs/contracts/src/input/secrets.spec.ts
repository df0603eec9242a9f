import { describe, expect, it } from '@jest/globals';
import {
  event,
  headersOf,
  read,
  recordOf,
  refusal,
  sampleEvent,
  withData,
} from '../../samples/samples.ts';

const TRANSFER = sampleEvent('transfer.requested');

describe('secrets', () => {
  const CODES = sampleEvent('code.observed');
  const NAMES = [
    'code',
    'otp',
    'password',
    'smsCode',
    'verificationCode',
    'CODE',
    'sms_code',
    'Verification-Code',
  ];

  it.each(NAMES)('refuse an event of identity.codes by the name %s, at any depth', (name) => {
    const payer = CODES.data.payer;
    for (const changes of [
      { [name]: null },
      { extra: [{ a: { [name]: '483612' } }] },
      { payer: { ...payer, [name]: 1 } },
    ]) {
      const input = refusal(recordOf(withData(CODES, changes)));
      expect(input.code).toBe('forbidden_field');
      expect(JSON.stringify(input)).not.toContain('483612');
    }
  });

  it.each([
    ['an escaped name', '"\\u006ftp":"483612"'],
    ['a repeated name', '"otp":"483612","otp":0'],
    ['a name in what is repeated', '"extra":{"otp":"483612"},"extra":0'],
    ['blanks before the colon', '"otp" \n : "483612"'],
  ])('are found behind %s', (_, member) => {
    const value = JSON.stringify(CODES.data).replace('{', `{${member},`);
    const input = refusal(recordOf(CODES, { value }));
    expect(input.code).toBe('forbidden_field');
    expect(JSON.stringify(input)).not.toContain('483612');
  });

  it('are found in headers and in the envelope of structured mode', () => {
    expect(
      refusal(recordOf(CODES, { headers: { ...headersOf(CODES), ce_otp: '483612' } })).code,
    ).toBe('forbidden_field');
    const value = JSON.stringify({ ...CODES, smscode: '483612' });
    const input = refusal(
      recordOf(CODES, { headers: { 'content-type': 'application/cloudevents+json' }, value }),
    );
    expect(input.code).toBe('forbidden_field');
    expect(JSON.stringify(input)).not.toContain('483612');
  });

  it.each([
    ['a value', { remark: 'code' }],
    ['part of a name', { codeId: 'x', decode: 1, passwords: 2, otpId: 3 }],
    ['text that looks like a member', { remark: '"otp":1' }],
    ['an escaped quote before', { remark: 'a\\', note: '\\"otp' }],
  ])('are not seen in %s', (_, changes) => {
    expect(event(recordOf(withData(TRANSFER, changes))).droppedSecrets).toBe(0);
  });

  it('elsewhere are dropped and counted', () => {
    const secrets = {
      otp: '483612',
      remark: 'hi',
      extra: { Password: 'p483612', list: [{ code: 483612 }] },
    };
    const input = event(recordOf(withData(TRANSFER, secrets)));
    expect(input.droppedSecrets).toBe(3);
    expect(JSON.stringify(input)).not.toContain('483612');
    expect(JSON.stringify(input.deadLetter())).not.toContain('483612');
    const clean = event(recordOf(withData(TRANSFER, { remark: 'hi' })));
    expect(input.contentHash).toBe(clean.contentHash);
  });

  it('are no channel of a contact reference', () => {
    const profile = sampleEvent('payer.updated');
    const contactRefs = { sms: 'ref-1', otp: '483612', constructor: 'ref-2' };
    const { event: read } = event(recordOf(withData(profile, { contactRefs })));
    expect(read).toMatchObject({ contactRefs: { sms: 'ref-1', constructor: 'ref-2' } });
    expect(JSON.stringify(read)).not.toContain('483612');
  });

  it.each([
    [{ ['__proto__x']: 'ref' }],
    [JSON.parse('{"__proto__":"ref"}') as object],
    [{ SMS: 'ref' }],
    [{ sms: 5 }],
    [Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`channel${i}`, 'ref']))],
    [['ref']],
  ])('contact references %j are refused', (contactRefs) => {
    expect(read(recordOf(withData(sampleEvent('payer.updated'), { contactRefs }))).kind).toBe(
      'refused',
    );
  });
});
