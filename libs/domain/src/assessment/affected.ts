/** Which decided subjects late evidence touches, so that the engine assesses again only these (rule e). */
import type { PlatformEvent } from '../event/event.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Policy } from '../policy/policy.ts';
import type { SubjectRef } from '../subject/subject.ts';
import type { PayerWindow } from '../evidence/payer-window.ts';

export interface StoppableSubject {
  readonly subject: SubjectRef;
  readonly requestedAt: Instant;
  readonly held: boolean;
}

/** Recorded subjects of the window whose money may still be stopped: no outcome among the events, no end of a hold on record. */
export function stoppableSubjects(window: Pick<PayerWindow, 'events' | 'recorded'>): StoppableSubject[] {
  void window;
  return [];
}

/** Keys of the stoppable subjects that must be assessed again because of `newEvents`. In-order events affect nothing. */
export function affectedSubjects(
  stoppable: readonly StoppableSubject[],
  newEvents: readonly PlatformEvent[],
  policy: Policy,
): Set<string> {
  void [stoppable, newEvents, policy];
  return new Set();
}
