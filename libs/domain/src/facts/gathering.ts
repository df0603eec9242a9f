/** What every gatherer of facts works from: one subject, what is known as of it, and the list of evidence it names. */
import type { CodeBook } from '../evidence/code-book.ts';
import type { PayeeStanding } from '../evidence/payee-standing.ts';
import type { PayerWindow } from '../evidence/payer-window.ts';
import type { Timeline } from '../evidence/timeline.ts';
import {
  evidenceRef,
  type CodeMatched,
  type EventHeader,
  type SubjectEvent,
} from '../event/event.ts';
import type { PayerResponded } from '../event/event.ts';
import type { Policy } from '../policy/policy.ts';
import type { PolicySpans } from '../policy/spans.ts';
import type { Ref } from './facts.ts';

/** Gives each event an index once, in the order in which they are first named. */
export class Refs {
  readonly names: string[] = [];
  /** By the event itself: a window holds each event once. */
  readonly #indices = new Map<Pick<EventHeader, 'source' | 'id'>, Ref>();

  of(event: Pick<EventHeader, 'source' | 'id'>): Ref {
    const known = this.#indices.get(event);
    if (known !== undefined) return known;
    const index = this.names.length;
    this.names.push(evidenceRef(event));
    this.#indices.set(event, index);
    return index;
  }

  all(events: readonly Pick<EventHeader, 'source' | 'id'>[]): readonly Ref[] {
    return events.map((event) => this.of(event));
  }
}

/** Evidence that counts for a subject whatever its time, as long as the subject could still be stopped (SCORING §1). */
export interface LateEvidence {
  readonly userYes: readonly PayerResponded[];
  readonly codesMatched: readonly CodeMatched[];
}

export interface Gathering {
  readonly subject: SubjectEvent;
  /** Of a transfer. */
  readonly standing?: PayeeStanding;
  readonly timeline: Timeline;
  readonly late: LateEvidence;
  readonly window: Pick<
    PayerWindow,
    'payees' | 'habits' | 'cut' | 'listedPayees' | 'quiets' | 'windowTruncated'
  >;
  readonly policy: Policy;
  readonly spans: PolicySpans;
  readonly codeBook: CodeBook;
  readonly refs: Refs;
}

/** Undefined for an empty list: facts leave out what is not there. */
export function orNone<T>(items: readonly T[]): readonly T[] | undefined {
  return items.length === 0 ? undefined : items;
}

/** Items from the newest back to `from`, in order of time. `items` MUST be in order of time. */
export function since<T>(items: readonly T[], timeOf: (item: T) => number, from: number): T[] {
  let start = items.length;
  while (start > 0 && timeOf(items[start - 1] as T) >= from) start -= 1;
  return items.slice(start);
}
