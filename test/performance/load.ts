/**
 * A mixed load as a platform would send it: payers come, do a dozen things and go, a quarter of them transfers, among codes, sessions,
 * outcomes and now and then a loan that is sent on. Everybody returns only after everybody else was there.
 */
import { partitionOf } from '#contracts';
import { TOPIC_OF, type EventKind, type InputTopic } from '#domain';

export interface LoadOptions {
  /** All there are. */
  readonly payers: number;
  /** How many of them are there at the same time. */
  readonly present: number;
  /** Of all events, 0 to 1. */
  readonly transferShare: number;
  readonly partitions: number;
  readonly seed: number;
}

export interface LoadMessage {
  readonly topic: InputTopic;
  readonly partition: number;
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

const SOURCE = 'urn:bench:platform';
/** What the rest is made of, by weight. */
const CONTEXT: readonly (readonly [EventKind, number])[] = [
  ['session.observed', 60],
  ['transfer.settled', 20],
  ['code.observed', 10],
  ['funds.received', 5],
  ['merchant.ordered', 5],
];
/** Visits in which a loan is taken first, and of these the ones with a stranger on the phone, who dictates to whom it goes. */
const BORROWING_SHARE = 0.01;
const SCAM_SHARE = 0.3;
const VISIT_EVENTS_MAX = 23;
const SIGNALS = ['login', 'balance_viewed', 'call_started', 'call_ended', 'screenshot'];

/** Small, fast, seeded (mulberry32). */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What one payer does in a row. */
interface Visit {
  readonly payer: number;
  /** Events still to come. */
  left: number;
  /** Kinds that come before anything else, the next one last. */
  readonly script: EventKind[];
  readonly scam: boolean;
  lastTransfer?: string;
}

export class Load {
  readonly #options: LoadOptions;
  readonly #random: () => number;
  readonly #visits: Visit[] = [];
  #count = 0;
  #arrived = 0;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#random = random(options.seed);
    for (let n = 0; n < Math.min(options.present, options.payers); n += 1) {
      this.#visits.push(this.#arrive());
    }
  }

  #arrive(): Visit {
    const payer = (this.#arrived + this.#options.seed * 7_919) % this.#options.payers;
    this.#arrived += 1;
    const borrows = this.#random() < BORROWING_SHARE;
    const scam = borrows && this.#random() < SCAM_SHARE;
    const script: EventKind[] = scam
      ? ['transfer.requested', 'credit.drawn', 'session.observed']
      : borrows
        ? ['credit.drawn']
        : [];
    return { payer, left: 1 + Math.floor(this.#random() * VISIT_EVENTS_MAX), script, scam };
  }

  /** The next event, as of `at`; transfers are named by it: `t-<at>-<number>`. */
  next(at: number): LoadMessage {
    const n = this.#count++;
    const visit = this.#next();
    const { payer } = visit;
    const scripted = visit.script.pop();
    const kind = scripted ?? this.#kind();
    const data =
      kind === 'transfer.requested'
        ? this.#transfer(visit, `t-${at}-${n}`)
        : this.#other(kind, visit, n, at);
    const key = `payer-${payer}`;
    return {
      topic: TOPIC_OF[kind],
      partition: partitionOf(Buffer.from(key), this.#options.partitions),
      key,
      value: JSON.stringify({ payer: { accountId: key, sessionId: `s-${payer}` }, ...data }),
      headers: {
        'content-type': 'application/json',
        ce_specversion: '1.0',
        ce_id: `e-${at}-${n}`,
        ce_source: SOURCE,
        ce_type: `io.lengjing.${kind}.v1`,
        ce_time: new Date(at).toISOString(),
      },
    };
  }

  #next(): Visit {
    const index = Math.floor(this.#random() * this.#visits.length);
    const visit = this.#visits[index] as Visit;
    visit.left -= 1;
    if (visit.left <= 0) this.#visits[index] = this.#arrive();
    return visit;
  }

  #kind(): EventKind {
    if (this.#random() < this.#options.transferShare) return 'transfer.requested';
    let place = this.#random() * 100;
    for (const [kind, weight] of CONTEXT) {
      place -= weight;
      if (place < 0) return kind;
    }
    return 'session.observed';
  }

  #transfer(visit: Visit, transferId: string): object {
    visit.lastTransfer = transferId;
    const known = !visit.scam && this.#random() < 0.8;
    const yuan = Math.floor(this.#random() ** 3 * 20_000) + 1;
    return {
      transferId,
      payee: {
        accountId: `payee-${Math.floor(this.#random() * this.#options.payers)}`,
        kind: this.#random() < 0.6 ? 'wallet' : 'merchant',
        ownership: 'other',
        ...(known ? { paidCount: 5, firstPaidAt: '2025-01-01T00:00:00Z' } : { paidCount: 0 }),
      },
      amount: { currency: 'CNY', value: `${yuan}.00` },
      amountInput: { raw: String(yuan), mode: 'typed' },
      fundingSource: 'balance',
      profile: { liquidBefore: { currency: 'CNY', value: '30000.00' } },
    };
  }

  #other(kind: EventKind, visit: Visit, n: number, at: number): object {
    const amount = { currency: 'CNY', value: '1000.00' };
    switch (kind) {
      case 'transfer.settled':
        return { transferId: visit.lastTransfer ?? `none-${n}` };
      case 'code.observed':
        return {
          codeId: `c-${n}`,
          origin: 'sms',
          digits: 6,
          keyId: 'default',
          digests: [{ form: 'full', digits: 6, digest: 'x'.repeat(43) }],
          expiresAt: new Date(at + 600_000).toISOString(),
        };
      case 'credit.drawn':
        return { drawId: `d-${n}`, lender: 'ant', product: 'jiebei', amount };
      case 'funds.received':
        return { amount, from: { accountId: `p-${n % 97}`, kind: 'wallet', ownership: 'other' } };
      case 'merchant.ordered':
        return { amount, merchant: { accountId: `m-${n % 97}` } };
      default: {
        const drawn = SIGNALS[Math.floor(this.#random() * SIGNALS.length)];
        const signal = visit.script.length > 0 ? 'call_started' : drawn;
        const call = signal === 'call_started' || signal === 'call_ended';
        return { signal, ...(call ? { detail: { caller: 'unsaved' } } : {}) };
      }
    }
  }
}
