/** `lengjing` as a process: what it prints where, how it ends, and that one line explains every mistake. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { digestCode } from '#contracts';
import { tierRank, type Outcome, type Tier } from '#domain';
import { describeWithShared, sharedPath } from '../../../test/shared.ts';
import type { Command, CommandContext } from './command.ts';
import { command as convert } from './commands/convert.ts';
import { command as digest } from './commands/digest-code.ts';
import { command as prepare } from './commands/prepare.ts';
import { command as replay } from './commands/replay.ts';
import { command as send } from './commands/send.ts';
import { CommandFailed, UsageError } from './usage.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const SAMPLE = fileURLToPath(new URL('../samples/xu.jsonl', import.meta.url));
const KEY = 'lengjing-acceptance-key';
const OUTPUT_MAX = 64 * 1024 * 1024;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lengjing-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CONTEXT: CommandContext = { env: {}, fileOf: (path) => path };

interface Given {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Buffer;
}

function lengjing(
  args: readonly string[],
  { env = {}, input = '' }: Given = {},
): { readonly status: number | null; readonly out: string; readonly said: string } {
  const node = ['--conditions=source', '--no-warnings', MAIN];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...node, ...args], {
    env,
    input,
    encoding: 'utf8',
    maxBuffer: OUTPUT_MAX,
  });
  return { status, out: stdout, said: stderr };
}

function inFile(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

interface Assessment {
  readonly type: string;
  readonly data: {
    readonly subject: { readonly kind: string; readonly id: string };
    readonly sequence: number;
    readonly outcome: Outcome;
    readonly tier: Tier;
    readonly reasonCodes: readonly string[];
  };
}

function assessmentsOf(out: string): readonly Assessment[] {
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Assessment);
}

describe('the command itself', () => {
  it('lists every command, and ends with 2 where none is given', () => {
    const asked = lengjing(['--help']);
    expect([asked.status, asked.said]).toEqual([0, '']);
    for (const name of ['start', 'prepare', 'replay', 'convert', 'send', 'digest-code']) {
      expect(asked.out).toContain(`\n  ${name} `);
    }
    expect(lengjing([])).toEqual({ ...asked, status: 2 });
  });

  it('explains one command without running it', () => {
    const { status, out, said } = lengjing(['send', '--help', '/nowhere']);
    expect([status, said]).toEqual([0, '']);
    expect(out).toMatch(/^lengjing send .*FILE/);
  });

  it('tells a mistake in its use by 2 and a failure by 1, each in one line', () => {
    const none = lengjing(['constructor']);
    expect(none).toMatchObject({ status: 2, out: '' });
    expect(none.said).toMatch(/^lengjing: there is no command constructor; one of: [^\n]+\n$/);
    const option = lengjing(['replay', '--nope', SAMPLE]);
    expect(option).toMatchObject({ status: 2, out: '' });
    expect(option.said).toMatch(/^lengjing: Unknown option '--nope'[^\n]*\n$/);
    const failed = lengjing(['replay', '/nowhere']);
    expect(failed).toMatchObject({ status: 1, out: '' });
    expect(failed.said).toMatch(/^lengjing: \/nowhere cannot be read \(ENOENT\)[^\n]+\n$/);
  });

  it.each<[string, Command, readonly string[], new (message: string) => Error, RegExp]>([
    ['no file', replay, [], UsageError, /replay needs a file, or - for standard input/],
    ['a folder for a file', replay, [tmpdir()], CommandFailed, /cannot be read \(EISDIR\)/],
    ['no brokers', send, [SAMPLE], UsageError, /send needs KAFKA_BROKERS=host:port/],
    ['nothing to send', send, [], UsageError, /send needs a file/],
    ['no servers', prepare, [], UsageError, /prepare needs DATABASE_URL and KAFKA_BROKERS/],
    ['no code', digest, ['--code-id', 'c'], UsageError, /needs --code-id and --code/],
    ['another format', convert, ['paysim', SAMPLE], UsageError, /needs a format \(amlsim\)/],
    ['two files', convert, ['amlsim', 'a', 'b'], UsageError, /one file/],
  ])('takes %s for what it is', async (_name, command, args, kind, line) => {
    const ended = command.run(args, CONTEXT);
    await expect(ended).rejects.toThrow(kind);
    await expect(command.run(args, CONTEXT)).rejects.toThrow(line);
  });
});

describe('lengjing replay', () => {
  it('goes on after lines that cannot be taken, names each, and ends with 1', () => {
    const lines = readFileSync(SAMPLE, 'utf8').trim().split('\n');
    const [first = ''] = lines;
    const bad = [
      'no json',
      '"a string"',
      JSON.stringify({ ...(JSON.parse(first) as object), specversion: '0.3' }),
      JSON.stringify({ ...(JSON.parse(first) as object), type: 'io.lengjing.unknown.v1' }),
    ];
    const input = [...bad, ...lines].join('\n');
    const { status, out, said } = lengjing(['replay', '-'], { input });
    const complaints = said.trim().split('\n');
    expect(complaints).toHaveLength(bad.length);
    complaints.forEach((complaint, index) => {
      expect(complaint).toMatch(new RegExp(`^standard input: line ${index + 1}: .{10,}`));
    });
    expect(status).toBe(1);
    expect(out).toBe(lengjing(['replay', SAMPLE]).out);
    expect(assessmentsOf(out).length).toBeGreaterThan(5);
  });

  it('reads what was packed, line ends of Windows, and files without a last line end alike', () => {
    const text = readFileSync(SAMPLE, 'utf8').trim();
    const windows = inFile('windows.jsonl.gz', gzipSync(text.replaceAll('\n', '\r\n')));
    expect(lengjing(['replay', windows])).toEqual(lengjing(['replay', SAMPLE]));
  });

  it.each<[string, (path: (name: string) => string) => readonly string[], RegExp]>([
    ['a file that is not packed', (path) => [path('torn.gz')], /torn\.gz cannot be read \(Z_DATA_/],
    ['a policy that is none', (path) => ['--policy', path('policy.json'), SAMPLE], /policy\.json/],
    ['a policy that is not there', () => ['--policy', '/nowhere', SAMPLE], /\/nowhere/],
  ])('names %s', async (_name, args, line) => {
    inFile('torn.gz', 'not packed at all');
    inFile('policy.json', '{"version":1}');
    const ended = replay.run(
      args((name) => join(folder, name)),
      CONTEXT,
    );
    await expect(ended).rejects.toThrow(CommandFailed);
    await expect(ended).rejects.toThrow(line);
  });

  it('names the variable of keys that cannot be read, and no key', async () => {
    const env = { LENGJING_CODE_KEYS: `{"k":"${KEY}"` };
    const ended = replay.run([SAMPLE], { ...CONTEXT, env });
    await expect(ended).rejects.toThrow(CommandFailed);
    await expect(ended).rejects.toThrow(/^LENGJING_CODE_KEYS must(?!.*acceptance)/);
  });
});

describeWithShared('lengjing replay on the shared cases', () => {
  interface Expected {
    readonly kind: 'transfer' | 'draw';
    readonly id: string;
    readonly outcome: Outcome | 'not-hold' | 'any';
    readonly tierMin: Tier;
    readonly tierMax: Tier;
  }

  it('meets every expectation with the last decision it prints', () => {
    const files = readdirSync(sharedPath('cases')).filter((name) => name.endsWith('.jsonl'));
    const paths = files.map((name) => sharedPath('cases', name));
    const { status, out, said } = lengjing(['replay', ...paths], {
      env: { LENGJING_CODE_KEY: KEY },
    });
    expect([status, said]).toEqual([0, '']);
    const assessments = assessmentsOf(out);
    expect(new Set(assessments.map(({ type }) => type))).toEqual(
      new Set(['io.lengjing.assessment.made.v1']),
    );
    const last = new Map(
      assessments.map(({ data }) => [`${data.subject.kind} ${data.subject.id}`, data]),
    );
    const text = readFileSync(sharedPath('cases', 'expected.json'), 'utf8');
    const all = Object.values(JSON.parse(text) as Record<string, readonly Expected[]>).flat();
    expect(all.length).toBeGreaterThan(50);
    const unmet = all.filter(({ kind, id, outcome, tierMin, tierMax }) => {
      const decided = last.get(`${kind} ${id}`);
      if (decided === undefined) return true;
      const fits =
        outcome === 'any' ||
        (outcome === 'not-hold' ? decided.outcome !== 'hold' : decided.outcome === outcome);
      const rank = tierRank(decided.tier);
      return !fits || rank < tierRank(tierMin) || rank > tierRank(tierMax);
    });
    expect(unmet).toEqual([]);
  });
});

describe('lengjing digest-code', () => {
  const CODE = '04821937';
  const args = ['digest-code', '--code-id', 'c-1', '--code', CODE];

  it('prints the digests that a producer must send, and the code nowhere', () => {
    const { status, out, said } = lengjing(args, { env: { LENGJING_CODE_KEY: KEY } });
    expect([status, said]).toEqual([0, '']);
    expect(JSON.parse(out)).toEqual(digestCode({ codeId: 'c-1', code: CODE, key: KEY }));
    expect(out).not.toContain(CODE);
    expect(out).not.toContain(KEY);
  });

  it('does not quote it either where it is given in the wrong place', () => {
    const { status, out, said } = lengjing(['digest-code', '--code-id', 'c-1', CODE]);
    expect([status, out]).toEqual([2, '']);
    expect(said).toMatch(/^lengjing: digest-code needs --code-id and --code[^\n]+\n$/);
    expect(said).not.toContain(CODE);
  });

  const wrong = ['--code-id', 'c-1', '--code', `${CODE}x`];
  it.each([
    ['without a key', args.slice(1), {}, /there is no key default: set LENGJING_CODE_KEY/],
    ['with keys that are no JSON', args.slice(1), { LENGJING_CODE_KEYS: '{' }, /CODE_KEYS must/],
    ['for a code with a letter', wrong, { LENGJING_CODE_KEY: KEY }, /digits/],
  ])('says what is wrong %s, and never the code', async (_name, given, env, line) => {
    const ended = digest.run(given, { ...CONTEXT, env });
    await expect(ended).rejects.toThrow(line);
    await expect(ended).rejects.not.toThrow(CODE);
  });
});

describe('lengjing convert amlsim', () => {
  const ROWS = 'sourceNodeId,targetNodeId,value,time\n7,9,12.5,0\n7,8,1000,0\n9,7,0.1,3\n';

  it('turns each row into a transfer that replay takes, spread over its day', () => {
    const { status, out, said } = lengjing(['convert', 'amlsim', '-'], { input: ROWS });
    expect([status, said]).toEqual([0, '']);
    const events = out.trim().split('\n');
    expect(events.map((line) => JSON.parse(line) as object)).toMatchObject([
      { time: '2026-01-01T00:00:00.000Z', data: { amount: { value: '12.50' } } },
      { time: '2026-01-01T12:00:00.000Z', data: { payer: { accountId: 'amlsim-7' } } },
      { time: '2026-01-04T00:00:00.000Z', data: { amount: { value: '0.10' } } },
    ]);
    const decided = lengjing(['replay', '-'], { input: out });
    expect([decided.status, decided.said]).toEqual([0, '']);
    expect(assessmentsOf(decided.out)).toHaveLength(3);
  });

  it.each([
    ['another header', 'a,b\n1,2\n', [], /the first line must be sourceNodeId/],
    ['a row that is none', `${ROWS}7,8,-3,4\n`, [], /:5: not a row of/],
    ['nothing at all', '', [], /the first line must be sourceNodeId/],
    ['a limit that is none', ROWS, ['--limit', 'all'], /--limit must be a positive number/],
    ['a time that is none', ROWS, ['--start', 'now'], /--start must be a time like/],
  ])('refuses %s', async (_name, rows, options, line) => {
    const path = inFile('rows.csv', rows);
    const ended = convert.run(['amlsim', ...options, path], CONTEXT);
    await expect(ended).rejects.toThrow(line);
  });
});

describe('lengjing send', () => {
  it.each([
    ['127.0.0.1:1', CommandFailed, /127\.0\.0\.1:1 .*ECONNREFUSED.* correct KAFKA_BROKERS$/],
    ['broker', UsageError, /KAFKA_BROKERS must be host:port/],
    ['a:9092;b:9092', UsageError, /KAFKA_BROKERS must be host:port/],
  ])(
    'says in one line that %s is no broker',
    async (brokers, kind, line) => {
      const ended = send.run([SAMPLE], { ...CONTEXT, env: { KAFKA_BROKERS: brokers } });
      await expect(ended).rejects.toThrow(kind);
      await expect(ended).rejects.toThrow(line);
    },
    30_000,
  );
});
