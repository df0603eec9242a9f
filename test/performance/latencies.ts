/** Latencies as an HDR histogram (Node's own), in milliseconds. */
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

const PER_MS = 1_000;

export class Latencies {
  readonly #histogram: RecordableHistogram = createHistogram({ figures: 3 });

  add(ms: number): void {
    this.#histogram.record(Math.max(1, Math.round(ms * PER_MS)));
  }

  get count(): number {
    return this.#histogram.count;
  }

  /** 0 to 100. */
  percentile(of: number): number {
    return this.#histogram.percentile(of) / PER_MS;
  }

  toString(): string {
    const [p50, p99, p999] = [50, 99, 99.9].map((of) => this.percentile(of).toFixed(1));
    return `p50 ${p50} ms · p99 ${p99} ms · p99.9 ${p999} ms (${this.count})`;
  }
}
