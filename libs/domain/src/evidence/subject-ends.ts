/** From when on a subject could no longer be stopped, as far as events and the record tell. */
import type {
  CodeMatched,
  CreditDraw,
  PayerResponded,
  PlatformEvent,
  SubjectEvent,
  TransferEnded,
} from '../event/event.ts';
import type { Instant } from '../kernel/instant.ts';
import { subjectKey, subjectOf, type SubjectRef } from '../subject/subject.ts';
import type { RecordedSubject } from './payer-window.ts';

/** A transfer is named by source and id, a draw by lender, product and id, whichever system reports it. */
export function outcomeKey(event: PlatformEvent): string | undefined {
  switch (event.kind) {
    case 'transfer.requested':
    case 'transfer.settled':
    case 'transfer.failed':
    case 'transfer.cancelled':
      return `transfer\n${event.source}\n${event.transferId}`;
    case 'credit.draw-requested':
    case 'credit.drawn':
    case 'credit.draw-cancelled':
      return `draw\n${event.lender}\n${event.product}\n${event.drawId}`;
    default:
      return undefined;
  }
}

/** Money gone, or the request withdrawn. */
export function isOutcome(event: PlatformEvent): event is TransferEnded | CreditDraw {
  return (
    event.kind === 'transfer.settled' ||
    event.kind === 'transfer.failed' ||
    event.kind === 'transfer.cancelled' ||
    event.kind === 'credit.drawn' ||
    event.kind === 'credit.draw-cancelled'
  );
}

export interface SubjectEnds {
  /** When it settled, failed, was cancelled, or its hold ended, whichever came first; undefined while it can be stopped. */
  endOf(subject: SubjectEvent): Instant | undefined;
  /** Whether an answer or match later than `at` is known: it counts only if the subject had not ended by then. */
  hasLateEvidenceAfter(subject: SubjectEvent, at: Instant): boolean;
}

/** `holdIdOf` names the holds that payers' cancels speak of. Events are looked through when something is asked, and once. */
export function subjectEnds(
  events: readonly PlatformEvent[],
  recorded: ReadonlyMap<string, RecordedSubject>,
  holdIdOf: (subject: SubjectRef) => string | undefined,
): SubjectEnds {
  let found: FoundEnds | undefined;
  const known = (): FoundEnds => (found ??= findEnds(events));
  return {
    endOf(subject) {
      const ref = subjectOf(subject);
      const record = recorded.get(subjectKey(ref));
      const { outcomes, cancels } = known();
      // A cancel of a hold that was never placed ends nothing. Names are worked out only where a cancel asks for one.
      const named = (): string | undefined =>
        record === undefined ? holdIdOf(ref) : record.hold?.holdId;
      const holdId = cancels.size === 0 ? undefined : named();
      const ends = [
        outcomeTime(outcomes.get(ref.id), subject),
        record?.hold?.ended?.at,
        holdId === undefined ? undefined : cancels.get(holdId),
      ].filter((at) => at !== undefined);
      return ends.length === 0 ? undefined : Math.min(...ends);
    },
    hasLateEvidenceAfter: (subject, at) =>
      known().late.some(
        (event) =>
          event.time > at &&
          (event.kind === 'payer.responded' ||
            (subject.kind === 'transfer.requested' && event.transferId === subject.transferId)),
      ),
  };
}

interface FoundEnds {
  /** By the id of the transfer or draw, which another source or lender may use as well. */
  readonly outcomes: ReadonlyMap<string, readonly PlatformEvent[]>;
  /** By hold. */
  readonly cancels: ReadonlyMap<string, Instant>;
  readonly late: readonly (PayerResponded | CodeMatched)[];
}

function findEnds(events: readonly PlatformEvent[]): FoundEnds {
  const outcomes = new Map<string, PlatformEvent[]>();
  const cancels = new Map<string, Instant>();
  const late: (PayerResponded | CodeMatched)[] = [];
  for (const event of events) {
    if (event.kind === 'code.matched') late.push(event);
    else if (event.kind === 'payer.responded' && event.answer === 'coached_yes') late.push(event);
    else if (event.kind === 'payer.responded' && event.answer === 'cancel') {
      keepFirst(cancels, event.holdId, event.time);
    } else if (isOutcome(event)) {
      const id = 'transferId' in event ? event.transferId : event.drawId;
      const known = outcomes.get(id);
      if (known === undefined) outcomes.set(id, [event]);
      else known.push(event);
    }
  }
  return { outcomes, cancels, late };
}

/** The earliest time at which something became of the subject's money. */
function outcomeTime(
  outcomes: readonly PlatformEvent[] | undefined,
  subject: SubjectEvent,
): Instant | undefined {
  if (outcomes === undefined) return undefined;
  const key = outcomeKey(subject);
  const times = outcomes.flatMap((event) => (outcomeKey(event) === key ? [event.time] : []));
  return times.length === 0 ? undefined : Math.min(...times);
}

function keepFirst(times: Map<string, Instant>, key: string, at: Instant): void {
  const known = times.get(key);
  if (known === undefined || at < known) times.set(key, at);
}
