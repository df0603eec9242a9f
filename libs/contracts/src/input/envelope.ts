/** CloudEvents 1.0 on Kafka: finds attributes and data, whether in headers (binary mode) or in the value (structured mode). */
import type { WireRecord } from '../wire.ts';
import { asBuffer } from './body.ts';

/** CloudEvents attributes as they came; nothing of them is checked. */
export interface Attributes {
  readonly specversion: unknown;
  readonly id: unknown;
  readonly source: unknown;
  readonly type: unknown;
  readonly time: unknown;
  /** Structured mode only: in binary mode the record's `content-type` says it. */
  readonly datacontenttype?: unknown;
}

export type ContentMode = 'binary' | 'structured' | 'unreadable';

const JSON_TYPE = /^(?:application|text)\/(?:[a-z0-9.+-]+\+)?json$/;

/** How the record is to be read, by its `content-type`; without one it is taken for binary mode with JSON. */
export function contentMode(headers: WireRecord['headers']): ContentMode {
  const given = headerText(headers, 'content-type');
  if (given === undefined || given === 'application/json') return 'binary';
  const type = mediaType(given);
  if (type === 'application/cloudevents+json') return 'structured';
  return type !== 'application/cloudevents-batch+json' && JSON_TYPE.test(type)
    ? 'binary'
    : 'unreadable';
}

export function isJsonType(contentType: unknown): boolean {
  return typeof contentType === 'string' && JSON_TYPE.test(mediaType(contentType));
}

/** Without parameters, in lower case. */
function mediaType(contentType: string): string {
  return (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
}

export function attributesOfHeaders(headers: WireRecord['headers']): Attributes {
  return {
    specversion: headerText(headers, 'ce_specversion'),
    id: headerText(headers, 'ce_id'),
    source: headerText(headers, 'ce_source'),
    type: headerText(headers, 'ce_type'),
    time: headerText(headers, 'ce_time'),
  };
}

/** `event` is the parsed value. Attributes are own members, so nothing is found on the prototype that JSON did not say. */
export function attributesOfEvent(event: { readonly [name: string]: unknown }): Attributes {
  const { specversion, id, source, type, time, datacontenttype } = event;
  return { specversion, id, source, type, time, datacontenttype };
}

/** Attributes are ASCII, so other bytes need not survive: they are refused either way. */
function headerText(headers: WireRecord['headers'], name: string): string | undefined {
  const exact = headers.get(name);
  if (exact !== undefined) return asBuffer(exact).toString('latin1');
  for (const [other, bytes] of headers) {
    if (other.length === name.length && other.toLowerCase() === name) {
      return asBuffer(bytes).toString('latin1');
    }
  }
  return undefined;
}
