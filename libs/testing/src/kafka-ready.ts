/** Ports for a broker, and the question whether it answers, in Kafka's own protocol. */
import { createConnection, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const ASK_TIMEOUT_MS = 1_000;
const ASK_PAUSE_MS = 25;

/** Resolves true once the broker lists itself as alive, false when `hasEnded` says there is nobody to wait for. */
export async function waitUntilReady(
  port: number,
  hasEnded: () => boolean,
  deadlineMs: number,
): Promise<boolean> {
  const deadline = Date.now() + deadlineMs;
  while (!hasEnded() && Date.now() < deadline) {
    if (await listsBroker(port)) return true;
    await sleep(ASK_PAUSE_MS);
  }
  return false;
}

/** One Metadata request (version 6, no topics): a broker that is still fenced lists nobody. */
function listsBroker(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    const answer = (alive: boolean): void => {
      socket.destroy();
      resolve(alive);
    };
    let received = Buffer.alloc(0);
    socket.setTimeout(ASK_TIMEOUT_MS, () => answer(false));
    socket.on('error', () => answer(false));
    socket.on('close', () => answer(false));
    socket.on('connect', () => socket.write(metadataRequest()));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      // Length, correlation id, throttle time, number of brokers.
      if (received.length >= 16) answer(received.readInt32BE(12) > 0);
    });
  });
}

function metadataRequest(): Buffer {
  const client = Buffer.from('ready');
  const body = Buffer.alloc(8 + 2 + client.length + 4 + 1);
  body.writeInt16BE(3, 0);
  body.writeInt16BE(6, 2);
  body.writeInt32BE(1, 4);
  body.writeInt16BE(client.length, 8);
  client.copy(body, 10);
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

/** Free loopback ports, all different. Somebody else may still take one before it is used. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const probes = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    probes.map(
      (probe) =>
        new Promise<number>((resolve, reject) => {
          probe.once('error', reject);
          probe.listen(0, '127.0.0.1', () => {
            const address = probe.address();
            if (typeof address === 'object' && address !== null) resolve(address.port);
            else reject(new Error('no free loopback port'));
          });
        }),
    ),
  );
  await Promise.all(probes.map((probe) => new Promise((resolve) => probe.close(resolve))));
  return ports;
}
