/** A mixed load as a platform would send it: a quarter transfers, with draws, codes, sessions and outcomes of the same payers. */
import { partitionOf } from '#contracts';
import { TOPIC_OF, type EventKind, type InputTopic } from '#domain';

export interface LoadOptions {
  readonly payers: number;
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
  ['session.observed', 55],
  ['transfer.settled', 20],
  ['code.observed', 10],
  ['credit.drawn', 5],
  ['funds.received', 5],
  ['merchant.ordered', 5],
];
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

export class Load {
  readonly #options: LoadOptions;
  readonly #random: () => number;
  readonly #lastTransfer = new Map<number, string>();
  #count = 0;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#random = random(options.seed);
  }

  /** The next event, as of `at`; transfers are named by it: `t-<at>-<number>`. */
  next(at: number): LoadMessage {
    const n = this.#count++;
    const payer = Math.floor(this.#random() ** 2 * this.#options.payers);
    const isTransfer = this.#random() < this.#options.transferShare;
    const kind = isTransfer ? 'transfer.requested' : this.#context();
    const data = isTransfer
      ? this.#transfer(payer, `t-${at}-${n}`)
      : this.#other(kind, payer, n, at);
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

  #context(): EventKind {
    let place = this.#random() * 100;
    for (const [kind, weight] of CONTEXT) {
      place -= weight;
      if (place < 0) return kind;
    }
    return 'session.observed';
  }

  #transfer(payer: number, transferId: string): object {
    this.#lastTransfer.set(payer, transferId);
    const known = this.#random() < 0.8;
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

  #other(kind: EventKind, payer: number, n: number, at: number): object {
    const amount = { currency: 'CNY', value: '1000.00' };
    switch (kind) {
      case 'transfer.settled':
        return { transferId: this.#lastTransfer.get(payer) ?? `none-${n}` };
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
        const signal = SIGNALS[Math.floor(this.#random() * SIGNALS.length)];
        const call = signal === 'call_started' || signal === 'call_ended';
        return { signal, ...(call ? { detail: { caller: 'unsaved' } } : {}) };
      }
    }
  }
}
