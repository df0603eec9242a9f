import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { INPUT_TOPICS } from '#domain';
import { parseTopics, readTopicsFile } from './topics.ts';

const HOUR_MS = 60 * 60 * 1000;

describe('deploy/topics.yml', () => {
  it('declares every topic of the contract, the inputs alike', async () => {
    const { topics } = await readTopicsFile(resolve('deploy', 'topics.yml'));
    const outputs = ['risk.decisions', 'risk.assessments', 'risk.holds', 'risk.alerts'];
    const letters = INPUT_TOPICS.map((topic) => `${topic}.dlq`);
    expect(topics.map(({ name }) => name).toSorted()).toEqual(
      [...INPUT_TOPICS, ...outputs, ...letters].toSorted(),
    );
    expect(new Set(topics.map(({ partitions }) => partitions))).toEqual(new Set([12]));
  });

  it('keeps digests of codes for 72 h at most, closing segments included, and profiles for ever', async () => {
    const { topics } = await readTopicsFile(resolve('deploy', 'topics.yml'));
    const setting = (topic: string, name: string): string | undefined =>
      topics.find((one) => one.name === topic)?.settings[name];
    for (const topic of ['identity.codes', 'identity.codes.dlq']) {
      const kept = Number(setting(topic, 'retention.ms')) + Number(setting(topic, 'segment.ms'));
      expect(kept).toBeLessThanOrEqual(72 * HOUR_MS);
    }
    expect(setting('payer.profiles', 'cleanup.policy')).toBe('compact');
    expect(setting('payments.transfers', 'cleanup.policy')).toBe('delete');
  });
});

describe('a topics file', () => {
  it('reads partitions, retention and other settings', () => {
    const text = `
partitions: 3
topics:
  a: { cleanup: delete, retention: 2h }
  b: { cleanup: delete, retention: forever, partitions: 1, settings: { segment.ms: 1000 } }
`;
    expect(parseTopics(text)).toEqual({
      topics: [
        {
          name: 'a',
          partitions: 3,
          settings: { 'cleanup.policy': 'delete', 'retention.ms': '7200000' },
        },
        {
          name: 'b',
          partitions: 1,
          settings: { 'cleanup.policy': 'delete', 'retention.ms': '-1', 'segment.ms': '1000' },
        },
      ],
    });
  });

  it.each([
    ['', 'must be a mapping'],
    ['partitions: 0\ntopics: {}', 'partitions must be a positive whole number'],
    ['partitions: "12"\ntopics: {}', 'partitions must be a positive whole number'],
    ['partitions: 1', 'has no `topics`'],
    ['partitions: 1\ntopics: { a: }', 'topic a: expected a mapping'],
    ['partitions: 1\ntopics: { a: { cleanup: delete } }', 'topic a: retention must be like'],
    [
      'partitions: 1\ntopics: { a: { cleanup: delete, retention: 3w } }',
      'topic a: retention must be like',
    ],
    [
      'partitions: 1\ntopics: { a: { cleanup: delete, retention: 72 } }',
      'topic a: retention must be like',
    ],
    [
      'partitions: 1\ntopics: { a: { retention: 72h } }',
      'topic a: cleanup must be delete or compact',
    ],
    [
      'partitions: 1\ntopics: { a: { cleanup: compact, retension: 72h } }',
      'topic a: retension is not known',
    ],
    [
      'partitions: 1\ntopics: { a: { cleanup: compact, partitions: -1 } }',
      'topic a: partitions must be',
    ],
  ])('is refused: %s', (text, message) => {
    expect(() => parseTopics(text)).toThrow(message);
  });
});
