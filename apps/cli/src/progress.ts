/** How far a long command is, on standard error and only where a person looks. */

const EVERY_MS = 500;

export class Progress {
  readonly #noun: string;
  readonly #startedAt = performance.now();
  #shownAt = 0;
  #count = 0;

  constructor(noun: string) {
    this.#noun = noun;
  }

  add(count: number): void {
    this.#count += count;
    const now = performance.now();
    if (!process.stderr.isTTY || now - this.#shownAt < EVERY_MS) return;
    this.#shownAt = now;
    process.stderr.write(`\r${this.#text()} `);
  }

  /** The last line stays. */
  end(): void {
    if (process.stderr.isTTY) process.stderr.write(`\r${this.#text()} \n`);
  }

  #text(): string {
    const seconds = Math.max(0.001, (performance.now() - this.#startedAt) / 1_000);
    const perSecond = Math.round(this.#count / seconds).toLocaleString('en');
    return `${this.#count.toLocaleString('en')} ${this.#noun}, ${perSecond}/s`;
  }
}
