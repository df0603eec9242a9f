/** Topics that were filled one after the other before the engine starts: it decides as if every event had come in its time. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { INPUT_TOPICS } from '#domain';
import {
  CALM,
  checkRun,
  outcomeOf,
  rehearsalSettings,
  simulate,
  type SubjectOutcome,
} from '#testing';
import { arrivalsOf } from '../proofs/backlog.ts';
import { openWorld, type Run, type World } from './engine-world.ts';

const CODE_KEY = 'lengjing-acceptance-key';
const SAMPLES = ['li', 'xu'];

/** What was decided, without what depends on when: how the holds stand. */
function decided(outcomes: ReadonlyMap<string, SubjectOutcome>): object {
  return Object.fromEntries(
    [...outcomes].map(([key, { outcome, tier, score, reasons }]) => [
      key,
      { outcome, tier, score, reasons },
    ]),
  );
}

describe('both afternoons, on topics filled in unequal order', () => {
  const lines = SAMPLES.flatMap((name) =>
    readFileSync(`apps/cli/samples/${name}.jsonl`, 'utf8').split('\n'),
  ).filter((line) => line !== '');
  let world: World;
  let run: Run;
  beforeAll(async () => {
    world = await openWorld();
    run = await world.openRun();
    const arrivals = arrivalsOf(lines);
    const ofTopic = Map.groupBy(lines, (line) => arrivalsOf([line])[0]?.topic);
    expect(arrivals.length).toBe(lines.length);
    // Transfers first: what speaks against them lies on the log, but comes behind them.
    for (const topic of INPUT_TOPICS.toReversed()) {
      const own = ofTopic.get(topic) ?? [];
      if (own.length > 0) await world.sendLines(`${own.join('\n')}\n`);
    }
    await run.start('risk-engine', { LENGJING_CODE_KEY: CODE_KEY });
    await run.settle();
  }, 240_000);
  afterAll(() => world.close());

  it('are decided as in the order in which they happened', async () => {
    const settings = rehearsalSettings(CODE_KEY);
    const calm = await simulate({ seed: 1, weather: CALM, arrivals: arrivalsOf(lines), settings });
    const record = await run.record();
    expect(decided(outcomeOf(record))).toEqual(decided(outcomeOf(calm)));
    expect(checkRun(record)).toEqual([]);
  });

  it('were not empty: money is held', async () => {
    const outcomes = [...outcomeOf(await run.record()).values()];
    expect(outcomes.filter(({ outcome }) => outcome === 'hold').length).toBeGreaterThan(5);
  });
});
