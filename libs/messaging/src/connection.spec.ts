import { describe, expect, it } from '@jest/globals';
import { type LogFields, openKafka } from './connection.ts';

describe('what kafkajs logs', () => {
  const lines: [string, string, LogFields][] = [];
  const kafka = openKafka({
    brokers: ['127.0.0.1:1'],
    clientId: 'spec',
    log: {
      error: (message, fields) => lines.push(['error', message, fields]),
      warn: (message, fields) => lines.push(['warn', message, fields]),
    },
  });

  it('is passed on by names that are known to be harmless', () => {
    const logger = kafka.logger().namespace('Part');
    logger.error('it failed', {
      topic: 'credit.draws',
      partition: 3,
      error: 'closed',
      value: 'secret',
      message: 'it failed',
      payload: { key: 'secret' },
      headers: ['secret'],
      stack: 'secret',
      offset: '12',
    });
    logger.warn('it is slow', { retryCount: 2, groupId: { secret: 1 } });
    expect(lines).toEqual([
      [
        'error',
        'it failed',
        { from: 'Part', topic: 'credit.draws', partition: 3, error: 'closed' },
      ],
      ['warn', 'it is slow', { from: 'Part', retryCount: 2 }],
    ]);
  });

  it('leaves out what is said at every pause and fetch', () => {
    const before = lines.length;
    kafka.logger().info('Pausing fetching from 1 topics');
    kafka.logger().debug('Request enqueued');
    expect(lines).toHaveLength(before);
  });
});
