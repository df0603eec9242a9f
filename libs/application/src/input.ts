/** One consumed record after the wire has been read: an event, a refusal with its reason, or something to pass over. */
import type { InputTopic, Instant, Json, Money, PlatformEvent, SubjectRef } from '#domain';

export interface ConsumedFrom {
  readonly topic: InputTopic;
  readonly partition: number;
  readonly offset: number;
  readonly brokerTime: Instant;
}

/** Why a record is refused; also the `error-code` header of its dead letter. */
export type RefusalCode =
  | 'not_json'
  | 'empty'
  | 'too_large'
  | 'unknown_type'
  | 'wrong_topic'
  | 'invalid_envelope'
  | 'missing_field'
  | 'wrong_type'
  | 'invalid_value'
  | 'unknown_currency'
  | 'forbidden_field'
  | 'misrouted'
  | 'subject_conflict';

/** A refused transfer or draw whose ids can be read: it still gets a decision (CONTRACT, Refusing). */
export interface RefusedSubject {
  readonly subject: SubjectRef;
  readonly payerId: string;
  readonly requestedAt: Instant;
  readonly amount?: Money;
  readonly decideBy?: Instant;
}

/** What goes to `<topic>.dlq`: already redacted, with the original headers. Base64 where the bytes are not text. */
export interface DeadLetter {
  readonly key: string | null;
  readonly value: { readonly text: string } | { readonly base64: string } | null;
  readonly headers: { readonly [name: string]: Json };
  readonly errorDetail: string;
}

export type Input = ConsumedFrom &
  (
    | {
        readonly kind: 'event';
        readonly event: PlatformEvent;
        /** SHA-256 of the event's data without envelope, unpadded base64url: tells a repeat from a conflict. */
        readonly contentHash: string;
        /** Fields named like secrets that were dropped (CONTRACT, Refusing), counted only. */
        readonly droppedSecrets: number;
        /** The record as a dead letter, for refusals that only the store can see (a subject's identity taken). */
        readonly deadLetter: () => DeadLetter;
      }
    | {
        readonly kind: 'refused';
        readonly code: RefusalCode;
        readonly deadLetter: DeadLetter;
        readonly subject?: RefusedSubject;
      }
    /** An unknown session signal or the like: accepted and ignored. */
    | { readonly kind: 'ignored' }
  );
