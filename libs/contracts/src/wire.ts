/** Records as they lie on the log, in the shape of the application's ports: contracts may import the domain alone. */
import type { InputTopic, Instant } from '#domain';

/** What `readRecord` reads; structurally the application's `RawRecord`. */
export interface WireRecord {
  readonly topic: InputTopic;
  readonly partition: number;
  readonly offset: number;
  /** The broker's timestamp. */
  readonly brokerTime: Instant;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: ReadonlyMap<string, Uint8Array>;
}

/** What `encodeEntry` writes; structurally the application's `OutboundMessage`. */
export interface WireMessage {
  readonly topic: string;
  readonly partition: number;
  readonly key: Uint8Array | string | null;
  readonly value: Uint8Array | string | null;
  readonly headers: Readonly<Record<string, string | Uint8Array>>;
}
