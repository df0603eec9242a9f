/** Thousands of orders of arrival, backlogs read in any mutual order, and random codes over all public amounts. */
import { existsSync } from 'node:fs';
import { makeChance } from '#testing';
import { readAmlsim } from '../../apps/cli/src/amlsim-rows.ts';
import { clopperPearson } from '../../apps/cli/src/evaluate/statistics.ts';
import { findingsOfBacklog } from '../proofs/backlog.ts';
import { MATCH_KINDS, countChance, fenOf } from '../proofs/chance.ts';
import { findingsOfShuffle, shuffled } from '../proofs/shuffles.ts';
import { caseLines, caseStreams, simulatedStreams } from '../proofs/streams.ts';
import { sharedPath } from '../shared-path.ts';
import type { LongCheck } from './long-check.ts';

const PAYERS = 30;
const SAY_EVERY = 10;
/** As in the quick proof. */
const CONFIDENCE = 0.999;
const CODE_DIGITS = [4, 5, 6];

export const proofs: LongCheck = {
  name: 'proofs',
  about:
    'The shared cases and people of simulated populations in any order of arrival: the last assessment is that over all events, what binds is at least as strict; backlogs read topic by topic in any order: the same decisions; random codes over all public amounts: no more matches than chance has.',
  counts: 'orders',
  count: 100,
  async run({ seed: first, count, say }) {
    const failures: string[] = [];
    const streams = [...caseStreams(), ...simulatedStreams(`long-${first}`, PAYERS)];
    const cases = [...caseLines().values()];
    let [orders, backlogs] = [0, 0];
    for (let seed = first; seed < first + count; seed += 1) {
      for (const stream of streams) {
        orders += 1;
        const found = findingsOfShuffle(stream, shuffled(stream.reads, seed));
        if (found.length > 0) failures.push(`seed ${seed}, ${stream.name}: ${found.join('; ')}`);
      }
      const lines = cases[seed % cases.length] ?? [];
      backlogs += 1;
      const found = await findingsOfBacklog(lines, seed);
      if (found.length > 0) failures.push(`seed ${seed}, backlog: ${found.join('; ')}`);
      if ((seed - first + 1) % SAY_EVERY === 0) say(`${seed - first + 1} of ${count} orders`);
    }
    const { text, faults } = await chanceOfAll(first);
    failures.push(...faults);
    for (const failure of failures) say(`✗ ${failure}`);
    return {
      passed: Math.max(0, count - failures.length),
      failures,
      figures: {
        streams: `${streams.length}, each in ${count} orders: ${orders.toLocaleString('en')}`,
        backlogs: backlogs.toLocaleString('en'),
        'codes met by chance': text,
      },
    };
  },
};

async function chanceOfAll(seed: number): Promise<{ text: string; faults: string[] }> {
  const path = sharedPath('data', 'amlsim-20k-fanin.csv.gz');
  if (!existsSync(path)) return { text: 'not counted: the data is not there', faults: [] };
  const chance = makeChance(seed);
  const amounts = (await readAmlsim(path)).map(({ value }) => fenOf(value, chance));
  const [texts, faults]: [string[], string[]] = [[], []];
  for (const digits of CODE_DIGITS) {
    const { trials, matches, expected } = countChance(amounts, digits, makeChance(seed + digits));
    for (const kind of MATCH_KINDS) {
      const { low, high, share } = clopperPearson(matches[kind], trials, CONFIDENCE);
      const worked = expected[kind].toExponential(2);
      const text = `${digits} digits, ${kind}: ${share.toExponential(2)} of ${trials.toLocaleString('en')}, by enumeration ${worked}`;
      texts.push(text);
      if (expected[kind] < low || expected[kind] > high) faults.push(`chance, ${text}`);
    }
  }
  return { text: texts.join('; '), faults };
}
