/** One CloudEvent, however it came: attributes and data to a domain event or a refusal. */
import { hash } from 'node:crypto';
import {
  MINUTE_MS,
  type Instant,
  type InputTopic,
  type PlatformEvent,
  type RefusalCode,
} from '#domain';
import { sourceUri, time, token } from '../shape/leaves.ts';
import { Refused } from '../shape/refused.ts';
import type { Shape } from '../shape/shape.ts';
import { isJsonType, type Attributes } from './envelope.ts';
import { inputTypeOf, type Envelope } from './event-types.ts';

/** How far after the broker's timestamp an event may say it happened (SCORING §1). */
export const AHEAD_OF_BROKER_MAX_MS = 10 * MINUTE_MS;

export interface Refusal {
  readonly code: RefusalCode;
  /** One sentence that names the field, never a value of the record. */
  readonly detail: string;
}

/** Where and when the broker took the record; absent for lines of a file. */
export interface Arrival {
  readonly topic: InputTopic;
  readonly brokerTime: Instant;
}

export interface EventRead {
  readonly payerId: string;
  /** Absent for what is accepted and passed over. */
  readonly event?: PlatformEvent;
  /** As documented on `EventInput`. */
  readonly contentHash?: string;
}

export interface GivenEvent {
  readonly attributes: Attributes;
  readonly data: unknown;
  /** Members with a secret name anywhere in the event. */
  readonly secretMembers: number;
}

/** Checks envelope, type, topic, secrets and fields, in this order, and stops at the first fault. */
export function readEvent(given: GivenEvent, arrival?: Arrival): EventRead | Refusal {
  const envelope = readEnvelope(given.attributes, arrival);
  if ('code' in envelope) return envelope;
  const type = inputTypeOf(given.attributes.type);
  if (type === undefined) {
    return { code: 'unknown_type', detail: 'type is not an event type of this contract' };
  }
  if (arrival !== undefined && arrival.topic !== type.topic) {
    return { code: 'wrong_topic', detail: `${type.kind} belongs on ${type.topic}` };
  }
  if (given.secretMembers > 0 && type.topic === 'identity.codes') {
    return {
      code: 'forbidden_field',
      detail: 'a field is named like a code or password: send digests only',
    };
  }
  if (given.data === undefined || given.data === null) {
    return { code: 'empty', detail: 'the event has no data' };
  }
  const read = type.read(envelope, given.data);
  if (read instanceof Refused) return refusalOf(read.under('data'), read.code);
  const { payerId, event, content } = read;
  if (event === undefined) return { payerId };
  return content === undefined
    ? { payerId, event }
    : { payerId, event, contentHash: hash('sha256', content, 'base64url') };
}

function readEnvelope(attributes: Attributes, arrival: Arrival | undefined): Envelope | Refusal {
  if (attributes.specversion !== '1.0') {
    return { code: 'invalid_envelope', detail: 'specversion must be 1.0' };
  }
  if (attributes.datacontenttype !== undefined && !isJsonType(attributes.datacontenttype)) {
    return { code: 'invalid_envelope', detail: 'datacontenttype must be application/json' };
  }
  const source = readAttribute('source', sourceUri, attributes.source);
  if (source instanceof Refused) return refusalOf(source, 'invalid_envelope');
  const id = readAttribute('id', token, attributes.id);
  if (id instanceof Refused) return refusalOf(id, 'invalid_envelope');
  const said = readAttribute('time', time, attributes.time);
  if (said instanceof Refused) return refusalOf(said, 'invalid_envelope');
  return { source, id, ...clampTime(said, arrival?.brokerTime) };
}

function readAttribute<T>(name: string, shape: Shape<T>, value: unknown): T | Refused {
  const taken =
    value === undefined ? new Refused('missing_field', 'is missing') : shape.read(value);
  return taken instanceof Refused ? taken.under(name) : taken;
}

/** The time that counts: a source may be ahead of the broker by so much and no more. */
export function clampTime(
  said: Instant,
  brokerTime: Instant | undefined,
): { readonly time: Instant; readonly timeClamped?: true } {
  return brokerTime !== undefined && said > brokerTime + AHEAD_OF_BROKER_MAX_MS
    ? { time: brokerTime, timeClamped: true }
    : { time: said };
}

function refusalOf(refused: Refused, code: RefusalCode): Refusal {
  return { code, detail: `${refused.path} ${refused.rule}` };
}
