/** Takes a lot apart, to find the record in it that breaks us. */
import type { PartitionLot } from './batch-types.ts';

/** The same lot as lots of one input each, in order, together covering the same offsets. */
export function splitLot(lot: PartitionLot): PartitionLot[] {
  const reached = new Map(lot.ranges.map(({ topic, from }) => [topic, from]));
  return lot.inputs.map((input, index) => {
    const from = reached.get(input.topic) ?? input.offset;
    const to = input.offset + 1;
    reached.set(input.topic, to);
    return {
      ...lot,
      inputs: [input],
      ranges: [{ topic: input.topic, from, to, records: 1 }],
      feeds: lot.feeds.slice(index, index + 1),
    };
  });
}
