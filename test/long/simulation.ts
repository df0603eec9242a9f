/** The engine in simulated bad weather, seed by seed. */
import { FAULTS, kindOfSeed, rehearse } from '#testing';
import type { LongCheck } from './long-check.ts';

const SAY_EVERY = 100;

export const simulation: LongCheck = {
  name: 'simulation',
  about:
    'Engines, workers, store and log under simulated time: kills, stops, expulsions, lost connections and commits, late and repeated records; every check of a run, and where the stream allows it the result of an undisturbed one.',
  counts: 'seeds',
  count: 1_000,
  async run({ seed: first, count, say }) {
    const failures: string[] = [];
    const tally = new Map<string, number>();
    let steps = 0;
    for (let seed = first; seed < first + count; seed += 1) {
      const findings = await findingsOf(seed, (faults, more) => {
        steps += more;
        for (const [fault, times] of faults) tally.set(fault, (tally.get(fault) ?? 0) + times);
      });
      if (findings.length > 0) {
        failures.push(`seed ${seed}, ${kindOfSeed(seed)}: ${findings.slice(0, 3).join('; ')}`);
        say(`✗ ${failures.at(-1)}`);
      }
      if ((seed - first + 1) % SAY_EVERY === 0) say(`${seed - first + 1} of ${count} seeds`);
    }
    const faults = FAULTS.map((fault) => `${fault} ${tally.get(fault) ?? 0}`).join(', ');
    return {
      passed: count - failures.length,
      failures,
      figures: {
        'last seed': String(first + count - 1),
        steps: steps.toLocaleString('en'),
        faults: `${faults}; fenced ${tally.get('fenced') ?? 0}`,
      },
    };
  },
};

type Take = (faults: Iterable<readonly [string, number]>, steps: number) => void;

async function findingsOf(seed: number, take: Take): Promise<readonly string[]> {
  try {
    const { run, findings } = await rehearse(seed);
    take(run.faults, run.steps);
    return findings;
  } catch (error) {
    // A run that does not come to its end is a finding like any other.
    return [error instanceof Error ? error.message : 'it failed without a reason'];
  }
}
