/** The port of the console for a start: the person's own, or the first free one from 8080 on. */
import { createServer } from 'node:net';
import { CommandFailed, UsageError } from '../usage.ts';

const FIRST = 8_080;
const LAST = 8_179;

/** As for the programs' own PORT. Throws `UsageError` for what is no port, `CommandFailed` with one line for one that is taken. */
export async function consolePort(given: string | undefined): Promise<string> {
  if (given !== undefined && given !== '') {
    if (!/^\d{1,5}$/.test(given) || Number(given) > 65_535) {
      throw new UsageError('PORT must be a number from 0 to 65535');
    }
    if (given !== '0' && !(await isFree(Number(given)))) {
      throw new CommandFailed(
        `port ${given} is taken: stop what uses it, or set PORT to another one (0 for any that is free)`,
      );
    }
    return given === '0' ? anyPort() : given;
  }
  return freePort(FIRST, LAST);
}

/** The payer page's, beyond those that the console may take. */
export function pagePort(): Promise<string> {
  return freePort(LAST + 1, LAST + 100);
}

async function freePort(first: number, last: number): Promise<string> {
  for (let port = first; port <= last; port += 1) if (await isFree(port)) return String(port);
  throw new CommandFailed(`no port from ${first} to ${last} is free: set PORT to one that is`);
}

/** On loopback, now. Somebody may still take it; the console then says so itself. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/** The login must know the port before the console has it, so 0 is drawn here. */
function anyPort(): Promise<string> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', () => reject(new CommandFailed('no port is free on loopback')));
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(String(port)));
    });
  });
}
