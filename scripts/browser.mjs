/** The browser that the tests of pages need: Debian's Chromium, installed where it is missing and we may. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const WAIT_MS = 300_000;

/** Does nothing where a browser is there. Where none can be installed the tests that need it say so themselves. */
export function installBrowser(print) {
  if (PLACES.some((path) => existsSync(path)) || process.getuid?.() !== 0) return;
  if (!existsSync('/usr/bin/apt-get')) return;
  print('installing Chromium for the tests of pages …\n');
  const apt = (...args) =>
    spawnSync('apt-get', args, {
      stdio: 'ignore',
      timeout: WAIT_MS,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  const install = ['install', '-y', '-qq', '--no-install-recommends', 'chromium'];
  if (!apt(...install) && apt('update', '-qq')) apt(...install);
}
