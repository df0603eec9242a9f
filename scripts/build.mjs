/** Compiles apps, libs and what they read into dist/: only what changed since the last time, by content. */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';

const SOURCES = ['apps', 'libs'];
/** Has a build of its own. */
const ELSEWHERE = 'apps/ops-web';
const MANIFEST = 'dist/.build.json';

/** Resolves with the number of files written. Throws where a source does not compile, naming it. */
export async function build(root) {
  const config = readFileSync(join(root, '.swcrc'), 'utf8');
  const require = createRequire(import.meta.url);
  const swcVersion = JSON.parse(readFileSync(require.resolve('@swc/core/package.json'))).version;
  const salt = `${config}\n${swcVersion}`;
  const before = readManifest(root);
  const after = {};
  const stale = [];
  for (const file of SOURCES.flatMap((dir) => filesIn(root, dir))) {
    const content = readFileSync(join(root, file));
    after[file] = createHash('sha256').update(salt).update(content).digest('hex');
    const written = outputsOf(file).every((output) => existsSync(join(root, output)));
    if (before[file] !== after[file] || !written) stale.push([file, content]);
  }
  const gone = Object.keys(before).filter((file) => after[file] === undefined);
  if (stale.length === 0 && gone.length === 0) return 0;
  for (const output of gone.flatMap(outputsOf)) rmSync(join(root, output), { force: true });
  const options = { ...JSON.parse(config), swcrc: false, cwd: root };
  const swc = stale.some(([file]) => isCompiled(file)) ? require('@swc/core') : undefined;
  await Promise.all(stale.map(([file, content]) => emit(root, { file, content, swc, options })));
  write(root, MANIFEST, JSON.stringify(after));
  return stale.length;
}

function readManifest(root) {
  try {
    return JSON.parse(readFileSync(join(root, MANIFEST), 'utf8'));
  } catch {
    return {};
  }
}

/** Sources in a fixed order with forward slashes: TypeScript without specs, and what lies beside it to be read at run time. */
function filesIn(root, dir) {
  if (!existsSync(join(root, dir))) return [];
  return readdirSync(join(root, dir), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .map((path) => path.split(sep).join('/'))
    .filter((path) => !path.startsWith(`${ELSEWHERE}/`) && !/\.(spec|d)\.ts$|\.md$/.test(path))
    .sort();
}

const isCompiled = (file) => file.endsWith('.ts');

function outputsOf(file) {
  if (!isCompiled(file)) return [`dist/${file}`];
  const name = `dist/${file.slice(0, -3)}.js`;
  return [name, `${name}.map`];
}

async function emit(root, { file, content, swc, options }) {
  const [output, map] = outputsOf(file);
  if (map === undefined) {
    write(root, output, content);
    return;
  }
  const sourceFileName = relative(dirname(output), file).split(sep).join('/');
  const result = await swc.transform(content.toString(), {
    ...options,
    filename: join(root, file),
    sourceFileName,
  });
  const name = output.slice(output.lastIndexOf('/') + 1);
  write(root, map, result.map);
  write(root, output, `${result.code}//# sourceMappingURL=${name}.map\n`);
}

/** Whole or not at all, also when another process reads it or this one is killed. */
function write(root, path, content) {
  const target = join(root, path);
  mkdirSync(dirname(target), { recursive: true });
  const half = `${target}.${process.pid}`;
  writeFileSync(half, content);
  renameSync(half, target);
}
