/** The golden samples as values, for tests: events as they are sent, records as they are consumed, entries as they are sealed. */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  NO_LEAF,
  sealEntries,
  TOPIC_OF,
  type EntryDraft,
  type EventInput,
  type EventKind,
  type Input,
  type RefusedInput,
  type SealedEntry,
} from '#domain';
import { partitionOf, readRecord, type WireRecord } from '#contracts';

export interface SampleEvent {
  readonly specversion: string;
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly datacontenttype: string;
  readonly data: {
    readonly payer: { readonly accountId: string };
    readonly [name: string]: unknown;
  };
}

export const SAMPLE_PARTITIONS = 12;
/** Shortly after the last sample event. */
export const SAMPLE_BROKER_TIME = Date.parse('2026-03-02T05:20:00.000Z');

export function readSample(name: string): string {
  return readFileSync(new URL(`./${name}`, import.meta.url), 'utf8');
}

/** One or more of every kind, in structured mode. */
export function sampleEvents(): SampleEvent[] {
  return readSample('inputs.jsonl')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as SampleEvent);
}

/** The first sample of a kind. */
export function sampleEvent(kind: EventKind): SampleEvent {
  const event = sampleEvents().find((one) => kindOf(one) === kind);
  if (event === undefined) throw new Error(`no sample of ${kind}`);
  return event;
}

export function kindOf(event: Pick<SampleEvent, 'type'>): EventKind {
  return event.type.slice('io.lengjing.'.length, -'.v1'.length) as EventKind;
}

export type HeaderTexts = Readonly<Record<string, string>>;

/** In binary mode, on its topic and the partition of its payer; `changes` win. `value` may be text or bytes. */
export function recordOf(
  event: SampleEvent,
  changes: Partial<Omit<WireRecord, 'value' | 'headers'>> & {
    readonly value?: string | Uint8Array | null;
    readonly headers?: HeaderTexts;
  } = {},
): WireRecord {
  const key = Buffer.from(event.data.payer.accountId);
  const { value = JSON.stringify(event.data), headers = headersOf(event), ...rest } = changes;
  return {
    topic: TOPIC_OF[kindOf(event)],
    partition: partitionOf(key, SAMPLE_PARTITIONS),
    offset: 7,
    brokerTime: SAMPLE_BROKER_TIME,
    key,
    value: typeof value === 'string' ? Buffer.from(value) : value,
    headers: new Map(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)])),
    ...rest,
  };
}

export function headersOf(event: SampleEvent): HeaderTexts {
  return {
    'content-type': 'application/json',
    ce_specversion: event.specversion,
    ce_id: event.id,
    ce_source: event.source,
    ce_type: event.type,
    ce_time: event.time,
  };
}

/** The sample with members of its data set, or taken out where `undefined`. */
export function withData(sample: SampleEvent, changes: object): SampleEvent {
  return { ...sample, data: { ...sample.data, ...changes } };
}

export function without(headers: HeaderTexts, name: string): HeaderTexts {
  return Object.fromEntries(Object.entries(headers).filter(([other]) => other !== name));
}

export function read(record: WireRecord): Input {
  return readRecord(record, { partitionCount: SAMPLE_PARTITIONS });
}

/** Throws unless it is an event. */
export function event(record: WireRecord): EventInput {
  const input = read(record);
  if (input.kind !== 'event') throw new Error(`no event: ${JSON.stringify(input)}`);
  return input;
}

/** Throws unless it is refused. */
export function refusal(record: WireRecord): RefusedInput {
  const input = read(record);
  if (input.kind !== 'refused') throw new Error(`not refused: ${input.kind}`);
  return input;
}

/** `entries.json` sealed as one chain of partition 2. */
export function sampleEntries(): SealedEntry[] {
  const drafts = JSON.parse(readSample('entries.json')) as EntryDraft[];
  let salts = 0;
  return sealEntries({ sequence: 0, leafHash: NO_LEAF }, 2, drafts, {
    digest: (text, encoding) => hash('sha256', text, encoding),
    salt: () => `salt-${(salts += 1)}`,
  });
}
