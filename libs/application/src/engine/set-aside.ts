/** A record that we could not process for a reason of our own: kept as a dead letter, its subject decided by the fallback. */
import { isSubjectEvent, subjectOf, type EventInput, type RefusedInput } from '#domain';

export function setAside(input: EventInput): RefusedInput {
  const { topic, partition, offset, brokerTime, event, contentHash } = input;
  const decideBy = isSubjectEvent(event) ? event.decideBy : undefined;
  return {
    kind: 'refused',
    topic,
    partition,
    offset,
    brokerTime,
    code: 'processing_failed',
    deadLetter: {
      ...input.deadLetter(),
      errorDetail: 'the engine failed on this record; see its log, then re-drive the record',
    },
    ...(isSubjectEvent(event)
      ? {
          subject: {
            subject: subjectOf(event),
            payerId: event.payer.accountId,
            requestedAt: event.time,
            amount: event.amount,
            contentHash: contentHash ?? '',
            ...(decideBy === undefined ? {} : { decideBy }),
          },
        }
      : {}),
  };
}
