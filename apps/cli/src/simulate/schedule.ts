/** What happens next: processes that wait, woken in the order of their times. Memory is what is waiting, not what has been. */
import type { Instant } from '#domain';

/** Something that goes on over time: yields how many milliseconds it waits. What it returns is for whoever delegates to it. */
export type Process<R = void> = Generator<number, R, undefined>;

/** A binary heap of items by time, equal times in the order in which they came. */
export class TimeHeap<T> {
  readonly #times: number[] = [];
  readonly #orders: number[] = [];
  readonly #items: T[] = [];
  #count = 0;

  get size(): number {
    return this.#items.length;
  }

  /** `rank` goes before the order of arrival among equal times: smaller first, 0 to 7. */
  push(time: Instant, item: T, rank = 0): void {
    this.#count += 1;
    this.#times.push(time);
    this.#orders.push(rank * 2 ** 48 + this.#count);
    this.#items.push(item);
    let at = this.#items.length - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#before(parent, at)) break;
      this.#swap(parent, at);
      at = parent;
    }
  }

  /** Undefined when there is nothing. */
  nextTime(): Instant | undefined {
    return this.#times[0];
  }

  pop(): T | undefined {
    const item = this.#items[0];
    const last = this.#items.length - 1;
    if (last > 0) this.#swap(0, last);
    this.#times.pop();
    this.#orders.pop();
    this.#items.pop();
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= last) break;
      const right = left + 1;
      const child = right < last && this.#before(right, left) ? right : left;
      if (this.#before(at, child)) break;
      this.#swap(at, child);
      at = child;
    }
    return item;
  }

  #before(a: number, b: number): boolean {
    const [timeA, timeB] = [this.#times[a] as number, this.#times[b] as number];
    if (timeA !== timeB) return timeA < timeB;
    return (this.#orders[a] as number) < (this.#orders[b] as number);
  }

  #swap(a: number, b: number): void {
    swap(this.#times, a, b);
    swap(this.#orders, a, b);
    swap(this.#items, a, b);
  }
}

function swap(items: unknown[], a: number, b: number): void {
  const kept = items[a];
  items[a] = items[b];
  items[b] = kept;
}

export class Schedule {
  readonly #waiting = new TimeHeap<Process>();
  #now: Instant;

  constructor(start: Instant) {
    this.#now = start;
  }

  get now(): Instant {
    return this.#now;
  }

  /** Of processes that wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Starts a process at a time, now if that has passed. */
  start(at: Instant, process: Process): void {
    this.#waiting.push(Math.max(this.#now, at), process);
  }

  /** Runs the next process up to its next wait. False when none is left before `end`. */
  step(end: Instant): boolean {
    const at = this.#waiting.nextTime();
    if (at === undefined || at >= end) return false;
    this.#now = at;
    const process = this.#waiting.pop();
    const result = process?.next();
    if (process !== undefined && result?.done === false) {
      this.#waiting.push(at + Math.max(0, Math.round(result.value)), process);
    }
    return true;
  }
}
