/** `lengjing policy` and `lengjing shadow-report` as processes: what they print, and how they end. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defaultPolicyText } from '#contracts';
import type { CommandContext } from '../command.ts';
import { CommandFailed, UsageError } from '../usage.ts';
import { command as policy } from './policy.ts';
import { command as shadowReport } from './shadow-report.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const XU = fileURLToPath(new URL('../../samples/xu.jsonl', import.meta.url));

const CONTEXT: CommandContext = { env: {}, fileOf: (path) => path };

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lengjing-policy-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function lengjing(...args: readonly string[]) {
  const node = ['--conditions=source', '--no-warnings', MAIN];
  const env = { LENGJING_CODE_KEY: 'lengjing-acceptance-key' };
  const run = spawnSync(process.execPath, [...node, ...args], { env, encoding: 'utf8' });
  return { status: run.status, out: run.stdout, said: run.stderr };
}

function inFile(name: string, from: string, to: string): string {
  const text = defaultPolicyText();
  expect(text).toContain(from);
  const path = join(folder, name);
  writeFileSync(path, text.replace(from, to));
  return path;
}

describe('lengjing policy', () => {
  it('show prints a file that lint has nothing to say of', () => {
    const shown = lengjing('policy', 'show');
    expect(shown).toMatchObject({ status: 0, out: defaultPolicyText(), said: '' });
    const path = join(folder, 'shown.json');
    writeFileSync(path, shown.out);
    const linted = lengjing('policy', 'lint', path);
    expect(linted.status).toBe(0);
    expect(linted.out).toMatch(/^0 errors, 0 warnings: lengjing-cn \S+, digest [0-9a-f]{16}…\n$/);
  });

  it('lint names file, line and column, and exits with 1 where the file is refused', () => {
    const warned = inFile('warned.json', '"mode": "live"', '"mode": "shadow"');
    const { status, out } = lengjing('policy', 'lint', warned);
    expect(status).toBe(0);
    expect(out).toContain(`${warned}:4:3: warning: mode is shadow: nothing is held`);
    const refused = inFile('refused.json', '"T4": 40', '"T4": 30');
    const said = lengjing('policy', 'lint', refused);
    expect(said.status).toBe(1);
    expect(said.out).toMatch(/^\S+:6:\d+: error: tiers\.T4 must be greater than the one before/);
    expect(said.out).toContain('the file is refused');
  });

  it('diff says in words what the other does, and that its digest is another', () => {
    const other = inFile('other.json', '"T3": 30', '"T3": 32');
    const { status, out } = lengjing('policy', 'diff', other);
    expect(status).toBe(0);
    expect(out).toContain('- T3 begins at 32 dB instead of 30: fewer payments reach it\n');
    expect(out).toContain('give the new one a version of its own');
    const digests = [...out.matchAll(/digest ([0-9a-f]{16})/g)].map(([, digest]) => digest);
    expect(new Set(digests).size).toBe(2);
  });

  it.each([
    [[], UsageError],
    [['lint'], UsageError],
    [['lint', 'no-such-file.json'], CommandFailed],
    [['diff'], UsageError],
    [['diff', 'a', 'b', 'c'], UsageError],
    [['diff', 'no-such-file.json'], CommandFailed],
    [['show', 'x'], UsageError],
    [['delete', 'x'], UsageError],
  ] as const)('%j is a mistake that one line explains', async (args, kind) => {
    const mistake = await policy.run(args, CONTEXT).catch((error: unknown) => error);
    expect(mistake).toBeInstanceOf(kind);
    expect((mistake as Error).message).not.toContain('\n');
  });
});

describe('lengjing shadow-report', () => {
  it('says how many would have been held, for how long and with what money', () => {
    const { status, out } = lengjing('shadow-report', XU);
    expect(status).toBe(0);
    expect(out).toMatch(/transfers held {2}\d+, CNY [\d,.]+, waiting \d+ \w+ in the median/);
    expect(out).toMatch(/1 payer in 1 case/);
  });

  it.each([[[]], [['--journal', XU]], [['--journal']]])(
    '%j is a mistake that one line explains',
    async (args) => {
      await expect(shadowReport.run(args, CONTEXT)).rejects.toThrow(UsageError);
    },
  );
});
