/** The names on the wire that others program against: topics, event types, our own source (CONTRACT). */
import { INPUT_TOPICS, type EventKind, type InputTopic } from '#domain';

/** What the engine publishes to, besides the dead letters. */
export const OUTPUT_TOPICS = {
  decisions: 'risk.decisions',
  /** Scores and reasons: restricted readers. */
  assessments: 'risk.assessments',
  holds: 'risk.holds',
  alerts: 'risk.alerts',
} as const;

/** Where refused records of an input topic go. */
export function deadLetterTopic(topic: InputTopic): `${InputTopic}.dlq` {
  return `${topic}.dlq`;
}

/** Every topic of the system. All have the same number of partitions, because outputs go to the partition of their payer's inputs. */
export const TOPICS = {
  inputs: INPUT_TOPICS,
  outputs: Object.values(OUTPUT_TOPICS),
  deadLetters: INPUT_TOPICS.map(deadLetterTopic),
} as const;

export type OutputKind =
  | 'decision.made'
  | 'assessment.made'
  | 'hold.placed'
  | 'hold.extended'
  | 'hold.matured'
  | 'hold.released'
  | 'hold.cancelled'
  | 'hold.expired'
  | 'recall.requested'
  | 'alert.requested';

/** `ce_type` of an event: `io.lengjing.<name>.v1`. */
export function eventType<K extends EventKind | OutputKind>(kind: K): `io.lengjing.${K}.v1` {
  return `io.lengjing.${kind}.v1`;
}

/** `ce_source` of everything we publish, whichever instance publishes it: a repeat has the same source and id. */
export const OUR_SOURCE = 'urn:lengjing:risk-engine';

/** Largest value of a record, in bytes (CONTRACT, Envelope). */
export const EVENT_BYTES_MAX = 64 * 1024;
