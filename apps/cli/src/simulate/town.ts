/** Everything that is not a payer but gets paid: shops, online shops, institutions, lenders, strangers. */
import { DAY_MS, type Instant } from '#domain';
import type { Chance } from './chance.ts';
import type { Payee } from './person.ts';

export interface LenderProduct {
  readonly lender: string;
  readonly product: string;
  /** Median limit in fen [A]. */
  readonly limit: number;
  /** Popularity. */
  readonly weight: number;
}

/** The contract's catalogue, and one that it does not know. Limits are assumptions around those of the reported cases. */
export const LENDERS: readonly LenderProduct[] = [
  { lender: 'ant', product: 'jiebei', limit: 2_600_000, weight: 5 },
  { lender: 'webank', product: 'weilidai', limit: 2_800_000, weight: 3 },
  { lender: 'zhaolian', product: 'zhaolian', limit: 900_000, weight: 1.2 },
  { lender: 'zhaolian', product: 'haoqidai', limit: 1_200_000, weight: 0.8 },
  { lender: 'gf-bank', product: 'haojieqian', limit: 3_000_000, weight: 0.6 },
  { lender: 'du-xiaoman', product: 'youqianhua', limit: 2_000_000, weight: 1.2 },
];
export const HUABEI: LenderProduct = {
  lender: 'ant',
  product: 'huabei',
  limit: 800_000,
  weight: 0,
};

const BILLERS = ['power', 'water', 'gas', 'telecom', 'broadband', 'property'] as const;

/** A fiftieth of all shops get most of the visits. */
const SHOPS_PER_PERSON = 0.6;

export class Town {
  readonly #run: string;
  readonly #start: Instant;
  readonly #shops: number;
  readonly #online: number;
  readonly #nextName: (word: string) => string;

  /** `nextName` must never give a name twice, for nobody else either. */
  constructor(run: string, start: Instant, people: number, nextName: (word: string) => string) {
    this.#run = run;
    this.#nextName = nextName;
    this.#start = start;
    this.#shops = Math.max(40, Math.round(people * SHOPS_PER_PERSON));
    this.#online = Math.max(20, Math.round(people * 0.2));
  }

  /** A shop with a code on its counter. */
  shop(chance: Chance): Payee {
    return this.#merchant('shop', skewed(chance, this.#shops), false);
  }

  /** A shop on the net that takes goods back. */
  online(chance: Chance): Payee {
    return this.#merchant('net', skewed(chance, this.#online), true);
  }

  #merchant(word: string, index: number, refundable: boolean): Payee {
    const age = 30 + ((index * 7_919) % 2_500);
    return {
      accountId: `${this.#run}-${word}${index}`,
      kind: 'merchant',
      ownership: 'other',
      openedAt: this.#start - age * DAY_MS,
      ...(refundable ? { refundable } : {}),
      displayName: `${word}**${index % 10}`,
    };
  }

  institution(word: string, index = 0): Payee {
    return {
      accountId: `${this.#run}-${word}${index}`,
      kind: 'institution',
      ownership: 'other',
      openedAt: this.#start - 3_000 * DAY_MS,
    };
  }

  billsOf(chance: Chance): Payee[] {
    return BILLERS.filter(() => chance.happens(0.6)).map((word) =>
      this.institution(word, chance.between(0, 3)),
    );
  }

  /** A lender's account for repayments. */
  lenderAccount({ lender, product }: LenderProduct): Payee {
    return {
      accountId: `${this.#run}-repay-${lender}-${product}`,
      kind: 'lender',
      ownership: 'other',
      openedAt: this.#start - 2_000 * DAY_MS,
    };
  }

  /** A person outside the stream, never met before: a seller, a landlord, a decorator. */
  stranger(chance: Chance): Payee {
    const isCard = chance.happens(0.35);
    const names = chance.weighted([
      ['match', 86],
      ['unknown', 13],
      ['mismatch', 1],
    ] as const);
    return {
      accountId: this.#nextName('x'),
      kind: isCard ? 'bank_card' : 'wallet',
      ownership: 'other',
      openedAt: this.#start - Math.round(chance.logNormal(900, 0.9)) * DAY_MS,
      ...(isCard ? { nameMatch: names } : {}),
      displayName: '*生',
    };
  }
}

/** Indices in which the first are much more frequent than the last. */
function skewed(chance: Chance, count: number): number {
  return Math.floor(count * chance.next() ** 2);
}
