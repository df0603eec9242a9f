import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { SESSION_SIGNALS } from '#domain';
import { kindOf, read, recordOf, sampleEvents, type SampleEvent } from '../../samples/samples.ts';
import { INPUT_TYPES } from '../input/event-types.ts';
import { readLine } from '../input/read-line.ts';
import type { Schema } from '../shape/shape.ts';
import { eventType } from '../topics.ts';
import { isDateTime } from '../../samples/date-time.ts';
import { publishedSchemas } from './published.ts';

const SAMPLES = sampleEvents();
const FOLDER = new URL('../../schemas/', import.meta.url);
const ajv = new Ajv2020({ strict: true, allErrors: false, formats: { 'date-time': isDateTime } });

function published(name: string): Schema {
  return JSON.parse(readFileSync(new URL(`${name}.schema.json`, FOLDER), 'utf8')) as Schema;
}

const validators = new Map<string, ValidateFunction>(
  INPUT_TYPES.map(({ kind }) => [kind, ajv.compile(published(`${kind}.v1`))]),
);
const isEnvelope = ajv.compile(published('cloudevent'));

function isValid(kind: string, data: unknown): boolean {
  return validators.get(kind)?.(data) === true;
}

/** Put in place of anything: what is nearly right, and what is right elsewhere. */
const NEARLY: readonly unknown[] = [
  null,
  '',
  0,
  -1,
  1.5,
  '5',
  true,
  [],
  {},
  'a'.repeat(129),
  '一',
  'a\u0000',
  '2026-02-29T00:00:00Z',
  '2026-03-02T05:00:00+08:00',
  '1.00',
  '06.9',
  '0.955',
  'CNY',
  'JPY',
  'XAU',
  { currency: 'JPY', value: '1.5' },
  { currency: 'JPY', value: '15' },
  { currency: 'CNY', value: 15 },
  { caller: 'nobody' },
  { accountId: 7 },
  'login',
  'weather_changed',
];

const change = fc.record({
  at: fc.nat(),
  how: fc.constantFrom('replace' as const, 'remove' as const, 'add' as const),
  by: fc.oneof(fc.constantFrom(...NEARLY), fc.jsonValue({ maxDepth: 1 })),
  name: fc.constantFrom('unknown', 'otp', 'smsCode', 'detail', 'reason', '__proto__'),
});

/** One member or item, counted through the whole value, is replaced or removed, or its object gets one more. */
function changed(
  value: unknown,
  { at, how, by, name }: { at: number; how: string; by: unknown; name: string },
): unknown {
  const count = membersIn(value);
  let seen = 0;
  const text = JSON.stringify(value, (key: string, member: unknown) => {
    if (key === '' || seen++ !== at % count) return member;
    if (how === 'remove') return undefined;
    if (how === 'replace') return by;
    return typeof member === 'object' && member !== null && !Array.isArray(member)
      ? { ...member, [name]: by }
      : member;
  });
  return JSON.parse(text) as unknown;
}

function membersIn(value: unknown): number {
  let count = 0;
  JSON.stringify(value, (_, member: unknown) => {
    count += 1;
    return member;
  });
  return count - 1;
}

describe('published schemas', () => {
  it('are those of the running code', () => {
    const files = readdirSync(FOLDER).filter((name) => name !== 'policy.schema.json');
    expect(files.sort()).toEqual([...publishedSchemas().keys()].sort());
    for (const [name, schema] of publishedSchemas()) {
      // Written anew by `write-schemas.ts`.
      expect([name, published(name.replace('.schema.json', ''))]).toEqual([name, schema]);
    }
  });

  it.each(SAMPLES.map((sample) => [kindOf(sample), sample.id, sample] as const))(
    'hold for the sample of %s %s',
    (kind, _id, sample) => {
      expect(isEnvelope(sample)).toBe(true);
      expect(isValid(kind, sample.data)).toBe(true);
    },
  );
});

const kinds = INPUT_TYPES.map(({ kind, schema }) => [kind, schema] as const);

describe('the reader', () => {
  it.each(kinds)('takes every %s that its schema allows', (kind, schema) => {
    fc.assert(
      fc.property(dataOf(kind, schema), (data) => {
        expect(isValid(kind, data)).toBe(true);
        expect(read(recordFor(kind, data)).kind).not.toBe('refused');
      }),
      { numRuns: 50 },
    );
  });

  it.each(kinds)('refuses of changed %s exactly what its schema forbids', (kind, schema) => {
    let refused = 0;
    fc.assert(
      fc.property(dataOf(kind, schema), change, (data, one) => {
        const given = changed(data, one);
        const input = read(recordFor(kind, given));
        const isRefused = input.kind === 'refused' && input.code !== 'misrouted';
        if (isRefused) refused += 1;
        expect({ given, isRefused }).toEqual({ given, isRefused: !isValid(kind, given) });
      }),
      { numRuns: 200 },
    );
    expect(refused).toBeGreaterThan(20);
  });

  it('and of changed envelopes', () => {
    const attribute = fc.constantFrom('specversion', 'id', 'source', 'type', 'time', 'data');
    let refused = 0;
    fc.assert(
      fc.property(fc.constantFrom(...SAMPLES), attribute, change, (sample, name, { how, by }) => {
        const given: Record<string, unknown> = { ...sample, [name]: by };
        if (how === 'remove') delete given[name];
        const kind = String(given['type']).slice('io.lengjing.'.length, -'.v1'.length);
        const valid = isEnvelope(given) && isValid(kind, given['data']);
        if (!valid) refused += 1;
        expect({ given, kind: readLine(JSON.stringify(given), 1).kind === 'refused' }).toEqual({
          given,
          kind: !valid,
        });
      }),
      { numRuns: 500 },
    );
    expect(refused).toBeGreaterThan(100);
  });
});

