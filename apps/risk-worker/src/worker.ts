/** The worker's rounds: due holds at once and often, then orders to be given again, expired evidence now and then. */
import { TransientFault, endDueHolds, resendOrders, type HoldDeps } from '#application';
import type { Instant } from '#domain';
import type { Program } from '#observability';
import type { Database } from '#persistence';

export interface WorkerOptions {
  /** How often due holds are looked for. */
  readonly pollMs: number;
  /** Holds of one transaction at most. */
  readonly holdsMax: number;
  readonly eraseEveryMs: number;
  readonly codesKeptMs: number;
  readonly evidenceKeptMs: number;
}

const HOUR_MS = 3_600_000;

export const WORKER_DEFAULTS: WorkerOptions = {
  pollMs: 250,
  holdsMax: 500,
  eraseEveryMs: 60_000,
  // Digests are gone when the window of codes ends (CONTRACT, Codes).
  codesKeptMs: 24 * HOUR_MS,
  evidenceKeptMs: 72 * HOUR_MS,
};

export class Worker {
  readonly #deps: HoldDeps;
  readonly #database: Pick<Database, 'eraseExpired'>;
  readonly #program: Pick<Program, 'log' | 'metrics' | 'fatal'>;
  readonly #options: WorkerOptions;
  #stopping = false;
  #running: Promise<void> | undefined;
  #wake: (() => void) | undefined;
  #erasedAt: Instant = 0;
  #lastRoundAt: Instant = 0;

  constructor(
    deps: HoldDeps,
    database: Pick<Database, 'eraseExpired'>,
    program: Pick<Program, 'log' | 'metrics' | 'fatal'>,
    options: WorkerOptions = WORKER_DEFAULTS,
  ) {
    this.#deps = deps;
    this.#database = database;
    this.#program = program;
    this.#options = options;
  }

  /** When the last round ended well; 0 before the first. */
  get lastRoundAt(): Instant {
    return this.#lastRoundAt;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Ends the round under way. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wake?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      try {
        const ended = await endDueHolds(this.#deps, this.#options.holdsMax);
        this.#lastRoundAt = this.#deps.clock.now();
        // Nothing else while there are due holds: what ends late costs people, what is repeated late does not.
        if (ended === this.#options.holdsMax) continue;
        await this.#resend();
        await this.#eraseNowAndThen();
        this.#lastRoundAt = this.#deps.clock.now();
      } catch (error) {
        if (!(error instanceof TransientFault)) {
          this.#program.fatal(error instanceof Error ? error : new Error('threw no error'));
          return;
        }
        this.#program.metrics.databaseTransientFaultsTotal.inc();
        this.#program.log.warn('trying again', { error });
      }
      await this.#pause();
    }
  }

  async #resend(): Promise<void> {
    const { resent, raised } = await resendOrders(this.#deps, this.#options.holdsMax);
    if (resent > 0) this.#program.log.info('orders given again', { count: resent });
    if (raised.length > 0) {
      this.#program.log.warn('orders that nobody acknowledged', { count: raised.length });
    }
  }

  async #eraseNowAndThen(): Promise<void> {
    const now = this.#deps.clock.now();
    if (now - this.#erasedAt < this.#options.eraseEveryMs) return;
    this.#erasedAt = now;
    const erased = await this.#database.eraseExpired(now, {
      codesMs: this.#options.codesKeptMs,
      evidenceMs: this.#options.evidenceKeptMs,
    });
    const count = erased.codes + erased.evidence + erased.payeeActivity + erased.habits;
    if (count > 0) this.#program.log.info('expired evidence erased', { count });
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#options.pollMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
