/** Follows the journal for as long as the console runs. */
import { setTimeout as pause } from 'node:timers/promises';
import { TransientFault, type JournalTail } from '#application';
import type { Logger } from '#observability';

/** How long a change may wait to be seen; the screen's second has room for it four times over. */
const IDLE_MS = 200;
const BACK_OFF_MS = 1_000;

export class TailLoop {
  readonly #tail: JournalTail;
  readonly #log: Logger;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(tail: JournalTail, log: Logger) {
    this.#tail = tail;
    this.#log = log;
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const waitMs = await this.#step();
      if (waitMs > 0) await pause(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #step(): Promise<number> {
    try {
      return (await this.#tail.step()) ? 0 : IDLE_MS;
    } catch (error) {
      if (error instanceof TransientFault) {
        this.#log.warn('the journal cannot be followed for the moment', { error });
      } else this.#log.error('following the journal failed', { error });
      return BACK_OFF_MS;
    }
  }
}
