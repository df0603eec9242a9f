/** From the journal to the log: which messages an entry is published as. */
import type {
  AlertBody,
  AlertPersonal,
  AnsweredBody,
  AnsweredPersonal,
  DeadLetter,
  DecisionBody,
  DecisionPersonal,
  HoldBody,
  HoldPersonal,
  Json,
  RecallBody,
  RecallPersonal,
  RefusedBody,
  RefusedPersonal,
  SealedEntry,
} from '#domain';
import { KEY_BYTES_HEADER } from '../input/dead-letter.ts';
import { deadLetterTopic, OUTPUT_TOPICS } from '../topics.ts';
import type { WireMessage } from '../wire.ts';
import { ANSWERS_TOPIC, answerEvent } from './answers.ts';
import {
  alertEvent,
  assessmentEvent,
  decisionEvent,
  holdEvent,
  recallEvent,
  type OutputEvent,
} from './events.ts';

/**
 * The messages of one entry in binary mode, in the order in which they are to be sent; none where the entry is internal or its personal
 * values were erased (`wasErased`). A pure function of the entry: sending it again sends the same bytes under the same ids.
 * The entry MUST be one of our own journal; it is not verified here.
 */
export function encodeEntry(entry: SealedEntry): readonly WireMessage[] {
  if (!PUBLISHED.has(entry.type)) return [];
  const read = readEntry(entry);
  return read === undefined ? [] : encode(entry, read);
}

/**
 * True for an entry that would be published and cannot be any more: a personal value that it was sealed with is gone. Whoever asked for
 * it to be erased is owed silence, so the publisher passes over it.
 */
export function wasErased(entry: SealedEntry): boolean {
  return PUBLISHED.has(entry.type) && readEntry(entry) === undefined;
}

const PUBLISHED: ReadonlySet<SealedEntry['type']> = new Set([
  'decision.made',
  'hold.placed',
  'hold.extended',
  'hold.matured',
  'hold.released',
  'hold.cancelled',
  'hold.expired',
  'recall.requested',
  'alert.requested',
  'payer.answered',
  'record.refused',
]);

interface EntryContent {
  readonly body: unknown;
  readonly personal: unknown;
}

/** Undefined when not every committed value is disclosed. */
function readEntry(entry: SealedEntry): EntryContent | undefined {
  const { body, personal } = JSON.parse(entry.canonical) as {
    readonly body: unknown;
    readonly personal: { readonly [name: string]: Json };
  };
  const disclosed = Object.fromEntries(entry.disclosures.map(({ name, value }) => [name, value]));
  const complete = Object.keys(personal).every((name) => Object.hasOwn(disclosed, name));
  return complete ? { body, personal: disclosed } : undefined;
}

function encode(entry: SealedEntry, { body, personal }: EntryContent): readonly WireMessage[] {
  switch (entry.type) {
    case 'decision.made': {
      const decision = { body: body as DecisionBody, personal: personal as DecisionPersonal };
      const { payer } = decision.personal;
      return [
        message(entry, OUTPUT_TOPICS.assessments, payer, assessmentEvent(decision)),
        message(entry, OUTPUT_TOPICS.decisions, payer, decisionEvent(decision)),
      ];
    }
    case 'hold.placed':
    case 'hold.extended':
    case 'hold.matured':
    case 'hold.released':
    case 'hold.cancelled':
    case 'hold.expired': {
      const whose = personal as HoldPersonal;
      const event = holdEvent(entry.type, entry.at, body as HoldBody, whose);
      return [message(entry, OUTPUT_TOPICS.holds, whose.payer, event)];
    }
    case 'recall.requested': {
      const whose = personal as RecallPersonal;
      const event = recallEvent(entry.at, body as RecallBody, whose);
      return [message(entry, OUTPUT_TOPICS.holds, whose.payer, event)];
    }
    case 'alert.requested': {
      const whose = personal as AlertPersonal;
      const event = alertEvent(entry.at, body as AlertBody, whose);
      return [message(entry, OUTPUT_TOPICS.alerts, whose.payer, event)];
    }
    case 'payer.answered': {
      const whose = personal as AnsweredPersonal;
      const event = answerEvent(entry, body as AnsweredBody, whose);
      return [message(entry, ANSWERS_TOPIC, whose.payer, event)];
    }
    case 'record.refused':
      return [deadLetterMessage(entry, body as RefusedBody, (personal as RefusedPersonal).letter)];
    default:
      return [];
  }
}

function message(
  entry: SealedEntry,
  topic: string,
  payer: string,
  event: Omit<OutputEvent, 'source'> & { readonly source: string },
): WireMessage {
  return {
    topic,
    partition: entry.chain,
    key: payer,
    value: JSON.stringify(event.data),
    headers: {
      'content-type': event.datacontenttype,
      ce_specversion: event.specversion,
      ce_id: event.id,
      ce_source: event.source,
      ce_type: event.type,
      ce_time: event.time,
      ...chainHeaders(entry),
    },
  };
}

/** Where in the journal it stands, so that a reader can tell a gap and an auditor can find it. */
function chainHeaders(entry: SealedEntry): Record<string, string> {
  return { 'lengjing-chain': String(entry.chain), 'lengjing-sequence': String(entry.sequence) };
}

/** The record as it came but for its redaction; a header of an earlier refusal gives way to ours. */
function deadLetterMessage(entry: SealedEntry, body: RefusedBody, letter: DeadLetter): WireMessage {
  const { [KEY_BYTES_HEADER]: keyBytes, ...original } = letter.headers;
  return {
    topic: deadLetterTopic(body.topic),
    partition: entry.chain,
    key:
      typeof keyBytes === 'string' && letter.key === null
        ? Buffer.from(keyBytes, 'base64url')
        : letter.key,
    value: bytesOf(letter.value),
    headers: {
      ...Object.fromEntries(
        Object.entries(original).map(([name, value]) => [name, headerBytes(value)]),
      ),
      'error-code': body.code,
      'error-detail': letter.errorDetail,
      'original-topic': body.topic,
      'original-partition': String(body.partition),
      'original-offset': String(body.offset),
      ...chainHeaders(entry),
    },
  };
}

function bytesOf(value: DeadLetter['value']): string | Uint8Array | null {
  if (value === null) return null;
  return 'text' in value ? value.text : Buffer.from(value.base64, 'base64');
}

function headerBytes(value: Json): string | Uint8Array {
  if (typeof value === 'string') return value;
  const { base64 } = value as { readonly base64: string };
  return Buffer.from(base64, 'base64');
}
