import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { OutboundMessage } from '#application';
import { splitRequests } from './kafka-output-log.ts';

const message = (topic: string, partition: number, bytes: number, id = 0): OutboundMessage => ({
  topic,
  partition,
  key: null,
  value: new Uint8Array(bytes),
  headers: { id: String(id) },
});

describe('requests of a send', () => {
  it('is one when it fits', () => {
    const requests = splitRequests(
      [message('a', 0, 10), message('b', 0, 10), message('a', 1, 10)],
      1000,
    );
    expect(requests).toHaveLength(1);
    expect(requests[0]?.map(({ topic, messages }) => [topic, messages.length])).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
  });

  it('are more when a partition would get too large a batch; others do not count', () => {
    expect(splitRequests([message('a', 0, 700), message('a', 1, 700)], 1000)).toHaveLength(1);
    expect(splitRequests([message('a', 0, 700), message('a', 0, 700)], 1000)).toHaveLength(2);
  });

  it('sends what is too large by itself as it is, for the broker to refuse', () => {
    expect(splitRequests([message('a', 0, 5000)], 1000)).toHaveLength(1);
  });

  it('is none for nothing', () => {
    expect(splitRequests([], 1000)).toEqual([]);
  });

  it('keep the order within topic and partition and lose nothing', () => {
    const messages = fc.array(
      fc.record({
        topic: fc.constantFrom('a', 'b'),
        partition: fc.integer({ min: 0, max: 2 }),
        bytes: fc.integer({ min: 0, max: 400 }),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(messages, (list) => {
        const given = list.map(({ topic, partition, bytes }, id) =>
          message(topic, partition, bytes, id),
        );
        const sent = splitRequests(given, 900)
          .flat()
          .flatMap(({ topic, messages: batch }) =>
            batch.map(
              ({ partition, headers }) => `${topic} ${partition} ${String(headers?.['id'])}`,
            ),
          );
        for (const topic of ['a', 'b']) {
          for (const partition of [0, 1, 2]) {
            const lane = `${topic} ${partition} `;
            expect(sent.filter((one) => one.startsWith(lane))).toEqual(
              given.flatMap((one) =>
                one.topic === topic && one.partition === partition
                  ? [`${lane}${String(one.headers['id'])}`]
                  : [],
              ),
            );
          }
        }
        expect(sent).toHaveLength(given.length);
      }),
    );
  });
});
