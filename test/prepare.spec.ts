/** What stands in front of every npm script: installing and building, tried on small projects of their own. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'lengjing-prepare-')));
  cpSync('scripts', join(root, 'scripts'), { recursive: true });
  cpSync('.swcrc', join(root, '.swcrc'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function prepare(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'scripts/prepare.mjs'), ...args],
    { cwd: root, env: { ...process.env, ...env }, encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

const done = (stderr: string) => ({ status: 0, stdout: '', stderr });

describe('building', () => {
  beforeEach(() => {
    cpSync('package-lock.json', join(root, 'package-lock.json'));
    symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
    put('package.json', '{ "type": "module" }');
    put(
      'apps/x/src/main.ts',
      `import { said, type Said } from './said.ts';\nconst text: Said = said;\nconsole.log(text);\n`,
    );
    put(
      'apps/x/src/said.ts',
      `import words from './words.json' with { type: 'json' };\nexport type Said = string;\nexport const said: Said = words.hello;\n`,
    );
    put('apps/x/src/words.json', '{ "hello": "你好" }');
    put('apps/x/src/main.spec.ts', 'not even TypeScript');
    put('apps/x/README.md', 'prose');
  });

  const runs = () =>
    spawnSync(process.execPath, ['dist/apps/x/src/main.js'], { cwd: root, encoding: 'utf8' })
      .stdout;

  it('compiles and copies what the programs need, and says nothing when nothing changed', () => {
    expect(prepare()).toEqual(done('Built 3 files into dist/.\n'));
    expect(runs()).toBe('你好\n');
    expect(existsSync(join(root, 'dist/apps/x/src/main.spec.js'))).toBe(false);
    expect(readFileSync(join(root, 'dist/apps/x/src/main.js.map'), 'utf8')).toContain('main.ts');
    expect(prepare()).toEqual(done(''));
  });

  it('follows what changed by content, what is gone and what was deleted from dist/', () => {
    prepare();
    put('apps/x/src/words.json', '{ "hello": "再见" }');
    expect(prepare().stderr).toBe('Built 1 file into dist/.\n');
    expect(runs()).toBe('再见\n');
    put('apps/x/src/words.json', '{ "hello": "再见" }');
    expect(prepare().stderr).toBe('');
    put('apps/x/src/extra.ts', 'export {};');
    prepare();
    rmSync(join(root, 'apps/x/src/extra.ts'));
    prepare();
    expect(existsSync(join(root, 'dist/apps/x/src/extra.js'))).toBe(false);
    rmSync(join(root, 'dist/apps/x/src/said.js'));
    expect(prepare().stderr).toBe('Built 1 file into dist/.\n');
    expect(runs()).toBe('再见\n');
  });

  it('names the file that does not compile, and does not take it for built', () => {
    put('apps/x/src/said.ts', 'export const = ;');
    for (let time = 0; time < 2; time += 1) {
      const { status, stderr } = prepare();
      expect(status).toBe(1);
      expect(stderr).toContain('said.ts');
    }
  });
});

describe('installing', () => {
  const lock = (version: string) => ({
    name: 'x',
    lockfileVersion: 3,
    packages: {
      '': { name: 'x' },
      'node_modules/a': { version, integrity: 'sha512-AAAA' },
      'node_modules/other-platform': { version, integrity: 'sha512-AAAA', optional: true },
    },
  });
  const nowhere = { PATH: dirname(process.execPath), npm_execpath: '' };
  beforeEach(() => {
    put('package.json', '{ "name": "x", "dependencies": { "a": "1.0.0" } }');
    put('package-lock.json', JSON.stringify(lock('1.0.0')));
  });

  function installed(version: string): void {
    const packages = { 'node_modules/a': { version, integrity: 'sha512-AAAA' } };
    put('node_modules/node/bin/node', '');
    put('node_modules/.package-lock.json', JSON.stringify({ packages }));
  }

  it('is left alone where npm’s own record agrees with the lock file', () => {
    installed('1.0.0');
    expect(prepare(['--no-build'], nowhere)).toEqual(done(''));
    expect(existsSync(join(root, 'node_modules/.lengjing-lock'))).toBe(true);
  });

  it.each<[string, () => void]>([
    ['nothing is there', () => undefined],
    ['another version is there', () => installed('0.9.0')],
    [
      'the lock file has changed since',
      () => {
        installed('1.0.0');
        prepare(['--no-build'], nowhere);
        put('package-lock.json', JSON.stringify(lock('1.0.1')));
      },
    ],
    [
      'the runtime is missing',
      () => {
        installed('1.0.0');
        rmSync(join(root, 'node_modules/node'), { recursive: true });
      },
    ],
  ])('is done where %s', (_what, arrange) => {
    arrange();
    const { status, stderr } = prepare(['--no-build'], nowhere);
    expect(status).toBe(1);
    expect(stderr).toContain('npm was not found in PATH: install it with Node.\n');
    expect(stderr.trim().split('\n')).toHaveLength(2);
  });

  it('says in one line that the registry cannot be reached', () => {
    const { status, stderr } = prepare(['--no-build'], {
      npm_config_registry: 'http://127.0.0.1:9',
      npm_config_cache: join(root, 'cache'),
      npm_config_fetch_retries: '0',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/npm cannot reach its registry: .*\n$/);
    expect(stderr.trim().split('\n')).toHaveLength(2);
  });

  it('says in one line that package.json and the lock file differ', () => {
    put('package.json', '{ "name": "x", "dependencies": { "b": "1.0.0" } }');
    const { stderr } = prepare(['--no-build']);
    expect(stderr).toContain('package.json and package-lock.json do not agree');
    expect(stderr.trim().split('\n')).toHaveLength(2);
  });
});
