/** docs/verify-long.md: what the last run of each long check did, on which machine, from which seed, and what came of it. */
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

/**
 * The whole file: a section for each check in `order`, new for what ran now on `machine`, as it stood in `before` for the others.
 */
export function reportOf(
  before: string,
  all: readonly Checked[],
  { machine, order }: { readonly machine: readonly string[]; readonly order: readonly string[] },
): string {
  const kept = sectionsIn(before);
  const now = new Map(all.map((one) => [one.check.name, sectionOf(one, machine)]));
  const sections = order.flatMap((name) => now.get(name) ?? kept.get(name) ?? []);
  return `# Long verification

The last run of each check of \`npm run verify:long\`, as it was. Written by the runs themselves; not edited by hand.

${sections.join('\n')}`;
}

function sectionsIn(text: string): ReadonlyMap<string, string> {
  const parts = text.split(/^(?=## )/m).filter((part) => part.startsWith('## '));
  return new Map(
    parts.map((part) => {
      const section = `${part.trimEnd()}\n`;
      return [section.slice('## '.length, section.indexOf('\n')), section];
    }),
  );
}

function sectionOf(
  { check, result, seed, count, seconds }: Checked,
  machine: readonly string[],
): string {
  const figures = Object.entries(result.figures).map(([name, text]) => `- ${name}: ${text}`);
  const failures = result.failures.map((line) => `- ✗ ${line}`);
  const rows = [
    `- ${check.counts}: ${count}, first seed ${seed}`,
    `- **${result.passed} passed, ${result.failures.length} failed**, ${seconds.toFixed(0)} s`,
    ...figures,
    `- machine: ${machine.join(' · ')}`,
  ];
  const ending = failures.length === 0 ? '' : `\n${failures.join('\n')}\n`;
  return `## ${check.name}\n\n${check.about}\n\n${rows.join('\n')}\n${ending}`;
}
