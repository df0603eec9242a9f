/** `lengjing evaluate`: docs/evaluation.md by one command, from seeds and, where it is there, public data. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readAmlsim, type AmlsimRow } from '../amlsim-rows.ts';
import type { Command, CommandContext } from '../command.ts';
import { evaluate } from '../evaluate/plan.ts';
import { reportText } from '../evaluate/report.ts';
import { policyOf } from '../policy-file.ts';
import { Progress } from '../progress.ts';
import { checkout } from '../start/preparation.ts';
import { CommandFailed, UsageError } from '../usage.ts';

/** Kept for the report: whoever develops the scorer or the simulation uses others (D-069 says where that was not so). */
const SEEDS = 'north,river,stone';
const PAYERS = 2_000;
const DAYS = 20;
const OUT = 'docs/evaluation.md';
const AMLSIM = '../shared/data/amlsim-20k-fanin.csv.gz';

export const command: Command = {
  summary: 'measure what is found and who is kept waiting; write docs/evaluation.md',
  help: `lengjing evaluate [--seeds A,B,C] [--payers N] [--days N] [--amlsim FILE] [--policy FILE] [--out FILE]

Simulates populations, decides them with the engine's own code and writes the report: recall and precision per tier with
exact intervals, honest people who wait and for how long, money held, each script, each evasion, and what every feed is
worth. Takes about a quarter of an hour with the defaults.

  --seeds A,B,C   one population each (default ${SEEDS})
  --payers N      people of a population (default ${PAYERS})
  --days N        days of it (default ${DAYS})
  --amlsim FILE   AMLSim's transactions, for the part on public data (default ${AMLSIM} where it
                  is there; "none" leaves that part out)
  --policy FILE   the policy to be measured (default: the one that comes with the program)
  --out FILE      the report (default ${OUT})`,
  async run(args, context) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seeds: { type: 'string', default: SEEDS },
        payers: { type: 'string', default: String(PAYERS) },
        days: { type: 'string', default: String(DAYS) },
        amlsim: { type: 'string' },
        policy: { type: 'string' },
        out: { type: 'string' },
      },
    });
    const seeds = values.seeds.split(',').flatMap((one) => one.trim() || []);
    if (seeds.length === 0 || !seeds.every((seed) => /^[A-Za-z0-9._-]{1,32}$/.test(seed))) {
      throw new UsageError('--seeds must be names of letters and digits with commas between');
    }
    const [payers, days] = [whole('payers', values.payers, 20), whole('days', values.days, 2)];
    const policy = policyOf(values.policy && context.fileOf(values.policy));
    const amlsim = await amlsimOf(values.amlsim, context);
    const progress = new Steps();
    const evaluation = evaluate({ policy, seeds, payers, days, amlsim, ...progress.listeners });
    progress.end();
    const command = `lengjing evaluate${args.length === 0 ? '' : ` ${args.join(' ')}`}`;
    const fresh = values.seeds === SEEDS;
    const text = reportText(evaluation, { command, seeds, payers, days, fresh });
    const path = values.out === undefined ? resolve(checkout(), OUT) : context.fileOf(values.out);
    write(path, text);
    process.stderr.write(`${path} is written\n`);
    return 0;
  },
};

function whole(name: string, text: string, low: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= low && number <= 1_000_000) return number;
  throw new UsageError(`--${name} must be a whole number of at least ${low}`);
}

async function amlsimOf(
  given: string | undefined,
  { fileOf }: CommandContext,
): Promise<readonly AmlsimRow[] | undefined> {
  if (given === 'none') return undefined;
  const path = given === undefined ? resolve(checkout(), AMLSIM) : fileOf(given);
  return given === undefined && !existsSync(path) ? undefined : readAmlsim(path);
}

function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
    throw new CommandFailed(`${path} cannot be written (${String(code)})`);
  }
}

/** One line per run, so that a quarter of an hour is not silent. */
class Steps {
  #progress: Progress | undefined;

  readonly listeners = {
    onStep: (text: string): void => {
      this.end();
      process.stderr.write(`${text}\n`);
      this.#progress = new Progress('events');
    },
    onEvents: (count: number): void => this.#progress?.add(count),
  };

  end(): void {
    this.#progress?.end();
  }
}
