/** The way out: events of several sources, each with its own clock, merged into one stream in the order of their stamped times. */
import { SECOND_MS, TOPIC_OF, type EventKind, type Instant, type InputTopic } from '#domain';
import { feedOf, type Feed } from './feeds.ts';
import { TimeHeap } from './schedule.ts';

/** The data of an event as it goes on the wire. */
export interface WireData {
  readonly payer: object;
  readonly signal?: string;
  readonly [member: string]: unknown;
}

/** How far a source's clock may be off, so that the merge knows how long to wait. */
export const SKEW_MS_MAX = 8 * SECOND_MS;

/** Context, draws, transfers: equal times in the order in which they are taken. */
const RANK: Readonly<Record<InputTopic, number>> = {
  'payer.profiles': 0,
  'session.signals': 0,
  'identity.codes': 0,
  'holds.responses': 0,
  'credit.draws': 1,
  'payments.transfers': 2,
};

/** Fields of a transfer that a platform without the feed cannot fill. */
const FIELDS: readonly (readonly [Feed, string])[] = [
  ['amount-input', 'amountInput'],
  ['payer-money', 'profile'],
  ['remarks', 'remark'],
];
const PAYEE_HISTORY: readonly string[] = [
  'firstPaidAt',
  'paidCount',
  'accountAgeDays',
  'nameMatch',
  'declaredContact',
];

export class Outlet {
  readonly #without: ReadonlySet<Feed>;
  readonly #prefix: string;
  readonly #waiting = new TimeHeap<string>();
  #count = 0;

  /** `prefix` starts every event id, so that two simulations never share one. */
  constructor(prefix: string, without: ReadonlySet<Feed>) {
    this.#prefix = prefix;
    this.#without = without;
  }

  /** Sends an event of `source`, stamped by its clock. An event of a feed that is not there is not made. */
  send(kind: EventKind, source: string, stamp: Instant, data: WireData): void {
    this.#count += 1;
    const feed = feedOf(kind, data.signal);
    if (feed !== undefined && this.#without.has(feed)) return;
    const line = JSON.stringify({
      specversion: '1.0',
      id: `${this.#prefix}-${this.#count}`,
      source,
      type: `io.lengjing.${kind}.v1`,
      time: new Date(stamp).toISOString(),
      datacontenttype: 'application/json',
      data: kind === 'transfer.requested' ? this.#known(data) : data,
    });
    this.#waiting.push(stamp, line, RANK[TOPIC_OF[kind]]);
  }

  /** Lines whose turn has come: nothing can be stamped before them any more once `now` has passed by the largest skew. */
  take(now: Instant, lines: string[]): void {
    for (;;) {
      const next = this.#waiting.nextTime();
      if (next === undefined || next >= now - SKEW_MS_MAX) return;
      lines.push(this.#waiting.pop() as string);
    }
  }

  takeAll(lines: string[]): void {
    while (this.#waiting.size > 0) lines.push(this.#waiting.pop() as string);
  }

  #known(data: WireData): object {
    if (this.#without.size === 0) return data;
    const known: Record<string, unknown> = { ...data };
    for (const [feed, field] of FIELDS) if (this.#without.has(feed)) delete known[field];
    if (this.#without.has('payee-history')) {
      const payee: Record<string, unknown> = { ...(data['payee'] as object) };
      for (const field of PAYEE_HISTORY) delete payee[field];
      known['payee'] = payee;
    }
    return known;
  }
}
