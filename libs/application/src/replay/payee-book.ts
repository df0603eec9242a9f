/** What is known of payees across payers where there is no database to ask: the same points, found by binary search (SCORING PY3). */
import {
  PAYEE_ACTIVITY_MS,
  POINTS_PER_PAYER_MAX,
  collects,
  subjectKey,
  type Instant,
  type PayeeActivity,
  type PayeeActivityChange,
  type PayeeNumbers,
  type Policy,
  type RecordedSubject,
} from '#domain';
import { countTo } from '../engine/payee-knowledge.ts';
import type { PayeeRequest } from '../ports/payee-store.ts';

/** A decided transfer of whose payee more may become known. */
export interface WatchedTransfer {
  readonly key: string;
  readonly payerId: string;
  readonly requestedAt: Instant;
}

interface KnownPayee {
  readonly attempts: PayeeActivity[];
  readonly cashOuts: PayeeActivity[];
  readonly watched: Map<string, WatchedTransfer>;
}

/** What is older than this is not asked for any more. */
const KEPT_MS = 8 * PAYEE_ACTIVITY_MS;

export class PayeeBook {
  readonly #payees = new Map<string, KnownPayee>();
  readonly #policy: Policy;

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  numbers({ payeeId, payerId, at }: PayeeRequest, readAt: Instant): PayeeNumbers {
    const known = this.#payees.get(payeeId);
    if (known === undefined) return { readAt, newPayers24h: 0, fastCashOut: false };
    const max = countTo(this.#policy);
    const others = new Set<string>();
    // As the store does: so many points hold enough payers, however many there are.
    let left = max * POINTS_PER_PAYER_MAX;
    for (const attempt of near(known.attempts, at)) {
      if (attempt.payerId === payerId) continue;
      others.add(attempt.payerId);
      left -= 1;
      if (left === 0 || others.size === max) break;
    }
    const [cashOut] = near(known.cashOuts, at);
    return { readAt, newPayers24h: others.size, fastCashOut: cashOut !== undefined };
  }

  /**
   * Keeps what became true and returns the transfers whose payees have turned by it, in the order of their requests. What is long past
   * as of `now` is forgotten.
   */
  apply({ added, gone }: PayeeActivityChange, now: Instant): readonly WatchedTransfer[] {
    for (const one of gone) remove(this.#pointsOf(one), one);
    for (const one of added) insert(this.#pointsOf(one), one, now - KEPT_MS);
    const payees = new Set(added.map(({ payeeId }) => payeeId));
    return [...payees]
      .flatMap((payeeId) => this.#turned(payeeId, now - KEPT_MS))
      .sort((a, b) => a.requestedAt - b.requestedAt || (a.key < b.key ? -1 : 1));
  }

  /** What is on record of a subject was `before` and is `after`. */
  watch(payerId: string, before: RecordedSubject | undefined, after: RecordedSubject): void {
    const key = subjectKey(after.subject);
    if (before?.watchedPayee !== undefined) this.#of(before.watchedPayee).watched.delete(key);
    if (after.watchedPayee === undefined) return;
    const { requestedAt } = after;
    this.#of(after.watchedPayee).watched.set(key, { key, payerId, requestedAt });
  }

  #turned(payeeId: string, from: Instant): WatchedTransfer[] {
    const { watched } = this.#of(payeeId);
    return [...watched.values()].filter(({ key, payerId, requestedAt }) => {
      if (requestedAt < from) {
        watched.delete(key);
        return false;
      }
      const numbers = this.numbers({ payeeId, payerId, at: requestedAt }, requestedAt);
      return collects(numbers, this.#policy);
    });
  }

  #pointsOf({ payeeId, kind }: PayeeActivity): PayeeActivity[] {
    const known = this.#of(payeeId);
    return kind === 'attempt' ? known.attempts : known.cashOuts;
  }

  #of(payeeId: string): KnownPayee {
    const known = this.#payees.get(payeeId) ?? { attempts: [], cashOuts: [], watched: new Map() };
    this.#payees.set(payeeId, known);
    return known;
  }
}

/** Less than a day before or after, in order of time. */
function* near(points: readonly PayeeActivity[], at: Instant): Generator<PayeeActivity> {
  for (let i = firstAfter(points, at - PAYEE_ACTIVITY_MS); i < points.length; i += 1) {
    const point = points[i] as PayeeActivity;
    if (point.at >= at + PAYEE_ACTIVITY_MS) return;
    yield point;
  }
}

/** Index of the first point after `at`. */
function firstAfter(points: readonly PayeeActivity[], at: Instant): number {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((points[middle] as PayeeActivity).at > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Keeps the order; forgets now and then what is too old to be asked for. */
function insert(points: PayeeActivity[], point: PayeeActivity, from: Instant): void {
  points.splice(firstAfter(points, point.at), 0, point);
  if (points.length % 64 === 0) points.splice(0, firstAfter(points, from));
}

function remove(points: PayeeActivity[], { at, payerId }: PayeeActivity): void {
  for (let i = firstAfter(points, at) - 1; points[i]?.at === at; i -= 1) {
    if (points[i]?.payerId === payerId) points.splice(i, 1);
  }
}