/** With the sample's envelope; the key is the sample's payer, so that what changed the payer is misrouted at worst. */
function recordFor(kind: string, data: unknown): ReturnType<typeof recordOf> {
  const sample = SAMPLES.find(
    (one) => one.type === eventType(kind as ReturnType<typeof kindOf>),
  ) as SampleEvent;
  const accountId = payerOf(data);
  return recordOf({ ...sample, data: { payer: { accountId } } }, { value: JSON.stringify(data) });
}

function payerOf(data: unknown): string {
  const { payer } = Object(data) as { payer?: { accountId?: unknown } };
  const accountId = payer?.accountId;
  return typeof accountId === 'string' ? accountId : 'nobody';
}

// Data that a schema allows: the generator knows the few keywords that our schemas use.

interface Node {
  readonly enum?: readonly unknown[];
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly items?: Node;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node;
  readonly anyOf?: readonly Node[];
}

/** `data` of an event. Unknown members come along: they are to be ignored. */
function dataOf(kind: string, schema: object): fc.Arbitrary<Record<string, unknown>> {
  const data = objectOf(schema);
  return kind === 'session.observed'
    ? fc.tuple(data, signal).map(([all, some]) => ({ ...all, ...some }))
    : data;
}

/** The schema of `detail` depends on the signal. */
const signal = fc.oneof(
  fc.record(
    {
      signal: fc.constantFrom('call_started', 'call_ended'),
      detail: fc.record({ caller: fc.constantFrom('saved', 'unsaved') }, { requiredKeys: [] }),
    },
    { requiredKeys: ['signal'] },
  ),
  fc.record({
    signal: fc.constantFrom('payee_added', 'card_bound'),
    detail: fc.record({ accountId: fc.stringMatching(/^[\x20-\x7e]{1,128}$/) }),
  }),
  fc.record({
    signal: fc.constantFrom(
      ...SESSION_SIGNALS.filter((one) => !/^(call|payee|card_bound)/.test(one)),
      'else',
    ),
    detail: fc.jsonValue({ maxDepth: 1 }),
  }),
);

function valueOf(node: Node): fc.Arbitrary<unknown> {
  if (node.enum !== undefined) return fc.constantFrom(...node.enum);
  switch (node.type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: node.minimum ?? 0, max: node.maximum ?? 0 });
    case 'array':
      return fc.array(valueOf(node.items ?? {}), { maxLength: Math.min(node.maxItems ?? 0, 4) });
    case 'object':
      return objectOf(node);
    case 'string':
      return node.format === 'date-time' ? time : textOf(node.pattern ?? '');
    default:
      // Typed text: anything at all.
      return fc.jsonValue({ maxDepth: 1 });
  }
}

function objectOf(node: Node): fc.Arbitrary<Record<string, unknown>> {
  if (node.additionalProperties !== undefined) {
    const names = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/);
    return fc.dictionary(names, valueOf(node.additionalProperties), { maxKeys: 5 });
  }
  if (node.anyOf !== undefined) {
    const { anyOf, ...rest } = node;
    return fc.oneof(...anyOf.map((branch) => objectOf(merged(rest, branch))));
  }
  const members = Object.entries(node.properties ?? {}).map(
    ([name, member]) => [name, valueOf(member)] as const,
  );
  return fc.record(Object.fromEntries([...members, ['unknown', fc.jsonValue({ maxDepth: 0 })]]), {
    requiredKeys: [...(node.required ?? [])],
  });
}

function merged(node: Node, branch: Node): Node {
  const properties = Object.fromEntries(
    Object.entries(node.properties ?? {}).map(([name, member]) => [
      name,
      { ...member, ...branch.properties?.[name] },
    ]),
  );
  return { ...node, properties };
}

const time = fc
  .record({
    at: fc.date({ min: new Date(86_400_000), max: new Date('9998-12-31'), noInvalidDate: true }),
    offset: fc.constantFrom('Z', 'z', '+08:00', '-05:30'),
    decimals: fc.nat({ max: 3 }),
  })
  .map(({ at, offset, decimals }) => {
    const text = at.toISOString();
    return text.slice(0, decimals === 0 ? 19 : 20 + decimals) + offset;
  });

function textOf(pattern: string): fc.Arbitrary<string> {
  // A class of what is not allowed is more than the generator understands.
  if (!pattern.startsWith('^[^')) return fc.stringMatching(new RegExp(pattern));
  return fc
    .array(fc.constantFrom('借', '呗', 'a', '-', ' ', '😀', 'é'), { minLength: 1, maxLength: 128 })
    .map((characters) => characters.join(''));
}
