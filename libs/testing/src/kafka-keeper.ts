/**
 * Runs the broker for a parent and ends it when the parent is gone, also when the parent was killed. A process of its own:
 * `kafka-process.ts` forks it with the command line as arguments; the channel closing is the sign.
 */
import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';

const ORPHAN_GRACE_MS = 5_000;

const [log, command, ...args] = process.argv.slice(2);
if (log === undefined || command === undefined) process.exit(2);

const output = openSync(log, 'a');
const broker = spawn(command, args, { stdio: ['ignore', output, output] });

broker.on('error', () => process.exit(127));
broker.on('exit', (code) => process.exit(code ?? 1));
process.send?.({ pid: broker.pid });

function end(): void {
  broker.kill('SIGTERM');
  setTimeout(() => broker.kill('SIGKILL'), ORPHAN_GRACE_MS);
}
process.on('disconnect', end);
process.on('SIGTERM', end);
process.on('SIGINT', () => undefined);
