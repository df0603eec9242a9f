/** The worker's sealing task: signs the journal's heads every few seconds, and walks the journal to see that nobody touched it. */
import {
  InvariantBroken,
  SelfCheck,
  Sealer,
  TransientFault,
  introduceKeys,
  type JournalFault,
  type KeyDeps,
  type SealDeps,
  type SelfCheckDeps,
} from '#application';
import type { Program } from '#observability';

export type SealingDeps = SealDeps & SelfCheckDeps & KeyDeps;

export interface SealingOptions {
  readonly pollMs: number;
  /** Entries that the self-check reads per round: 250 a second walk a million in about an hour. */
  readonly checkedPerRound: number;
}

export const SEALING_DEFAULTS: SealingOptions = { pollMs: 1_000, checkedPerRound: 250 };

export class Sealing {
  readonly #deps: SealingDeps;
  readonly #program: Pick<Program, 'log' | 'metrics'>;
  readonly #options: SealingOptions;
  readonly #sealer: Sealer;
  readonly #check: SelfCheck;
  #introduced = false;
  #fault: string | undefined;
  #stopping = false;
  #running: Promise<void> | undefined;
  #wake: (() => void) | undefined;

  constructor(
    deps: SealingDeps,
    program: Pick<Program, 'log' | 'metrics'>,
    options: SealingOptions = SEALING_DEFAULTS,
  ) {
    this.#deps = deps;
    this.#program = program;
    this.#options = options;
    this.#sealer = new Sealer(deps);
    this.#check = new SelfCheck(deps);
  }

  /** One line for readiness where the journal is not what was signed; undefined where all is well. */
  get fault(): string | undefined {
    return this.#fault;
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
        if (!this.#introduced) await introduceKeys(this.#deps);
        this.#introduced = true;
        await this.#sealer.sealDue();
        this.#tell(await this.#check.step(this.#options.checkedPerRound));
      } catch (error) {
        this.#meet(error);
      }
      await this.#pause();
    }
  }

  /** Holds go on being ended: a journal that somebody touched must not keep money from moving as it was promised. */
  #meet(error: unknown): void {
    if (error instanceof TransientFault) {
      this.#program.metrics.databaseTransientFaultsTotal.inc();
      this.#program.log.warn('sealing again in a moment', { error });
      return;
    }
    const fault = error instanceof InvariantBroken ? error.message : 'sealing failed; see the log';
    if (this.#fault !== fault) this.#program.log.error('the journal is not sealed', { error });
    this.#fault = fault;
  }

  #tell(fault: JournalFault | undefined): void {
    if (fault === undefined) return;
    const { chain, sequence } = fault;
    const text = `the journal was touched: chain ${chain}, entry ${sequence}, ${fault.fault}`;
    if (this.#fault !== text) {
      this.#program.log.error('the journal was touched', { chain, sequence, state: fault.fault });
    }
    this.#fault = text;
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
