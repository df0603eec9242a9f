/** As long as no topic lags for longer than the engine waits, the order in which topics are read changes no decision. */
import { describe, expect, it } from '@jest/globals';
import { findingsOfBacklog } from './backlog.ts';
import { caseLines } from './streams.ts';

const SEEDS = [1, 2];

describe.each([...caseLines().keys()])('%s, on topics filled before the engine starts', (name) => {
  const lines = caseLines().get(name) ?? [];

  it.each(SEEDS)('seed %i', async (seed) => {
    expect(await findingsOfBacklog(lines, seed)).toEqual([]);
  });
});
