/** Time that stands still until it is moved: a clock, and the timers of everything that runs under it. */
import type { Clock } from '#application';
import type { Instant } from '#domain';

interface Timer {
  readonly due: Instant;
  readonly order: number;
  readonly fire: () => void;
}

/** What `setTimeout` hands back here. Nothing of it keeps a process alive, so `ref` and `unref` only please their callers. */
class TimerHandle {
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  hasRef(): boolean {
    return false;
  }
}

const REPLACED = ['setTimeout', 'clearTimeout'] as const;

export class VirtualTime implements Clock {
  #now: Instant;
  #order = 0;
  readonly #timers = new Map<object, Timer>();

  constructor(start: Instant) {
    this.#now = start;
  }

  now(): Instant {
    return this.#now;
  }

  /** When the earliest timer is due; undefined where nothing waits. */
  nextTimer(): Instant | undefined {
    const dues = [...this.#timers.values()].map((timer) => timer.due);
    return dues.length === 0 ? undefined : Math.min(...dues);
  }

  /** Moves on to `at`, never back, and fires what is due by then, earliest first. What a timer sets up anew waits for the next move. */
  moveTo(at: Instant): void {
    this.#now = Math.max(this.#now, at);
    const due = [...this.#timers]
      .filter(([, timer]) => timer.due <= this.#now)
      .sort(([, a], [, b]) => a.due - b.due || a.order - b.order);
    for (const [handle, timer] of due) {
      // One that fired before may have cleared it.
      if (this.#timers.delete(handle)) timer.fire();
    }
  }

  /** Takes the place of the global timers until the returned function is called. */
  install(): () => void {
    const before = REPLACED.map((name) => [name, Reflect.get(globalThis, name)] as const);
    const set = (callback: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): object => {
      const handle = new TimerHandle();
      this.#order += 1;
      const due = this.#now + Math.max(0, ms);
      this.#timers.set(handle, { due, order: this.#order, fire: () => callback(...args) });
      return handle;
    };
    const clear = (handle: unknown): void => {
      if (typeof handle === 'object' && handle !== null) this.#timers.delete(handle);
    };
    Reflect.set(globalThis, 'setTimeout', set);
    Reflect.set(globalThis, 'clearTimeout', clear);
    return () => {
      for (const [name, original] of before) Reflect.set(globalThis, name, original);
    };
  }
}
