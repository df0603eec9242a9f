/** Who paid whom lately, across payers, where there is no database to ask (SCORING PY3). */
import {
  PAYEE_ACTIVITY_MS,
  PAYEE_PAYERS_MAX,
  payeeActivityOf,
  type Instant,
  type PayeeNumbers,
  type PlatformEvent,
} from '#domain';

export class PayeeBook {
  /** By payee, then payer: the latest attempt that counts. */
  readonly #latest = new Map<string, Map<string, Instant>>();

  /** What is long past as of `now` is forgotten. */
  keep(event: PlatformEvent, now: Instant): void {
    const activity = payeeActivityOf(event);
    if (activity === undefined) return;
    const { payeeId, payerId, at } = activity;
    const payers = this.#latest.get(payeeId) ?? new Map<string, Instant>();
    this.#latest.set(payeeId, payers);
    const known = payers.get(payerId);
    if (known !== undefined && known >= at) return;
    // Set anew, so that the map's order stays that of the attempts and old ones are found at the front.
    payers.delete(payerId);
    payers.set(payerId, at);
    for (const [payer, when] of payers) {
      if (when > now - 2 * PAYEE_ACTIVITY_MS) break;
      payers.delete(payer);
    }
  }

  /** Other payers within a day of `at`, counted up to a small maximum. */
  numbers(payeeId: string, payerId: string, at: Instant): PayeeNumbers {
    let count = 0;
    for (const [payer, when] of this.#latest.get(payeeId) ?? []) {
      if (payer !== payerId && Math.abs(when - at) < PAYEE_ACTIVITY_MS) count += 1;
      if (count === PAYEE_PAYERS_MAX) break;
    }
    return { readAt: at, newPayers24h: count, fastCashOut: false };
  }
}
