/** How far a stream has come, for forgetting what is old: no single event moves it, whatever time it claims. */
import type { Instant } from '#domain';

/** Of so many events in a row the earliest counts: a few from the year 2099 make nobody forget the present. */
const EVENTS = 256;

export class SteadyTime {
  #earliest: Instant = Number.POSITIVE_INFINITY;
  #taken = 0;
  #time: Instant = Number.NEGATIVE_INFINITY;

  take(at: Instant): void {
    this.#earliest = Math.min(this.#earliest, at);
    this.#taken += 1;
    if (this.#taken < EVENTS) return;
    this.#time = this.#earliest;
    this.#earliest = Number.POSITIVE_INFINITY;
    this.#taken = 0;
  }

  /** The earliest time in the last full row of events; before the first one the beginning of time. */
  get time(): Instant {
    return this.#time;
  }
}
