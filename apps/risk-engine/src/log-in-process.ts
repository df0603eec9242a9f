/** The engine's log inside its own process: records come from the parent and messages go to it. For trying out without a broker. */
import { makeSimulatedLog, type AppendedRecord } from '#testing';
import type { EngineLogs } from './log-of-kafka.ts';

/** What the parent sends to append a record. Bytes travel as text: everything that is tried out is JSON. */
export interface AppendMessage {
  readonly type: 'append';
  readonly record: {
    readonly topic: AppendedRecord['topic'];
    readonly partition: number;
    readonly key: string;
    readonly value: string;
    readonly headers: Readonly<Record<string, string>>;
  };
}

export const IN_PROCESS_PARTITIONS = 12;

export function openInProcessLogs(instanceId: string): EngineLogs {
  const log = makeSimulatedLog({
    partitions: IN_PROCESS_PARTITIONS,
    pace: 'real-time',
    now: () => Date.now(),
    onPublished: ({ topic, partition, key, value, headers }) => {
      const text = (bytes: Uint8Array | string | null): string | null =>
        bytes === null ? null : Buffer.from(bytes).toString();
      const named = Object.entries(headers).map(([name, bytes]) => [name, text(bytes)]);
      process.send?.({
        type: 'published',
        record: {
          topic,
          partition,
          key: text(key),
          value: text(value),
          headers: Object.fromEntries(named),
        },
      });
    },
  });
  process.on('message', (message: AppendMessage | { readonly type: string }) => {
    if (message.type === 'append' && 'record' in message) log.append(message.record);
  });
  return {
    partitionCount: IN_PROCESS_PARTITIONS,
    input: log.instance(instanceId),
    output: log.output,
    unwell: () => undefined,
    close: () => Promise.resolve(),
  };
}
