/** In whatever order a payer's events arrive, the last assessment is that over all of them, and what binds is at least as strict. */
import { describe, expect, it } from '@jest/globals';
import { caseStreams, simulatedStreams, type Stream } from './streams.ts';
import { SHUFFLES, findingsOfShuffle, replay, shuffled } from './shuffles.ts';

/** Of each stream; thousands more by `npm run verify:long`. */
const SEEDS = Array.from({ length: 6 }, (_, index) => index + 1);

describe.each([
  ['the cases', caseStreams()],
  ['people of a simulated population', simulatedStreams('north', 12)],
])('%s, shuffled', (_name, streams: readonly Stream[]) => {
  it.each(SEEDS)(`in three ways (${SHUFFLES.join(', ')}), seed %i`, (seed) => {
    const findings = streams.flatMap((stream) =>
      findingsOfShuffle(stream, shuffled(stream.reads, seed)).map((one) => [stream.name, one]),
    );
    expect(findings).toEqual([]);
  });

  it('are orders that matter: something is held, and much is decided again', () => {
    let [held, again] = [0, 0];
    for (const { payerId, reads } of streams) {
      const { made } = replay(payerId, shuffled(reads, 3));
      for (const decisions of made.values()) {
        if (decisions.at(-1)?.outcome === 'hold') held += 1;
        if (decisions.length > 1) again += 1;
      }
    }
    expect(held).toBeGreaterThan(2);
    expect(again).toBeGreaterThan(0);
  });
});
