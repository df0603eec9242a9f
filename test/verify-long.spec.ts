/** The report of the long checks says what was run, keeps what was not, and the command refuses what it does not know. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { LongCheck } from './long/long-check.ts';
import { reportOf, totalOf, type Checked } from './long/report.ts';

const ORDER = ['first', 'second'];

function checked(
  name: string,
  { failures = [] as readonly string[], machine = 'm' } = {},
): Checked {
  const check: LongCheck = {
    name,
    about: `What ${name} is about.`,
    counts: 'seeds',
    count: 10,
    run: () => Promise.reject(new Error('nobody runs it here')),
  };
  const result = { passed: 10 - failures.length, failures, figures: { machine } };
  return { check, result, seed: 7, count: 10, seconds: 3 };
}

const report = (before: string, all: readonly Checked[], machine: string): string =>
  reportOf(before, all, { machine: [machine], order: ORDER });

describe('the report', () => {
  it('has a section for each check that ran, in order, with its failures', () => {
    const text = report(
      '',
      [checked('second', { failures: ['seed 9: x'] }), checked('first')],
      'a',
    );
    expect(text.match(/^## .*$/gm)).toEqual(['## first', '## second']);
    expect(text).toContain('- seeds: 10, first seed 7');
    expect(text).toContain('**9 passed, 1 failed**');
    expect(text).toContain('- ✗ seed 9: x');
  });

  it('keeps what another run says of the others, and nothing of what is gone', () => {
    const old = report('', [checked('first'), checked('second')], 'old machine');
    const text = report(`${old}\n## removed\n\nGone.\n`, [checked('first')], 'new machine');
    const [, first = '', second = ''] = text.split('## ');
    expect(first).toContain('new machine');
    expect(second).toContain('old machine');
    expect(text).not.toContain('removed');
    expect(report(text, [], 'nobody')).toBe(text);
  });

  it('adds up', () => {
    const all = [checked('first', { failures: ['a', 'b'] }), checked('second')];
    expect(totalOf(all)).toEqual({ passed: 18, failed: 2 });
  });
});

describe('the command', () => {
  const verifyLong = (
    ...args: readonly string[]
  ): { readonly status: number | null; readonly out: string; readonly said: string } => {
    const script = resolve('test', 'verify-long.ts');
    const node = ['--conditions=source', '--no-warnings', script];
    const { status, stdout, stderr } = spawnSync(process.execPath, [...node, ...args], {
      encoding: 'utf8',
    });
    return { status, out: stdout, said: stderr };
  };

  it('runs one seed of one check alone, and leaves the report as it is', () => {
    const { status, out } = verifyLong('--only', 'simulation', '--seed', '3');
    expect(status).toBe(0);
    expect(out).toMatch(/^simulation: 1 seeds from seed 3\n/);
    expect(out).toMatch(/\n1 passed, 0 failed\n$/);
  });

  it('refuses what it does not know in one line', () => {
    const { status, out, said } = verifyLong('--only', 'nothing');
    expect([status, out]).toEqual([2, '']);
    expect(said).toMatch(/^verify:long: [^\n]+\n$/);
    expect(said).toMatch(/--only must be one of simulation, .*kills/);
  });
});
