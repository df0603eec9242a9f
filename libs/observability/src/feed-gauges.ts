/** Which feeds live, as numbers: per topic on how many partitions it is live, absent or stopped, and when it last spoke. */
import {
  INPUT_TOPICS,
  feedHealth,
  type FeedPulses,
  type FeedState,
  type InputTopic,
} from '#domain';
import type { Metrics } from './metrics.ts';

const STATES: readonly FeedState[] = ['live', 'absent', 'stopped'];

/** Of the partitions that this instance owns, as of its last committed batches. */
export class FeedGauges {
  readonly #pulses = new Map<number, FeedPulses>();

  heard(partition: number, pulses: FeedPulses): void {
    this.#pulses.set(partition, pulses);
  }

  /** Forgets partitions that belong to somebody else now. */
  keepOnly(partitions: readonly number[]): void {
    const owned = new Set(partitions);
    for (const partition of this.#pulses.keys()) {
      if (!owned.has(partition)) this.#pulses.delete(partition);
    }
  }

  /**
   * Judged by the newest event of all: when everything stands still nothing is told apart, and the age of `lastEvent` is what to
   * alert on.
   */
  show({ feedPartitions, feedLastEventSeconds }: Metrics): void {
    const all = [...this.#pulses.values()];
    const newest = Math.max(...INPUT_TOPICS.map((topic) => lastAt(all, topic) ?? 0));
    const healths = all.map((pulses) => feedHealth(pulses, newest));
    for (const topic of INPUT_TOPICS) {
      const counts = { live: 0, absent: 0, stopped: 0 };
      for (const { missing, stopped } of healths) {
        if (!missing.includes(topic)) counts.live += 1;
        else counts[stopped.includes(topic) ? 'stopped' : 'absent'] += 1;
      }
      for (const state of STATES) feedPartitions.set({ topic, state }, counts[state]);
      const last = lastAt(all, topic);
      if (last !== undefined) feedLastEventSeconds.set({ topic }, last / 1_000);
    }
  }
}

function lastAt(all: readonly FeedPulses[], topic: InputTopic): number | undefined {
  const times = all.flatMap((pulses) => pulses[topic]?.lastAt ?? []);
  return times.length === 0 ? undefined : Math.max(...times);
}
