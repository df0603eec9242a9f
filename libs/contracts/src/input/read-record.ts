/** A record of an input topic to what the engine works on. Never throws, whatever the bytes are. */
import type { Input, RefusedSubject } from '#domain';
import { partitionOf } from '../routing/murmur2.ts';
import { isObject } from '../shape/shape.ts';
import { EVENT_BYTES_MAX } from '../topics.ts';
import type { WireRecord } from '../wire.ts';
import { decodeUtf8, LOOKED_INTO_BYTES_MAX, nestsTooDeep, NESTING_MAX, parseJson } from './body.ts';
import { deadLetterOf } from './dead-letter.ts';
import {
  attributesOfEvent,
  attributesOfHeaders,
  contentMode,
  type ContentMode,
} from './envelope.ts';
import { readEvent, type EventRead, type GivenEvent, type Refusal } from './read-event.ts';
import { refusedSubject } from './refused-subject.ts';
import { countSecretMembers, isSecretHeader } from './secret-names.ts';

export interface ReadOptions {
  /** Of every input topic. */
  readonly partitionCount: number;
}

/**
 * Reads a record as CONTRACT says: an event; a refusal with its redacted dead letter and, of a request whose ids can be read, the
 * subject that still gets a decision; or something accepted and passed over.
 */
export function readRecord(record: WireRecord, options: ReadOptions): Input {
  const opened = openRecord(record);
  if ('code' in opened) return refused(record, opened);
  const { given, fault } = opened;
  const read = fault ?? readEvent(given, record);
  if ('code' in read) return refused(record, read, refusedSubject(record, given));
  const misrouted = routingFault(record, read.payerId, options);
  return misrouted === undefined
    ? accepted(record, read, given.secretMembers)
    : refused(record, misrouted, refusedSubject(record, given));
}

interface OpenedRecord {
  readonly given: GivenEvent;
  /** Why it is refused all the same; its ids may still be readable. */
  readonly fault?: Refusal;
}

function openRecord(record: WireRecord): OpenedRecord | Refusal {
  const { value, headers } = record;
  if (value === null || value.length === 0) {
    return {
      code: 'empty',
      detail: 'the record has no value: an event without data is not a deletion',
    };
  }
  if (value.length > LOOKED_INTO_BYTES_MAX) return TOO_LARGE;
  const text = decodeUtf8(value);
  const parsed = parseJson(text);
  if (parsed === undefined) {
    return value.length > EVENT_BYTES_MAX
      ? TOO_LARGE
      : { code: 'not_json', detail: 'the value is not JSON' };
  }
  const mode = contentMode(headers);
  const { json } = parsed;
  if (mode === 'structured' && !isObject(json)) {
    return { code: 'invalid_envelope', detail: 'the value must be one event object' };
  }
  const given = {
    ...(mode === 'structured' && isObject(json)
      ? { attributes: attributesOfEvent(json), data: json['data'] }
      : { attributes: attributesOfHeaders(headers), data: json }),
    secretMembers: countSecretMembers(text) + countSecretHeaders(headers),
  };
  const fault = faultOfBody(value, text, mode);
  return fault === undefined ? { given } : { given, fault };
}

const TOO_LARGE: Refusal = {
  code: 'too_large',
  detail: `the value is larger than ${EVENT_BYTES_MAX} bytes`,
};

function faultOfBody(value: Uint8Array, text: string, mode: ContentMode): Refusal | undefined {
  if (value.length > EVENT_BYTES_MAX) return TOO_LARGE;
  if (mode === 'unreadable') {
    return {
      code: 'invalid_envelope',
      detail: 'content-type must be application/json or application/cloudevents+json',
    };
  }
  if (nestsTooDeep(text)) {
    return { code: 'invalid_value', detail: `the value nests deeper than ${NESTING_MAX} levels` };
  }
  return undefined;
}

function countSecretHeaders(headers: WireRecord['headers']): number {
  let count = 0;
  for (const name of headers.keys()) if (isSecretHeader(name)) count += 1;
  return count;
}

/** The record key is the payer, and the partition is the one the Java client gives it (CONTRACT, Keys). */
function routingFault(
  record: WireRecord,
  payerId: string,
  options: ReadOptions,
): Refusal | undefined {
  const { key, partition } = record;
  if (key === null || !isText(key, payerId)) {
    return { code: 'misrouted', detail: 'the record key must be payer.accountId' };
  }
  return partitionOf(key, options.partitionCount) === partition
    ? undefined
    : {
        code: 'misrouted',
        detail: 'the key belongs on another partition: use the murmur2 partitioner',
      };
}

/** Whether these bytes are the given ASCII text. */
function isText(bytes: Uint8Array, ascii: string): boolean {
  if (bytes.length !== ascii.length) return false;
  for (let i = 0; i < bytes.length; i += 1) if (bytes[i] !== ascii.charCodeAt(i)) return false;
  return true;
}

function accepted(record: WireRecord, read: EventRead, droppedSecrets: number): Input {
  const { topic, partition, offset, brokerTime } = record;
  const from = { topic, partition, offset, brokerTime };
  const { event, contentHash } = read;
  if (event === undefined) return { ...from, kind: 'ignored' };
  return {
    ...from,
    kind: 'event',
    event,
    ...(contentHash === undefined ? {} : { contentHash }),
    droppedSecrets,
    deadLetter: () =>
      deadLetterOf(record, 'a request with this source and id is on record with other content'),
  };
}

function refused(record: WireRecord, { code, detail }: Refusal, subject?: RefusedSubject): Input {
  const { topic, partition, offset, brokerTime } = record;
  return {
    topic,
    partition,
    offset,
    brokerTime,
    kind: 'refused',
    code,
    deadLetter: deadLetterOf(record, detail),
    ...(subject === undefined ? {} : { subject }),
  };
}
