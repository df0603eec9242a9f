import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { describeWithShared, sharedPath } from '../../../../test/shared.ts';
import { event, kindOf, recordOf, sampleEvent, sampleEvents } from '../../samples/samples.ts';
import { readLine } from './read-line.ts';

const TRANSFER = sampleEvent('transfer.requested');
const LINE = JSON.stringify(TRANSFER);

describe('a line', () => {
  it.each(sampleEvents().map((sample) => [kindOf(sample), sample.id, sample] as const))(
    'of %s (%s) is the event that its record is',
    (_kind, _id, sample) => {
      const record = event(recordOf(sample));
      const line = readLine(JSON.stringify(sample), 1);
      expect(line).toMatchObject({ kind: 'event', droppedSecrets: 0, event: record.event });
      expect('contentHash' in line ? line.contentHash : undefined).toBe(record.contentHash);
    },
  );

  it.each([[`\ufeff${LINE}`], [`${LINE}\r`], [`${LINE}\r\n`], [` ${LINE}\t`]])(
    'may have a mark before it or white space around it',
    (line) => {
      expect(readLine(line, 1).kind).toBe('event');
    },
  );

  it.each([[''], ['\r'], ['\ufeff'], ['  \t']])('that is blank (%j) is passed over', (line) => {
    expect(readLine(line, 1)).toEqual({ kind: 'ignored' });
  });

  it('with an unknown signal is passed over', () => {
    const line = JSON.stringify({
      ...sampleEvent('session.observed'),
      data: { payer: TRANSFER.data.payer, signal: 'weather_changed' },
    });
    expect(readLine(line, 1)).toEqual({ kind: 'ignored' });
  });

  it('is not clamped: there is no broker', () => {
    const line = readLine(JSON.stringify({ ...TRANSFER, time: '9999-12-31T00:00:00Z' }), 1);
    expect(line).toMatchObject({ event: { time: Date.parse('9999-12-31T00:00:00Z') } });
    expect(line).not.toHaveProperty('event.timeClamped');
  });

  it('counts the secrets that it drops', () => {
    const line = JSON.stringify({ ...TRANSFER, data: { ...TRANSFER.data, otp: '483612' } });
    expect(readLine(line, 1)).toMatchObject({ kind: 'event', droppedSecrets: 1 });
  });

  const data = (changes: object): string =>
    JSON.stringify({ ...TRANSFER, data: { ...TRANSFER.data, ...changes } });
  it.each([
    ['{', 'not_json', 'line 7: the line is not JSON'],
    ['[]', 'invalid_envelope', 'line 7: the line must be one event object'],
    [`${LINE}${LINE}`, 'not_json', 'line 7: the line is not JSON'],
    [JSON.stringify(TRANSFER.data), 'invalid_envelope', 'line 7: specversion must be 1.0'],
    [
      JSON.stringify({ ...TRANSFER, time: undefined }),
      'invalid_envelope',
      'line 7: time is missing',
    ],
    [
      JSON.stringify({ ...TRANSFER, type: 'x' }),
      'unknown_type',
      'line 7: type is not an event type of this contract',
    ],
    [JSON.stringify({ ...TRANSFER, data: undefined }), 'empty', 'line 7: the event has no data'],
    [
      data({ amount: 6919 }),
      'wrong_type',
      'line 7: data.amount must be an object of currency and value, a decimal string',
    ],
    [data({ payee: {} }), 'missing_field', 'line 7: data.payee.accountId is missing'],
    [
      data({ note: '号'.repeat(22_000) }),
      'too_large',
      'line 7: the event is larger than 65536 bytes',
    ],
    [
      data({ note: JSON.parse('['.repeat(40) + ']'.repeat(40)) as object }),
      'invalid_value',
      'line 7: the event nests deeper than 32 levels',
    ],
    [
      JSON.stringify({ ...sampleEvent('code.observed'), code: '483612' }),
      'forbidden_field',
      'line 7: a field is named like a code or password: send digests only',
    ],
  ])('like %.60s is refused as %s', (line, code, reason) => {
    expect(readLine(line, 7)).toEqual({ kind: 'refused', code, reason });
  });
});

describeWithShared('the acceptance cases', () => {
  it('are read without a refusal', () => {
    const files = readdirSync(sharedPath('cases')).filter((name) => name.endsWith('.jsonl'));
    expect(files.length).toBeGreaterThan(20);
    for (const name of files) {
      const lines = readFileSync(sharedPath('cases', name), 'utf8').trimEnd().split('\n');
      const read = lines.map((line, i) => readLine(line, i + 1));
      expect(read.filter((line) => line.kind !== 'event')).toEqual([]);
    }
  });
});
