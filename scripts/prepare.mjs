/**
 * Runs before every npm script: installs what is missing, then builds what changed. It says nothing where nothing is to be done,
 * and speaks on standard error only, so that what the script prints stays clean.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_MIN = 20;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const say = (line) => process.stderr.write(`${line}\n`);

async function prepare() {
  if (Number(process.versions.node.split('.')[0]) < NODE_MIN) {
    say(`Lengjing needs Node ${NODE_MIN} or newer to start; this is ${process.version}.`);
    return 1;
  }
  const { Plain, installPackages } = await import('./install.mjs');
  try {
    await installPackages(root, say);
    if (process.argv.includes('--no-build')) return 0;
    const { build } = await import('./build.mjs');
    const count = await build(root);
    if (count > 0) say(`Built ${count} ${count === 1 ? 'file' : 'files'} into dist/.`);
    return 0;
  } catch (error) {
    if (error instanceof Plain) say(error.message);
    else if (error.code === 'ENOSPC') say('The disk is full: free some space and start again.');
    else if (error.code === 'EACCES') say(`${join(root, 'dist')} cannot be written: who owns it?`);
    else say(`The build failed: ${error.stack ?? error}`);
    return 1;
  }
}

process.exitCode = await prepare();
