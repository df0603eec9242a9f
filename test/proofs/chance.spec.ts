/** Random codes meet honest amounts as seldom as DETECTION §3 works out: nobody has to label anything to see it. */
import { beforeAll, expect, it } from '@jest/globals';
import { makeChance } from '#testing';
import { readAmlsim } from '../../apps/cli/src/amlsim-rows.ts';
import { clopperPearson } from '../../apps/cli/src/evaluate/statistics.ts';
import { describeWithShared, sharedPath } from '../shared.ts';
import { MATCH_KINDS, countChance, fenOf } from './chance.ts';

/** Of 118,250; all of them by `npm run verify:long`. */
const ROWS = 1_500;
const SEED = 20_261_124;
/** One in a thousand samples lies outside by itself, and the seed is fixed: twelve shares are looked at. */
const CONFIDENCE = 0.999;

describeWithShared('random codes and AMLSim’s amounts', () => {
  let amounts: readonly number[] = [];
  beforeAll(async () => {
    const rows = await readAmlsim(sharedPath('data', 'amlsim-20k-fanin.csv.gz'), ROWS);
    const chance = makeChance(SEED);
    amounts = rows.map(({ value }) => fenOf(value, chance));
  });

  it.each([4, 5, 6])('of %i digits meet as often as chance has it', (digits) => {
    const { trials, matches, expected } = countChance(amounts, digits, makeChance(SEED + digits));
    expect(trials).toBeGreaterThan(50_000);
    for (const kind of MATCH_KINDS) {
      const measured = clopperPearson(matches[kind], trials, CONFIDENCE);
      expect(measured.low).toBeLessThanOrEqual(expected[kind]);
      expect(measured.high).toBeGreaterThanOrEqual(expected[kind]);
    }
    // DETECTION §3's table, for the mixture of amounts between people: at most 10^-n, and for parts at most its k.
    expect(expected.yuan).toBeLessThanOrEqual(10 ** -digits);
    expect(expected.part).toBeLessThanOrEqual(digits === 4 ? 10 ** -4 : 2.1e-4);
  });
});
