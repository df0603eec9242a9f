import { readFileSync } from 'node:fs';
import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { OutboundMessage } from '#application';
import {
  verifyChain,
  type DecisionBody,
  type DecisionPersonal,
  type Disclosure,
  type EntryType,
  type Json,
  type SealedEntry,
} from '#domain';
import { isDateTime } from '../../samples/date-time.ts';
import { readSample, sampleEntries } from '../../samples/samples.ts';
import { TOPICS } from '../topics.ts';
import type { WireMessage } from '../wire.ts';
import { encodeEntry, wasErased } from './encode-entry.ts';
import { assessmentEvent, decisionEvent, type JournaledDecision } from './events.ts';

const ENTRIES = sampleEntries();
const PUBLISHED = ENTRIES.filter((entry) => encodeEntry(entry).length > 0);

function entriesOf(type: EntryType): SealedEntry[] {
  return ENTRIES.filter((entry) => entry.type === type);
}

function dataOf(message: WireMessage): { readonly [name: string]: Json } {
  return JSON.parse(String(message.value)) as { readonly [name: string]: Json };
}

/** As `messages.json` has them: values of events parsed, bytes in base64. */
function shown(message: WireMessage): unknown {
  const text = (value: string | Uint8Array | null): unknown =>
    value === null || typeof value === 'string'
      ? value
      : { base64: Buffer.from(value).toString('base64') };
  return {
    topic: message.topic,
    partition: message.partition,
    key: text(message.key),
    headers: Object.fromEntries(
      Object.entries(message.headers).map(([name, value]) => [name, text(value)]),
    ),
    value: message.topic.startsWith('risk.') ? dataOf(message) : text(message.value),
  };
}

