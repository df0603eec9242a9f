/** Tells Kafka how far we are, one commit at a time. It is a lag gauge: nothing depends on it. */

export interface Offset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

export interface ProgressReporter {
  report(positions: readonly { topic: string; partition: number; nextOffset: number }[]): void;
  failures(): number;
  /** Commits nothing more; resolves when the running commit is over. */
  close(): Promise<void>;
}

/** Positions reported while a commit runs are merged, the latest counts, and committed after it. */
export function makeProgressReporter(
  commit: (offsets: readonly Offset[]) => Promise<void>,
): ProgressReporter {
  const waiting = new Map<string, Offset>();
  let running: Promise<void> | undefined;
  let closed = false;
  let failures = 0;

  async function drain(): Promise<void> {
    while (waiting.size > 0 && !closed) {
      const offsets = [...waiting.values()];
      waiting.clear();
      await commit(offsets).catch(() => {
        failures += 1;
      });
    }
    running = undefined;
  }

  return {
    report(positions) {
      for (const { topic, partition, nextOffset } of positions) {
        const offset = String(nextOffset);
        waiting.set(`${topic} ${partition}`, { topic, partition, offset });
      }
      if (running === undefined && waiting.size > 0 && !closed) running = drain();
    },
    failures: () => failures,
    close() {
      closed = true;
      return running ?? Promise.resolve();
    },
  };
}
