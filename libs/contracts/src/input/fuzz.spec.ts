import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DeadLetter, Json } from '#domain';
import { headersOf, read, recordOf, sampleEvents } from '../../samples/samples.ts';
import type { WireRecord } from '../wire.ts';
import { readLine } from './read-line.ts';

const SAMPLES = sampleEvents();
/** What must turn up nowhere; digits, so that it may stand for a code and for an amount as it was typed. */
const SECRET = '90417352';

/** Names as they may be spelled in JSON. */
const MEMBERS = [
  '"otp":',
  '"OTP":',
  '"code" :',
  '"Password":',
  '"smsCode":',
  '"sms_code":',
  '"verificationCode":',
  '"verification-code":',
  '"\\u006ftp":',
  '"c\\u006Fde":',
  '"amountInput":',
];
const VALUES = [
  `"${SECRET}"`,
  SECRET,
  `{"raw":"${SECRET}","mode":"typed"}`,
  `["x",{"deep":"${SECRET}"}]`,
  `"{\\"otp\\":\\"${SECRET}\\"}"`,
];

interface Fuzzed {
  readonly record: WireRecord;
  /** The spelled name, if it is still whole in the value. */
  readonly secret: string | undefined;
}

const mutation = fc.record({
  kind: fc.constantFrom('none', 'truncate', 'flip', 'insert', 'wrap', 'utf16', 'repeat', 'bom'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  byte: fc.integer({ min: 0, max: 255 }),
});

/** `null` in nine of ten. */
function rarely<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
}

const fuzzed: fc.Arbitrary<Fuzzed> = fc
  .record({
    sample: fc.constantFrom(...SAMPLES),
    structured: fc.boolean(),
    secret: fc.option(fc.tuple(fc.constantFrom(...MEMBERS), fc.constantFrom(...VALUES))),
    where: fc.nat({ max: 20 }),
    replace: rarely(fc.tuple(fc.nat({ max: 30 }), fc.jsonValue({ maxDepth: 2 }))),
    mutations: fc.array(mutation, { maxLength: 3 }),
    header: rarely(
      fc.constantFrom(
        ['ce_id', ''],
        ['ce_type', 'io.lengjing.x.v1'],
        ['ce_time', '借'],
        ['content-type', 'application/avro'],
        ['otp', SECRET],
        ['x', `{"otp":"${SECRET}"}`],
      ),
    ),
    key: rarely(fc.uint8Array({ maxLength: 40 })),
    topic: rarely(fc.constantFrom('identity.codes' as const, 'payments.transfers' as const)),
  })
  .map(({ sample, structured, secret, where, replace, mutations, header, key, topic }) => {
    let text = JSON.stringify(structured ? sample : sample.data);
    if (replace !== null) text = replaceLeaf(text, ...replace);
    if (secret !== null) text = insertMember(text, where, secret.join(''));
    const value = mutations.reduce(mutate, Buffer.from(text));
    const headers = {
      ...(structured ? { 'content-type': 'application/cloudevents+json' } : headersOf(sample)),
      ...(header === null ? {} : { [header[0] as string]: header[1] as string }),
    };
    const record = recordOf(sample, {
      value,
      headers,
      ...(key === null ? {} : { key }),
      ...(topic === null ? {} : { topic }),
    });
    const name = secret?.[0];
    const whole = name !== undefined && withoutNul(value).includes(name);
    return { record, secret: whole ? name : undefined };
  });

function replaceLeaf(text: string, index: number, by: unknown): string {
  let seen = 0;
  return JSON.stringify(
    JSON.parse(text, (_, value: unknown) =>
      typeof value !== 'object' && seen++ === index ? by : value,
    ),
  );
}

/** Into the object that opens as the `where`-th, if there is one. */
function insertMember(text: string, where: number, member: string): string {
  const opened = [...text.matchAll(/\{(?=")/g)].map((match) => match.index + 1);
  const at = opened[where % opened.length] ?? 1;
  return `${text.slice(0, at)}${member},${text.slice(at)}`;
}

function mutate(
  value: Buffer,
  { kind, at, byte }: { kind: string; at: number; byte: number },
): Buffer<ArrayBuffer> {
  const index = Math.floor(at * value.length);
  switch (kind) {
    case 'truncate':
      return Buffer.from(value.subarray(0, index));
    case 'flip':
      return Buffer.from(value.map((old, i) => (i === index ? old ^ byte : old)));
    case 'insert':
      return Buffer.concat([value.subarray(0, index), Buffer.of(byte), value.subarray(index)]);
    case 'wrap':
      return Buffer.from(
        `{"a":${'['.repeat(byte)}${value.toString('latin1')}${']'.repeat(byte)}}`,
        'latin1',
      );
    case 'utf16':
      return Buffer.from(value.toString('utf8'), 'utf16le');
    case 'repeat':
      return Buffer.concat([value, value]);
    case 'bom':
      return Buffer.concat([Buffer.from('\ufeff'), value]);
    default:
      return Buffer.from(value);
  }
}

const withoutNul = (bytes: Buffer): string => bytes.toString('latin1').replaceAll('\0', '');

/** Any text, lone surrogates included. */
const codeUnits = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 50 })
  .map((units) => String.fromCharCode(...units));

/** Everything that a letter says, bytes included, as one text. */
function readable(letter: DeadLetter): string {
  const decode = (value: Json): string =>
    typeof value === 'object' &&
    value !== null &&
    'base64' in value &&
    typeof value.base64 === 'string'
      ? withoutNul(Buffer.from(value.base64, 'base64'))
      : JSON.stringify(value);
  return [letter.value, letter.key, letter.errorDetail, ...Object.values(letter.headers)]
    .map(decode)
    .join('\n');
}

describe('20,000 records of any kind', () => {
  it('are read without throwing, and no secret gets out', () => {
    const kinds = { event: 0, refused: 0, ignored: 0 };
    let secrets = 0;
    fc.assert(
      fc.property(fuzzed, ({ record, secret }) => {
        const input = read(record);
        kinds[input.kind] += 1;
        if (input.kind === 'ignored') return;
        const letter = input.kind === 'refused' ? input.deadLetter : input.deadLetter();
        if (!/^[\x20-\x7e]{5,200}$/.test(letter.errorDetail)) throw new Error(letter.errorDetail);
        if (secret === undefined) return;
        secrets += 1;
        if (readable(letter).includes(SECRET)) throw new Error('the dead letter has a secret');
        if (JSON.stringify(input).includes(SECRET)) throw new Error('what was read has a secret');
      }),
      { numRuns: 20_000, seed: 20_261_101 },
    );
    // The test would prove nothing if all of them ended alike.
    expect(Math.min(kinds.event, kinds.refused, secrets)).toBeGreaterThan(2_000);
  });

  it('and as many bytes of no kind', () => {
    const sample = SAMPLES[0] as (typeof SAMPLES)[number];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), codeUnits, (value, line) => {
        expect(read(recordOf(sample, { value })).kind).toBe('refused');
        expect(['refused', 'ignored']).toContain(readLine(line, 1).kind);
      }),
      { numRuns: 2_000 },
    );
  });
});
