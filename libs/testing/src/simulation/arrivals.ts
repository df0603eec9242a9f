/** Records on their way to the log, each with the time at which it arrives there. */
import { TOPIC_OF, type EventKind, type InputTopic, type Instant } from '#domain';

/** A CloudEvent as a platform sends it. */
export interface SentEvent {
  readonly specversion: string;
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly data: {
    readonly payer: { readonly accountId: string; readonly sessionId?: string };
    readonly [name: string]: unknown;
  };
}

export interface Arrival {
  readonly at: Instant;
  readonly topic: InputTopic;
  readonly key: string;
  readonly value: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Where it is put on a partition that is not its key's: so many further. */
  readonly misroutedBy?: number;
}

/** In binary mode, on the topic of its type, at its own time unless told otherwise. */
export function arrivalOf(event: SentEvent, at: Instant = Date.parse(event.time)): Arrival {
  return {
    at,
    topic: TOPIC_OF[kindOf(event)],
    key: event.data.payer.accountId,
    value: JSON.stringify(event.data),
    headers: {
      'content-type': 'application/json',
      ce_specversion: event.specversion,
      ce_id: event.id,
      ce_source: event.source,
      ce_type: event.type,
      ce_time: event.time,
    },
  };
}

/** The same in structured mode. */
export function structuredArrivalOf(event: SentEvent, at?: Instant): Arrival {
  return {
    ...arrivalOf(event, at),
    value: JSON.stringify(event),
    headers: { 'content-type': 'application/cloudevents+json' },
  };
}

function kindOf({ type }: SentEvent): EventKind {
  return type.replace(/^io\.lengjing\.|\.v1$/g, '') as EventKind;
}

/** Earliest first; of equal times the order given stays. */
export function inOrderOfArrival(arrivals: readonly Arrival[]): readonly Arrival[] {
  return arrivals.toSorted((a, b) => a.at - b.at);
}
