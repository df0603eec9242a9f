/**
 * The one test command: format, lint, types, import rules, then every spec. `--quick` leaves out the specs that need servers.
 * A skipped test counts as a failure, except where it reads ../shared and that folder is not there.
 */
import { spawn } from 'node:child_process';
import { installBrowser } from './browser.mjs';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_MIN = [24, 9];
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const results = join(root, '.lengjing', 'test');
const print = (text) => process.stdout.write(text);
const folders = ['apps', 'libs', 'test'].filter((folder) => existsSync(join(root, folder)));

const CHECKS = [
  {
    name: 'format',
    program: 'prettier/bin/prettier.cjs',
    args: ['--check', '--log-level', 'warn', '.'],
    remedy: 'npm run format',
  },
  { name: 'lint', program: 'oxlint/bin/oxlint', args: ['--format', 'unix', '--deny-warnings'] },
  { name: 'types', program: 'typescript/bin/tsc', args: ['--noEmit', '--project', '.'] },
  {
    name: 'import rules',
    program: 'dependency-cruiser/bin/dependency-cruiser.mjs',
    args: ['--config', '.dependency-cruiser.cjs', '--output-type', 'err', ...folders],
  },
];

/** Runs a program of node_modules on this Node; resolves with its status and, unless that is shown at once, what it said. */
function run(program, args, { nodeArgs = [], show = false, env = {} } = {}) {
  return new Promise((resolve) => {
    const output = show ? 'inherit' : 'pipe';
    const path = join(root, 'node_modules', program);
    const child = spawn(process.execPath, [...nodeArgs, path, ...args], {
      cwd: root,
      stdio: ['ignore', output, output],
      env: { ...process.env, NO_COLOR: '1', ...env },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (bytes) => {
        said += bytes;
      });
    }
    child.on('error', (error) => resolve({ status: 1, said: `${error.message}\n` }));
    child.on('close', (status) => resolve({ status: status ?? 1, said }));
  });
}

const secondsSince = (started) => `${((performance.now() - started) / 1000).toFixed(1)} s`;

async function check({ name, program, args, remedy }) {
  const started = performance.now();
  const { status, said } = await run(program, args);
  print(`${status === 0 ? '✓' : '✗'} ${name}, ${secondsSince(started)}\n`);
  if (status !== 0) print(`${said}${remedy === undefined ? '' : `Mend it with: ${remedy}\n`}`);
  return { passed: Number(status === 0), failed: Number(status !== 0), skipped: 0 };
}

async function specs(project) {
  const started = performance.now();
  const file = join(results, `${project}.json`);
  rmSync(file, { force: true });
  print(`${project} tests\n`);
  const { status } = await run(
    'jest/bin/jest.js',
    ['--selectProjects', project, '--silent', '--reporters=<rootDir>/scripts/jest-reporter.mjs'],
    {
      nodeArgs: ['--experimental-vm-modules', '--no-warnings'],
      show: true,
      env: { JEST_REPORT: file },
    },
  );
  const counts = countsOf(file, status, project);
  const mark = counts.failed === 0 ? '✓' : '✗';
  print(`${mark} ${project}: ${counts.passed} passed, ${secondsSince(started)}\n`);
  return counts;
}

function countsOf(file, status, project) {
  if (!existsSync(file)) {
    print(`jest ended with status ${status} before it had run the ${project} tests\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const { passed, failed, skipped } = JSON.parse(readFileSync(file, 'utf8'));
  const nothing = failed === 0 && skipped.length === 0 && (status !== 0 || passed === 0);
  if (nothing) print(`jest ended with status ${status} after ${passed} tests\n`);
  if (existsSync(join(root, '..', 'shared'))) {
    for (const name of skipped) print(`✗ skipped, which counts as failed: ${name}\n`);
    return { passed, failed: failed + skipped.length + Number(nothing), skipped: 0 };
  }
  return { passed, failed: failed + Number(nothing), skipped: skipped.length };
}

async function main() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < NODE_MIN[0] || (major === NODE_MIN[0] && minor < NODE_MIN[1])) {
    print(`The tests run on Node ${NODE_MIN.join('.')} or newer: start them with "npm test".\n`);
    return 1;
  }
  mkdirSync(results, { recursive: true });
  const projects = process.argv.includes('--quick') ? ['unit'] : ['unit', 'integration'];
  const total = { passed: 0, failed: 0, skipped: 0 };
  const add = (counts) => {
    for (const key of Object.keys(total)) total[key] += counts[key];
  };
  if (projects.includes('integration')) installBrowser(print);
  for (const one of CHECKS) add(await check(one));
  for (const project of projects) add(await specs(project));
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  print(`\n${total.passed} passed, ${total.failed} failed${skipped}\n`);
  return total.failed === 0 ? 0 : 1;
}

process.exitCode = await main();
