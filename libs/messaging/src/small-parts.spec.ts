import { describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { TransientFault } from '#application';
import { equalPartitionCount } from './assigner.ts';
import { isTransient, toFault } from './faults.ts';
import { type Offset, makeProgressReporter } from './progress.ts';
import { toHeaders } from './records.ts';
import { within } from './within.ts';

describe('headers', () => {
  const read = (headers: Parameters<typeof toHeaders>[0]): Record<string, string> =>
    Object.fromEntries(
      [...toHeaders(headers)].map(([name, bytes]) => [name, Buffer.from(bytes).toString()]),
    );

  it.each([
    ['none', undefined, {}],
    ['bytes', { a: Buffer.from('1') }, { a: '1' }],
    ['text', { a: '1' }, { a: '1' }],
    ['a name several times: the last', { a: ['1', Buffer.from('2')] }, { a: '2' }],
    ['an empty list', { a: [] }, {}],
    ['no value', { a: undefined, b: '1' }, { b: '1' }],
    ['an empty value', { a: '' }, { a: '' }],
    [
      'names of Object.prototype',
      { constructor: '1', toString: '2' },
      { constructor: '1', toString: '2' },
    ],
  ])('%s', (_name, headers, expected) => {
    expect(read(headers)).toEqual(expected);
  });

  it('a value that kafkajs gives as null', () => {
    expect(read(JSON.parse('{"a":null,"b":"1"}') as Record<string, string>)).toEqual({ b: '1' });
  });
});

describe('partition counts', () => {
  it('are accepted when equal', () => {
    expect(
      equalPartitionCount(
        new Map([
          ['a', 12],
          ['b', 12],
        ]),
      ),
    ).toBe(12);
  });

  it.each([
    [
      new Map([
        ['a', 12],
        ['b', 6],
      ]),
      'a 12, b 6',
    ],
    [
      new Map([
        ['a', 12],
        ['b', 0],
      ]),
      'a 12, b missing',
    ],
    [
      new Map([
        ['a', 0],
        ['b', 0],
      ]),
      'a missing, b missing',
    ],
  ])('are refused in one line that names them all', (counts, list) => {
    expect(() => equalPartitionCount(counts)).toThrow(list);
  });
});

describe('faults', () => {
  const {
    KafkaJSConnectionError,
    KafkaJSNonRetriableError,
    KafkaJSNumberOfRetriesExceeded,
    KafkaJSProtocolError,
  } = kafkajs;
  const lost = new KafkaJSConnectionError('closed', { broker: 'b' });
  it.each([
    ['a lost connection', lost, true],
    [
      'a lost connection after all retries',
      new KafkaJSNumberOfRetriesExceeded(lost, { retryCount: 5, retryTime: 1 }),
      true,
    ],
    [
      'a non-retriable error around a retriable one',
      Object.assign(new KafkaJSNonRetriableError('x'), { cause: lost }),
      true,
    ],
    ['a refusal', new KafkaJSNonRetriableError('x'), false],
    ['an error of ours', new TypeError('x'), false],
    ['something thrown', 'x', false],
  ])('%s', (_name, error, transient) => {
    expect(isTransient(error)).toBe(transient);
    expect(toFault(error, 'doing') instanceof TransientFault).toBe(transient);
  });

  it('a protocol error says itself whether it can pass', () => {
    const refused = Object.assign(new Error('too large'), { retriable: false });
    expect(isTransient(new KafkaJSProtocolError(refused))).toBe(false);
  });
});

describe('progress', () => {
  it('commits one at a time, the latest of each, and counts failures', async () => {
    const commits: (readonly Offset[])[] = [];
    const release: (() => void)[] = [];
    const reporter = makeProgressReporter(
      (offsets) =>
        new Promise((resolve, reject) => {
          commits.push(offsets);
          release.push(commits.length === 2 ? () => reject(new Error('no')) : resolve);
        }),
    );
    const turn = (): Promise<void> => new Promise((next) => setImmediate(next));
    reporter.report([]);
    reporter.report([{ topic: 'a', partition: 0, nextOffset: 1 }]);
    reporter.report([{ topic: 'a', partition: 0, nextOffset: 2 }]);
    reporter.report([
      { topic: 'a', partition: 0, nextOffset: 3 },
      { topic: 'b', partition: 1, nextOffset: 9 },
    ]);
    expect(commits).toEqual([[{ topic: 'a', partition: 0, offset: '1' }]]);
    release[0]?.();
    await turn();
    expect(commits[1]).toEqual([
      { topic: 'a', partition: 0, offset: '3' },
      { topic: 'b', partition: 1, offset: '9' },
    ]);
    release[1]?.();
    await turn();
    expect(reporter.failures()).toBe(1);
    reporter.report([{ topic: 'a', partition: 0, nextOffset: 4 }]);
    expect(commits).toHaveLength(3);
    // What is reported after the end, or waits for it, is not committed any more.
    reporter.report([{ topic: 'a', partition: 0, nextOffset: 5 }]);
    let closed = false;
    void reporter.close().then(() => (closed = true));
    await turn();
    expect(closed).toBe(false);
    release[2]?.();
    await turn();
    expect(closed).toBe(true);
    reporter.report([{ topic: 'a', partition: 0, nextOffset: 6 }]);
    expect(commits).toHaveLength(3);
    await reporter.close();
  });
});

describe('waiting with an end', () => {
  it('says whether it came in time, and never rejects', async () => {
    expect(await within(Promise.resolve(1), 1_000)).toBe(true);
    expect(await within(Promise.reject(new Error('x')), 1_000)).toBe(true);
    expect(await within(new Promise(() => undefined), 5)).toBe(false);
  });
});
