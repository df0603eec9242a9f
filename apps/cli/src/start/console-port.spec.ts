import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { CommandFailed, UsageError } from '../usage.ts';
import { consolePort } from './console-port.ts';

const taken: Server[] = [];
afterEach(async () => {
  for (const server of taken.splice(0)) {
    await new Promise((closed) => {
      server.close(closed);
    });
  }
});

/** Listens on loopback; resolves with the port. */
async function take(port: number): Promise<number> {
  const server = createServer();
  taken.push(server);
  await new Promise<void>((listening, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', listening);
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('the port of the console', () => {
  it.each([undefined, ''])('is the first free one from 8080 on where PORT is %j', async (given) => {
    const first = Number(await consolePort(given));
    expect(first).toBeGreaterThanOrEqual(8_080);
    await take(first);
    expect(Number(await consolePort(given))).toBeGreaterThan(first);
  });

  it('is the one that was asked for, and a free one for 0', async () => {
    const free = await take(0);
    await new Promise((closed) => {
      taken.pop()?.close(closed);
    });
    expect(await consolePort(String(free))).toBe(String(free));
    const drawn = Number(await consolePort('0'));
    expect(await take(drawn)).toBe(drawn);
  });

  it('is refused where somebody has it', async () => {
    const port = await take(0);
    await expect(consolePort(String(port))).rejects.toThrow(CommandFailed);
    await expect(consolePort(String(port))).rejects.toThrow(`port ${port} is taken: `);
  });

  it.each(['eighty', '-1', '65536', '80 80', '1e3', '8080.5'])('is not %j', async (given) => {
    await expect(consolePort(given)).rejects.toThrow(UsageError);
  });
});
