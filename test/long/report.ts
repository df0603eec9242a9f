/** docs/verify-long.md: what the last long run checked, on which machine, from which seed, and what came of it. */
import type { LongCheck, LongResult } from './long-check.ts';

export interface Checked {
  readonly check: LongCheck;
  readonly result: LongResult;
  readonly seed: number;
  readonly count: number;
  readonly seconds: number;
}

export function totalOf(all: readonly Checked[]): { passed: number; failed: number } {
  return {
    passed: all.reduce((sum, { result }) => sum + result.passed, 0),
    failed: all.reduce((sum, { result }) => sum + result.failures.length, 0),
  };
}

/** The whole file. */
export function reportOf(all: readonly Checked[], machine: readonly string[]): string {
  const { passed, failed } = totalOf(all);
  return `# Long verification

The last run of \`npm run verify:long\`, as it was. Written by the run itself; not edited by hand.

${machine.map((line) => `- ${line}`).join('\n')}

**${passed} passed, ${failed} failed.**

${all.map(sectionOf).join('\n')}`;
}

function sectionOf({ check, result, seed, count, seconds }: Checked): string {
  const figures = Object.entries(result.figures).map(([name, text]) => `| ${name} | ${text} |`);
  const failures = result.failures.map((line) => `- ✗ ${line}`);
  return `## ${check.name}

${check.about}

| | |
|---|---|
| ${check.counts} | ${count}, first seed ${seed} |
| passed | ${result.passed} |
| failed | ${result.failures.length} |
| time | ${seconds.toFixed(0)} s |
${figures.join('\n')}
${failures.length === 0 ? '' : `\n${failures.join('\n')}\n`}`;
}
