/** Which feeds spoke, and which should have, as of each input of a batch: by event time, so that it does not depend on batches. */
import { feedHealth, pulseAfter, type FeedHealth, type FeedPulses, type Input } from '#domain';
import type { PartitionLot } from './batch-types.ts';

/**
 * The pulses as of each input, the input included, starting from those before the first. A record that could not be read says nothing:
 * a feed that sends only such is as good as silent.
 */
export function heard(before: FeedPulses, inputs: readonly Input[]): FeedPulses[] {
  let pulses = before;
  return inputs.map((input) => {
    if (input.kind === 'event') {
      const known = pulses[input.topic];
      const pulse = pulseAfter(known, input.event.time);
      if (pulse !== known) pulses = { ...pulses, [input.topic]: pulse };
    }
    return pulses;
  });
}

/** The health of the input's partition as of the input at a place, counted as `sortByPayer` counts: from 1 over all lots. */
export function healthInBatch(lots: readonly PartitionLot[]): (place: number) => FeedHealth {
  const inputs = lots.flatMap((lot) => lot.inputs);
  const feeds = lots.flatMap((lot) => lot.feeds);
  return (place) => feedHealth(feeds[place - 1] ?? {}, timeOf(inputs[place - 1] as Input));
}

function timeOf(input: Input): number {
  if (input.kind === 'event') return input.event.time;
  const asked = input.kind === 'refused' ? input.subject?.requestedAt : undefined;
  return asked ?? input.brokerTime;
}
