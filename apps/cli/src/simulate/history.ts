/** What a platform remembers of a payer's payments: per payee how often and since when, and which amounts are usual. */
import type { Instant } from '#domain';

export interface PaidBefore {
  count: number;
  firstAt: Instant | undefined;
}

/** More than the top hundredth of anybody's year needs. */
const LARGEST_KEPT = 24;

export class PaymentHistory {
  readonly #payees = new Map<string, PaidBefore>();
  /** Descending, in fen. */
  readonly #largest: number[] = [];
  #count = 0;

  /** Payments before the stream begins. */
  remember(accountId: string, count: number, firstAt: Instant): void {
    this.#payees.set(accountId, { count, firstAt });
  }

  rememberAmounts(count: number, largest: readonly number[]): void {
    for (const fen of largest) this.#keep(fen);
    this.#count += Math.max(count, largest.length);
  }

  of(accountId: string): Readonly<PaidBefore> {
    return this.#payees.get(accountId) ?? { count: 0, firstAt: undefined };
  }

  /** A payment that reached the payee. */
  paid(accountId: string, fen: number, at: Instant): void {
    const known = this.#payees.get(accountId);
    if (known === undefined) this.#payees.set(accountId, { count: 1, firstAt: at });
    else known.count += 1;
    this.#count += 1;
    this.#keep(fen);
  }

  /** The amount that a hundredth of the payments exceeded or met, in fen; undefined before the tenth payment. */
  p99(): number | undefined {
    if (this.#count < 10) return undefined;
    const place = Math.min(this.#largest.length, Math.max(1, Math.ceil(this.#count / 100)));
    return this.#largest[place - 1];
  }

  #keep(fen: number): void {
    const full = this.#largest.length === LARGEST_KEPT;
    if (full && fen <= (this.#largest[LARGEST_KEPT - 1] as number)) return;
    if (full) this.#largest.pop();
    let at = this.#largest.length;
    while (at > 0 && (this.#largest[at - 1] as number) < fen) at -= 1;
    this.#largest.splice(at, 0, fen);
  }
}
