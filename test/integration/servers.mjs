/**
 * The real servers that all integration specs of one jest run share. Each is started when the first spec asks for it, so a
 * run that needs none pays for none; whoever started jest ends them. Plain JavaScript: jest loads it before any transform.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** What a spec can ask for: `start` resolves with what the spec is told and with how to stop it. */
const STARTERS = {
  async postgres() {
    const { startTestPostgres } = await import('../../libs/testing/src/postgres.ts');
    const server = await startTestPostgres();
    return { told: { url: server.url }, stop: () => server.stop() };
  },
  async kafka() {
    const { fetchKafka, startLocalKafka } = await import('../../libs/testing/src/kafka.ts');
    const jars = await fetchKafka({ directory: resolve('.lengjing', 'kafka-jars') });
    const directory = await mkdtemp(join(tmpdir(), 'lengjing-kafka-'));
    const broker = await startLocalKafka({ jars, directory });
    const stop = async () => {
      await broker.stop();
      await rm(directory, { recursive: true, force: true });
    };
    return { told: { brokers: broker.brokers }, stop };
  },
  /** The programs as they are shipped, for specs that run them as processes. */
  async build() {
    const { build } = await import('../../scripts/build.mjs');
    await build(resolve('.'));
    return { told: {}, stop: async () => undefined };
  },
};

const started = new Map();
let desk;

/** Opens the desk where specs ask for servers, and tells its address to every worker through the environment. */
export async function openDesk() {
  desk = createServer((request, response) => {
    const name = request.url?.slice(1) ?? '';
    if (!Object.hasOwn(STARTERS, name)) {
      response.writeHead(404).end(JSON.stringify({ error: `no server is called ${name}` }));
      return;
    }
    if (!started.has(name)) started.set(name, STARTERS[name]());
    started.get(name).then(
      ({ told }) => response.writeHead(200).end(JSON.stringify(told)),
      (error) => response.writeHead(500).end(JSON.stringify({ error: String(error?.message) })),
    );
  });
  await new Promise((resolve) => desk.listen(0, '127.0.0.1', resolve));
  process.env.JEST_SHARED_SERVERS = `http://127.0.0.1:${desk.address().port}`;
}

/** Stops every server that was started. */
export async function closeDesk() {
  await Promise.all(
    [...started.values()].map(async (server) => {
      const running = await server.catch(() => undefined);
      await running?.stop();
    }),
  );
  await new Promise((resolve) => {
    desk.close(resolve);
    desk.closeAllConnections();
  });
}
