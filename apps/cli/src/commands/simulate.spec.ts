import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { command } from './simulate.ts';
import { SIMULATION_CODE_KEY, SIMULATION_KEY_ID } from '../simulate/code-key.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const KEYS = JSON.stringify({ [SIMULATION_KEY_ID]: SIMULATION_CODE_KEY });
const SMALL = ['--payers', '80', '--days', '4', '--scam-rate', '0.05', '--seed', 'cli'];

const LOGIN = JSON.stringify({
  specversion: '1.0',
  id: '1',
  source: 'https://app.example',
  type: 'io.lengjing.session.observed.v1',
  time: '2026-03-02T00:00:00Z',
  data: { payer: { accountId: 'a' }, signal: 'login' },
});

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lengjing-simulate-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function lengjing(...args: readonly string[]): {
  readonly status: number | null;
  readonly out: string;
  readonly said: string;
} {
  const node = ['--conditions=source', '--no-warnings', MAIN];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...node, ...args], {
    env: { LENGJING_CODE_KEYS: KEYS },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status, out: stdout, said: stderr };
}

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('lengjing simulate', () => {
  it('writes the same bytes to a file as to standard output, with labels, and says that scams are enriched', () => {
    const [events, labels] = [join(folder, 'events.jsonl'), join(folder, 'labels.jsonl')];
    const toFile = lengjing('simulate', ...SMALL, '--out', events, '--labels', labels);
    expect([toFile.status, toFile.out]).toEqual([0, '']);
    expect(toFile.said).toMatch(
      /^[\d,]+ events, [\d,]+ transfers, \d+ of them in \d+ scams: enriched \d+ times/,
    );
    expect(toFile.said).toContain(KEYS);
    const toOutput = lengjing('simulate', ...SMALL);
    expect(sha(toOutput.out)).toBe(sha(readFileSync(events, 'utf8')));
    const known = readFileSync(labels, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(known.length).toBe(toOutput.out.split('.transfer.requested.').length - 1);
    expect(Object.keys(known[0] ?? {})).toEqual(['transferId', 'label', 'script', 'payerId']);
  });

  it('is replayed into a summary, against labels, and compared with another policy', () => {
    const [events, labels, policy] = ['events', 'labels', 'policy'].map((name) =>
      join(folder, `r-${name}`),
    ) as [string, string, string];
    lengjing('simulate', ...SMALL, '--out', events, '--labels', labels);
    const own = fileURLToPath(
      new URL('../../../../libs/contracts/src/policy/default-policy.json', import.meta.url),
    );
    writeFileSync(policy, readFileSync(own));
    const { status, out, said } = lengjing(
      'replay',
      '--summary',
      '--labels',
      labels,
      '--compare',
      policy,
      events,
    );
    expect([status, said]).toEqual([0, '']);
    expect(out).toContain('subjects decided');
    expect(out).toContain('held at T2 or above');
    expect(out).not.toContain('no label');
    // The same policy decides the same, all of it.
    expect(out).toMatch(/the other policy decides ([\d,]+) of \1 subjects the same\n/);
  });

  it('goes on after lines that cannot be taken, and ends with 1', () => {
    const path = join(folder, 'bad.jsonl');
    writeFileSync(path, `nonsense\n${LOGIN}\n`);
    const { status, out, said } = lengjing('replay', '--summary', path);
    expect([status, said]).toEqual([1, `${path}: line 1: the line is not JSON\n`]);
    expect(out).toContain('1 events, 0 subjects');
  });

  it.each([
    [['--seed', 'a/b'], '--seed must be'],
    [['--payers', '1'], '--payers must be'],
    [['--days', '1.5'], '--days must be'],
    [['--scam-rate', '2'], '--scam-rate must be'],
    [['--scripts', 'refund-code,nope'], 'there is no script nope; one of: refund-code'],
    [['--without', 'nope'], 'there is no feed nope; one of: codes'],
    [['--feeds', 'codes', '--without', 'calls'], 'give either --feeds or --without'],
    [['--rate', '5'], '--rate goes with --to-kafka'],
    [['--to-kafka', '--rate', '0'], '--rate must be a positive number'],
    [['--to-kafka'], 'simulate needs KAFKA_BROKERS'],
    [['--to-kafka', '--out', 'x'], 'give either --out or --to-kafka'],
    [['--start', 'tomorrow'], '--start must be a time'],
    [['--nope'], "Unknown option '--nope'"],
  ])('refuses %j', async (args, wanted) => {
    const context = { env: {}, fileOf: (path: string) => path };
    await expect(command.run(args, context)).rejects.toThrow(wanted);
  });

  it('says where it cannot write', async () => {
    const path = join(folder, 'none', 'x');
    const context = { env: {}, fileOf: (given: string) => given };
    await expect(command.run([...SMALL, '--out', path], context)).rejects.toThrow(
      `${path} cannot be written`,
    );
  });

  it('explains a mistake in one line, with 2', () => {
    // Node itself would use three.
    const { status, out, said } = lengjing('simulate', '--scam-rate', '-1');
    expect([status, out]).toEqual([2, '']);
    expect(said).toMatch(/^lengjing: [^\n]+\n$/);
  });

  it('stops quietly when the reader has seen enough', () => {
    const script = `"$0" "$@" | head -n 1`;
    const args = ['--conditions=source', '--no-warnings', MAIN, 'simulate', ...SMALL];
    const first = execFileSync('sh', ['-c', script, process.execPath, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(first.trim().split('\n')).toHaveLength(1);
  });
});
