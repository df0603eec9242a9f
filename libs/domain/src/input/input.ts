/** One consumed record after the wire has been read: an event, a refusal with its reason, or something to pass over. */
import type { InputTopic, PlatformEvent } from '../event/event.ts';
import type { Json } from '../journal/entry.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Money } from '../kernel/money.ts';
import type { SubjectRef } from '../subject/subject.ts';

export interface ConsumedFrom {
  readonly topic: InputTopic;
  readonly partition: number;
  readonly offset: number;
  /** The broker's timestamp. */
  readonly brokerTime: Instant;
}

/** Why a record is refused; also the `error-code` header of its dead letter. */
export const REFUSAL_CODES = [
  'not_json',
  'empty',
  'too_large',
  'unknown_type',
  'wrong_topic',
  'invalid_envelope',
  'missing_field',
  'wrong_type',
  'invalid_value',
  'unknown_currency',
  'forbidden_field',
  'misrouted',
  'subject_conflict',
  'processing_failed',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** A refused transfer or draw whose ids can be read: it still gets a decision (CONTRACT, Refusing). */
export interface RefusedSubject {
  readonly subject: SubjectRef;
  readonly payerId: string;
  readonly requestedAt: Instant;
  readonly amount?: Money;
  readonly decideBy?: Instant;
  /** SHA-256 of the record's value, unpadded base64url: tells a repeat from a conflict. */
  readonly contentHash: string;
}

/** What goes to `<topic>.dlq`: already redacted, with the original headers. Base64 where the bytes are not text. */
export type DeadLetter = {
  readonly key: string | null;
  readonly value: { readonly text: string } | { readonly base64: string } | null;
  readonly headers: { readonly [name: string]: Json };
  /** One sentence, without a value of the record. */
  readonly errorDetail: string;
};

export type EventInput = ConsumedFrom & {
  readonly kind: 'event';
  readonly event: PlatformEvent;
  /**
   * Of subject events only: SHA-256 of the canonical JSON of what was read, without the envelope, unpadded base64url. The same
   * request sent again, under whatever event id, has the same hash.
   */
  readonly contentHash?: string;
  /** Fields named like secrets that were dropped (CONTRACT, Refusing), counted only. */
  readonly droppedSecrets: number;
  /** The record as a dead letter, for refusals that only the store can see (a subject's identity taken). */
  readonly deadLetter: () => DeadLetter;
};

export type RefusedInput = ConsumedFrom & {
  readonly kind: 'refused';
  readonly code: RefusalCode;
  readonly deadLetter: DeadLetter;
  readonly subject?: RefusedSubject;
};

/** An unknown session signal or the like: accepted and passed over. */
export type IgnoredInput = ConsumedFrom & { readonly kind: 'ignored' };

export type Input = EventInput | RefusedInput | IgnoredInput;
