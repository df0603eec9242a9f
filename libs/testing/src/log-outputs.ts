/** The publishing side of the simulated log: acknowledged in order, with faults on order. */
import { type OutboundMessage, type OutputLog, TransientFault } from '#application';

export interface PublishedRecord extends OutboundMessage {
  readonly offset: number;
}

export interface SimulatedOutput extends OutputLog {
  /** Everything of a topic-partition, in order, repeats included. */
  published(topic: string, partition: number): readonly PublishedRecord[];
  topics(): readonly string[];
  /** The next send is refused: before anything arrived, or after all of it did. */
  failNext(when: 'before' | 'after', error?: Error): void;
}

export function makeSimulatedOutput(
  later: <T>(answer: () => T) => Promise<T>,
  onPublished: (record: PublishedRecord) => void,
): SimulatedOutput {
  const logs = new Map<string, PublishedRecord[]>();
  const faults: { readonly when: 'before' | 'after'; readonly error: Error }[] = [];
  let last: Promise<void> = Promise.resolve();

  function write(message: OutboundMessage): void {
    const log = logs.get(key(message.topic, message.partition)) ?? [];
    logs.set(key(message.topic, message.partition), log);
    const record = { ...message, offset: log.length };
    log.push(record);
    onPublished(record);
  }

  return {
    send(messages) {
      const turn = last.then(() =>
        later(() => {
          const fault = faults.shift();
          if (fault?.when === 'before') throw fault.error;
          messages.forEach(write);
          if (fault !== undefined) throw fault.error;
        }),
      );
      last = turn.catch(() => undefined);
      return turn;
    },
    published: (topic, partition) => logs.get(key(topic, partition)) ?? [],
    topics: () => [
      ...new Set([...logs.values()].flatMap((log) => log.slice(0, 1).map((one) => one.topic))),
    ],
    failNext(when, error = new TransientFault(`the simulated broker did not acknowledge`)) {
      faults.push({ when, error });
    },
  };
}

function key(topic: string, partition: number): string {
  return `${topic} ${partition}`;
}
