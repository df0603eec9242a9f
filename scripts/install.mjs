/**
 * Installs the packages of package-lock.json where they are missing or others than the lock file says. Plain Node 20: at this
 * point nothing is installed.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const STAMP = 'node_modules/.lengjing-lock';
/** Node 24 as an npm package: what `node` means in npm scripts once it is there. */
const RUNTIME = 'node_modules/node/bin/node';

/** What node_modules takes, and half as much again while npm unpacks. npm itself does not notice a full disk in every place. */
const SPACE_MB = 700;

/** A fault that a person can mend: printed as one line, without a stack. */
export class Plain extends Error {}

/** Resolves with true when it installed something. Throws `Plain` with one line that says what to do. */
export async function installPackages(root, say) {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const hash = createHash('sha256').update(lock).digest('hex');
  const stamp = join(root, STAMP);
  if (existsSync(join(root, RUNTIME)) && textOf(stamp) === hash) return false;
  if (existsSync(join(root, RUNTIME)) && holdsPackagesOf(root, JSON.parse(lock))) {
    writeFileSync(stamp, hash);
    return false;
  }
  const free = freeMegabytes(root);
  if (free < SPACE_MB) {
    throw new Plain(`The packages need ${SPACE_MB} MB of disk in ${root}; ${free} MB are free.`);
  }
  const started = Date.now();
  say('Installing packages (npm ci); the first time takes a minute…');
  const { status, output } = await runNpm(root, ['ci', '--no-audit', '--no-fund']);
  if (status !== 0) throw new Plain(explain(output));
  if (!existsSync(join(root, RUNTIME))) {
    throw new Plain(
      `The npm package "node" brought no Node 24 for ${process.platform}-${process.arch}. ` +
        'Were install scripts switched off (npm config get ignore-scripts)?',
    );
  }
  writeFileSync(stamp, hash);
  say(`Packages installed in ${Math.round((Date.now() - started) / 1000)} s.`);
  return true;
}

/** Whether npm's own record of what it installed has every package of the lock file in the same version. */
function holdsPackagesOf(root, lock) {
  const record = textOf(join(root, 'node_modules/.package-lock.json'));
  if (record === undefined) return false;
  const installed = JSON.parse(record).packages;
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '') return true;
    const found = installed[path];
    if (found === undefined) return wanted.optional === true;
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

function freeMegabytes(folder) {
  const { bavail, bsize } = statfsSync(folder);
  return Math.floor((bavail * bsize) / 1_000_000);
}

function textOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** npm without the folder that it is about to replace in its PATH. Its warnings about engines would only puzzle a newcomer. */
function runNpm(root, args) {
  const own = join(root, 'node_modules');
  const path = (process.env.PATH ?? '').split(delimiter).filter((dir) => !dir.startsWith(own));
  const env = { ...process.env, PATH: path.join(delimiter), npm_config_loglevel: 'error' };
  return new Promise((resolve, reject) => {
    const npm = spawn('npm', args, {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let output = '';
    const collect = (bytes) => {
      output = (output + bytes).slice(-20_000);
    };
    npm.stdout.on('data', collect);
    npm.stderr.on('data', collect);
    npm.on('error', () => reject(new Plain('npm was not found in PATH: install it with Node.')));
    npm.on('close', (status) => resolve({ status, output }));
  });
}

const CAUSES = [
  [/ENOSPC/, 'The disk is full: free some space and start again.'],
  [
    /EACCES|EPERM|EROFS/,
    'npm may not write to node_modules: check who owns this folder (and never mix root and others).',
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|network/i,
    'npm cannot reach its registry: check the network or proxy (npm config get registry) and start again.',
  ],
  [
    /EUSAGE|in sync/,
    'package.json and package-lock.json do not agree: run "npm install" and commit the lock file.',
  ],
  [
    /EINTEGRITY/,
    'A package differs from the lock file: run "npm cache clean --force" and start again.',
  ],
];

function explain(output) {
  for (const [pattern, advice] of CAUSES) if (pattern.test(output)) return advice;
  const lines = output.split('\n').map((one) => one.replace(/^npm (error|ERR!)\s*/, '').trim());
  const telling = lines.find((one) => /\bError: /.test(one)) ?? lines.find((one) => one !== '');
  return `npm ci failed (${telling ?? 'without a word'}): run "npm ci" to see all of it.`;
}
