/** A subject is what a decision is about: one transfer or one requested draw (CONTRACT, Identity). */
import type { SubjectEvent } from '../event/event.ts';

export interface SubjectRef {
  readonly source: string;
  readonly kind: 'transfer' | 'draw';
  readonly id: string;
}

export function subjectOf(event: SubjectEvent): SubjectRef {
  return event.kind === 'transfer.requested'
    ? { source: event.source, kind: 'transfer', id: event.transferId }
    : { source: event.source, kind: 'draw', id: event.drawId };
}

/** `subjectKey` of the event's subject. */
export function subjectKeyOf(event: SubjectEvent): string {
  return event.kind === 'transfer.requested'
    ? `${event.source}\ntransfer\n${event.transferId}`
    : `${event.source}\ndraw\n${event.drawId}`;
}

/** The name from which hold and decision ids are derived (CONTRACT, Outputs): source, kind and id on a line each. */
export function subjectKey(subject: SubjectRef): string {
  return `${subject.source}\n${subject.kind}\n${subject.id}`;
}
