/** A listener that writes down everything it is told, and complains when it is told what must not be. */
import type { InputLog, InputLogListener, RawRecord, TopicPosition } from '#application';
import { INPUT_TOPICS, type InputTopic } from '#domain';

export interface Collector extends InputLogListener {
  readonly assignments: (readonly number[])[];
  readonly revocations: (readonly number[])[];
  readonly failures: Error[];
  /** Records delivered before their partition was resumed, after it was revoked, or out of order. */
  readonly complaints: string[];
  rounds: number;
  held(): readonly number[];
  of(topic: InputTopic, partition: number): readonly RawRecord[];
  count(): number;
  values(topic: InputTopic, partition: number): readonly string[];
  /** Called with every delivery, after it was written down. */
  onRecords:
    ((topic: InputTopic, partition: number, records: readonly RawRecord[]) => void) | undefined;
}

/**
 * Collects from `log`. `from` says where to begin for partitions that are assigned; without it nothing is resumed. It is
 * called on the spot or later, as a store would.
 */
export function makeCollector(
  log: InputLog,
  from?: (partitions: readonly number[]) => Promise<readonly TopicPosition[]>,
): Collector {
  const held = new Set<number>();
  const resumed = new Set<string>();
  const last = new Map<string, number>();
  const records = new Map<string, RawRecord[]>();

  const collector: Collector = {
    assignments: [],
    revocations: [],
    failures: [],
    complaints: [],
    rounds: 0,
    onRecords: undefined,
    held: () => [...held].toSorted((a, b) => a - b),
    of: (topic, partition) => records.get(key(topic, partition)) ?? [],
    count: () => [...records.values()].reduce((sum, list) => sum + list.length, 0),
    values: (topic, partition) =>
      (records.get(key(topic, partition)) ?? []).map((one) =>
        Buffer.from(one.value ?? []).toString(),
      ),
    assigned(partitions) {
      collector.assignments.push(partitions);
      for (const one of partitions) {
        if (held.has(one)) collector.complaints.push(`${one} assigned twice`);
        held.add(one);
      }
      if (from === undefined) return;
      void from(partitions).then((positions) => {
        for (const { topic, partition, nextOffset } of positions) {
          resumed.add(key(topic, partition));
          last.set(key(topic, partition), nextOffset - 1);
        }
        log.resume(positions);
      });
    },
    revoked(partitions) {
      collector.revocations.push(partitions);
      for (const one of partitions) {
        if (!held.delete(one)) collector.complaints.push(`${one} revoked without being held`);
        INPUT_TOPICS.forEach((topic) => resumed.delete(key(topic, one)));
      }
    },
    records(topic, partition, batch, end) {
      const lane = key(topic, partition);
      if (!held.has(partition)) collector.complaints.push(`${lane} delivered without being held`);
      else if (!resumed.has(lane)) collector.complaints.push(`${lane} delivered before resume`);
      for (const record of batch) {
        if (record.offset <= (last.get(lane) ?? -1)) {
          collector.complaints.push(`${lane} ${record.offset} after ${last.get(lane)}`);
        }
        if (record.offset >= end)
          collector.complaints.push(`${lane} ${record.offset} behind the end ${end}`);
        last.set(lane, record.offset);
      }
      records.set(lane, [...(records.get(lane) ?? []), ...batch]);
      collector.onRecords?.(topic, partition, batch);
    },
    roundEnded() {
      collector.rounds += 1;
    },
    failed(error) {
      collector.failures.push(error);
    },
  };
  return collector;
}

/** Everything from the beginning of the log. */
export function fromStart(
  log: InputLog,
): (partitions: readonly number[]) => Promise<TopicPosition[]> {
  return async (partitions) => {
    const bounds = await log.bounds(partitions);
    return bounds.map(({ topic, partition, start }) => ({ topic, partition, nextOffset: start }));
  };
}

/** Fixed places, 0 for the rest. */
export function fromPositions(
  positions: readonly TopicPosition[],
): (partitions: readonly number[]) => Promise<TopicPosition[]> {
  return (partitions) =>
    Promise.resolve(
      partitions.flatMap((partition) =>
        INPUT_TOPICS.map(
          (topic) =>
            positions.find((one) => one.topic === topic && one.partition === partition) ?? {
              topic,
              partition,
              nextOffset: 0,
            },
        ),
      ),
    );
}

function key(topic: InputTopic, partition: number): string {
  return `${topic} ${partition}`;
}
