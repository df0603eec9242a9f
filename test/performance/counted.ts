/** What the engine's own metrics say about a stretch of time: how large its batches were, how long they took, how often it waited. */

export class Counted {
  readonly batches: number;
  readonly meanEvents: number;
  readonly meanBatchMs: number;
  readonly waits: number;
  /** Of the engine's processor time, whoever else is busy. */
  readonly cpuUsPerEvent: number;

  constructor(before: Numbers, after: Numbers) {
    const grown = (name: string): number => (after.get(name) ?? 0) - (before.get(name) ?? 0);
    this.batches = grown('lengjing_batch_duration_seconds_count');
    this.meanEvents = grown('lengjing_batch_events_sum') / Math.max(1, this.batches);
    this.meanBatchMs =
      (1_000 * grown('lengjing_batch_duration_seconds_sum')) / Math.max(1, this.batches);
    this.cpuUsPerEvent =
      (1e6 * grown('process_cpu_seconds_total')) / Math.max(1, grown('lengjing_batch_events_sum'));
    this.waits = grown('lengjing_alignment_wait_seconds_count');
  }

  toString(): string {
    const waits = this.waits === 0 ? '' : `, ${this.waits} waits for a lagging topic`;
    return `${this.batches} batches of ${this.meanEvents.toFixed(0)} events in ${this.meanBatchMs.toFixed(1)} ms each, ${this.cpuUsPerEvent.toFixed(0)} µs of processor time per event${waits}`;
  }
}

type Numbers = ReadonlyMap<string, number>;

/** Begins to count; the function returned ends it. */
export async function counting(port: number): Promise<() => Promise<Counted>> {
  const before = await scrape(port);
  return async () => new Counted(before, await scrape(port));
}

async function scrape(port: number): Promise<Numbers> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  const numbers = new Map<string, number>();
  for (const line of (await answer.text()).split('\n')) {
    const [, name, value] = /^(\w+)(?:\{[^}]*\})? (\S+)$/.exec(line) ?? [];
    if (name !== undefined) numbers.set(name, (numbers.get(name) ?? 0) + Number(value));
  }
  return numbers;
}
