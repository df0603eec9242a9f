/** Lines of a file of events: the same reading without broker, key or partition. */
import type { PlatformEvent, RefusalCode } from '#domain';
import { isObject } from '../shape/shape.ts';
import { EVENT_BYTES_MAX } from '../topics.ts';
import { nestsTooDeep, NESTING_MAX, parseJson } from './body.ts';
import { attributesOfEvent } from './envelope.ts';
import { readEvent, type Refusal } from './read-event.ts';
import { countSecretMembers } from './secret-names.ts';

export type LineInput =
  | {
      readonly kind: 'event';
      readonly event: PlatformEvent;
      /** Of subject events only, as on `EventInput`. */
      readonly contentHash?: string;
      readonly droppedSecrets: number;
    }
  /** Accepted and passed over: an unknown session signal, a blank line. */
  | { readonly kind: 'ignored' }
  | {
      readonly kind: 'refused';
      readonly code: RefusalCode;
      /** `line 3: data.payee.kind must be …`: one line, without a value of the record. */
      readonly reason: string;
    };

/**
 * Reads one structured CloudEvent. A byte order mark and a carriage return are passed over. There is no broker's timestamp, so no
 * time is clamped, and no key, so nothing is misrouted.
 */
export function readLine(line: string, lineNumber: number): LineInput {
  // `trim` takes the byte order mark for white space, too.
  const text = line.trim();
  if (text === '') return { kind: 'ignored' };
  const read = readText(text);
  if ('code' in read) {
    return { kind: 'refused', code: read.code, reason: `line ${lineNumber}: ${read.detail}` };
  }
  return read;
}

function readText(text: string): Exclude<LineInput, { kind: 'refused' }> | Refusal {
  if (text.length > EVENT_BYTES_MAX || Buffer.byteLength(text) > EVENT_BYTES_MAX) {
    return { code: 'too_large', detail: `the event is larger than ${EVENT_BYTES_MAX} bytes` };
  }
  const parsed = parseJson(text);
  if (parsed === undefined) return { code: 'not_json', detail: 'the line is not JSON' };
  if (!isObject(parsed.json)) {
    return { code: 'invalid_envelope', detail: 'the line must be one event object' };
  }
  if (nestsTooDeep(text)) {
    return { code: 'invalid_value', detail: `the event nests deeper than ${NESTING_MAX} levels` };
  }
  const attributes = attributesOfEvent(parsed.json);
  const secretMembers = countSecretMembers(text);
  const read = readEvent({ attributes, data: parsed.json['data'], secretMembers });
  if ('code' in read) return read;
  const { event, contentHash } = read;
  if (event === undefined) return { kind: 'ignored' };
  return {
    kind: 'event',
    event,
    ...(contentHash === undefined ? {} : { contentHash }),
    droppedSecrets: secretMembers,
  };
}