/** The published schema, and nothing that it does not name: additions are for readers to allow, not for us to make. */
function closedSchema(type: string): object {
  const name = type.slice('io.lengjing.'.length);
  const file = new URL(`../../schemas/${name}.schema.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'), (_, node: unknown) =>
    typeof node === 'object' && node !== null && 'properties' in node && 'type' in node
      ? { ...node, additionalProperties: false }
      : node,
  ) as object;
}

describe('the samples', () => {
  it('are a chain that verifies, with every type of entry', () => {
    expect(verifyChain(ENTRIES, (bytes) => hash('sha256', bytes, 'buffer'))).toBeUndefined();
    expect(new Set(ENTRIES.map((entry) => entry.type)).size).toBe(19);
  });

  it('give the golden messages', () => {
    const messages = ENTRIES.flatMap((entry) => encodeEntry(entry)).map(shown);
    expect(messages).toEqual(JSON.parse(readSample('messages.json')));
  });

  it('keep to the published schemas to the letter', () => {
    const types = new Set<string>();
    for (const message of ENTRIES.flatMap((entry) => encodeEntry(entry))) {
      if (!message.topic.startsWith('risk.')) continue;
      const type = String(message.headers['ce_type']);
      types.add(type);
      const ajv = new Ajv2020({
        strict: true,
        allErrors: true,
        formats: { 'date-time': isDateTime },
      });
      const validate = ajv.compile(closedSchema(type));
      validate(dataOf(message));
      expect([type, validate.errors]).toEqual([type, null]);
    }
    expect(types.size).toBe(9);
  });
});

describe('messages', () => {
  it.each([
    ['batch.consumed', []],
    ['hold.acknowledged', []],
    ['export.requested', []],
    ['export.approved', []],
    ['export.made', []],
    ['payer.erased', []],
    ['payer.restricted', []],
    ['payer.unrestricted', []],
    ['keys.introduced', []],
    ['decision.made', ['risk.assessments', 'risk.decisions']],
    ['hold.placed', ['risk.holds']],
    ['hold.extended', ['risk.holds']],
    ['hold.matured', ['risk.holds']],
    ['hold.released', ['risk.holds']],
    ['hold.cancelled', ['risk.holds']],
    ['hold.expired', ['risk.holds']],
    ['alert.requested', ['risk.alerts']],
    ['payer.answered', ['holds.responses']],
    ['record.refused', ['payments.transfers.dlq']],
  ] as const)('of %s go to %j', (type, topics) => {
    const [entry] = entriesOf(type);
    expect(encodeEntry(entry as SealedEntry).map((message) => message.topic)).toEqual(topics);
  });

  it('go to the partition of their chain, under the payer, and say where in the journal they stand', () => {
    for (const entry of PUBLISHED) {
      for (const message of encodeEntry(entry)) {
        expect(message.partition).toBe(entry.chain);
        expect(message.headers).toMatchObject({
          'lengjing-chain': '2',
          'lengjing-sequence': String(entry.sequence),
        });
        if (message.topic.startsWith('risk.')) expect(message.key).toBe('acct-sample-1');
        expect([...TOPICS.outputs, ...TOPICS.deadLetters, 'holds.responses']).toContain(
          message.topic,
        );
      }
    }
  });

  it('are the same bytes each time, whatever order the disclosures come in', () => {
    for (const entry of ENTRIES) {
      const again = { ...entry, disclosures: entry.disclosures.toReversed() };
      expect(encodeEntry(again)).toEqual(encodeEntry(entry));
    }
  });

  it('are those of the application’s port', () => {
    const messages: readonly OutboundMessage[] = ENTRIES.flatMap((entry) => encodeEntry(entry));
    expect(messages.length).toBeGreaterThan(PUBLISHED.length);
  });

  it('have ids that no two events share', () => {
    const ids = ENTRIES.flatMap((entry) => encodeEntry(entry))
      .filter((message) => message.topic.startsWith('risk.'))
      .map((message) => message.headers['ce_id']);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('decision and assessment', () => {
  const [assessment, decision] = entriesOf('decision.made')
    .flatMap((entry) => encodeEntry(entry))
    .slice(2);

  it('differ by score and reasons alone', () => {
    const { score, reasons, ...rest } = dataOf(assessment as WireMessage);
    expect(rest).toEqual(dataOf(decision as WireMessage));
    expect(score).toBe('22.2');
    expect(
      (reasons as { decibans: number }[]).reduce((sum, { decibans }) => sum + decibans * 10, 0),
    ).toBeCloseTo(222, 9);
  });

  it('keep weights and evidence out of the public one', () => {
    expect(String(decision?.value)).not.toMatch(/decibans|evidence|"score"|sample-11/);
  });

  it.each([
    [0, '0.0'],
    [5, '0.5'],
    [-5, '-0.5'],
    [-10, '-1.0'],
    [123, '12.3'],
    [1000, '100.0'],
  ])('write %i tenths of a deciban as %s', (score, text) => {
    const { body, personal } = decisionOf(entriesOf('decision.made')[0] as SealedEntry);
    expect(assessmentEvent({ body: { ...body, score }, personal }).data).toMatchObject({
      score: text,
    });
  });

  it('say what the command line prints before anything is in a journal', () => {
    for (const entry of entriesOf('decision.made')) {
      const [ofAssessment, ofDecision] = encodeEntry(entry);
      const made = decisionOf(entry);
      for (const [event, message] of [
        [assessmentEvent(made), ofAssessment],
        [decisionEvent(made), ofDecision],
      ] as const) {
        expect(JSON.stringify(event.data)).toBe(message?.value);
        expect(message?.headers).toMatchObject({
          ce_id: event.id,
          ce_type: event.type,
          ce_time: event.time,
          ce_source: 'urn:lengjing:risk-engine',
          ce_specversion: '1.0',
        });
      }
    }
  });

  it('have no payment status for draws', () => {
    const draw = entriesOf('decision.made').at(-1) as SealedEntry;
    expect(
      encodeEntry(draw)
        .map(dataOf)
        .some((data) => 'iso20022' in data),
    ).toBe(false);
  });
});

function decisionOf(entry: SealedEntry): JournaledDecision {
  const { body } = JSON.parse(entry.canonical) as { body: DecisionBody };
  const personal = Object.fromEntries(entry.disclosures.map(({ name, value }) => [name, value]));
  return { body, personal: personal as DecisionPersonal };
}

describe('dead letters', () => {
  const [letter, tombstone] = entriesOf('record.refused').flatMap((entry) => encodeEntry(entry));

  it('are the record with the reason beside it', () => {
    expect(letter).toMatchObject({
      topic: 'payments.transfers.dlq',
      key: 'acct-sample-1',
      headers: {
        ce_id: 'sample-31',
        'error-code': 'wrong_type',
        'error-detail': 'data.amount must be an object of currency and value, a decimal string',
        'original-topic': 'payments.transfers',
        'original-partition': '2',
        'original-offset': '42',
        'x-trace': Buffer.from([0x00, 0xff]),
      },
    });
    expect(String(letter?.value)).toContain('"raw":"#####"');
  });

  it('give a key that is no text and a missing value back as they were', () => {
    expect(tombstone).toMatchObject({ key: Buffer.from([0x00, 0xff]), value: null });
    expect(tombstone?.headers).not.toHaveProperty('original-key-base64url');
  });

  it('of an earlier refusal say the last reason', () => {
    const entry = entriesOf('record.refused')[0] as SealedEntry;
    const [disclosure] = entry.disclosures as [Disclosure];
    const value = {
      key: null,
      value: { base64: '/w==' },
      headers: { 'error-code': 'old' },
      errorDetail: 'x y',
    };
    const [message] = encodeEntry({ ...entry, disclosures: [{ ...disclosure, value }] });
    expect(message?.headers).toMatchObject({ 'error-code': 'wrong_type', 'error-detail': 'x y' });
    expect(message?.value).toEqual(Buffer.from([0xff]));
  });
});

describe('erased entries', () => {
  it.each(PUBLISHED.map((entry) => [entry.sequence, entry.type, entry] as const))(
    'are not published: %i %s without any one of its values',
    (_sequence, _type, entry) => {
      expect(wasErased(entry)).toBe(false);
      for (const { name } of entry.disclosures) {
        const disclosures = entry.disclosures.filter((one) => one.name !== name);
        expect(encodeEntry({ ...entry, disclosures })).toEqual([]);
        expect(wasErased({ ...entry, disclosures })).toBe(true);
      }
    },
  );

  it('are told from those that are never published', () => {
    for (const entry of [...entriesOf('batch.consumed'), ...entriesOf('hold.acknowledged')]) {
      expect(wasErased({ ...entry, disclosures: [] })).toBe(false);
    }
  });
});
