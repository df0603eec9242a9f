/** The three programs as child processes: started, waited for, watched, ended in order. */
import { fork, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandFailed } from '../usage.ts';

export type ProgramName = 'risk-engine' | 'risk-worker' | 'ops-console' | 'payer-page';

export interface Child {
  readonly name: ProgramName;
  readonly process: ChildProcess;
  readonly port: number;
  /** Orderly; SIGKILL where that takes too long. */
  stop(): Promise<void>;
}

export interface ChildLaunch {
  readonly name: ProgramName;
  readonly env: Readonly<Record<string, string>>;
  /** The person's own environment, of which only what makes a program run is handed on. */
  readonly inherited: Readonly<Record<string, string | undefined>>;
  /** Folder of the logs. */
  readonly logs: string;
  /** Called when it ends without having been asked to. */
  readonly onEnded: (reason: string) => void;
}

const STOP_MS_MAX = 20_000;

type Message =
  | { readonly type: 'ready'; readonly port: number }
  | { readonly type: 'failed'; readonly reason: string }
  | { readonly type: 'published' };

/** Resolves when the program is ready. Throws `CommandFailed` with its own reason when it cannot start. */
export async function startChild(launch: ChildLaunch): Promise<Child> {
  const { name, env, logs, onEnded } = launch;
  await mkdir(logs, { recursive: true });
  const log = createWriteStream(join(logs, `${name}.log`), { flags: 'a' });
  const own = import.meta.url;
  const extension = own.endsWith('.ts') ? 'ts' : 'js';
  const file = fileURLToPath(new URL(`../../../${name}/src/main.${extension}`, own));
  // A group of its own: Ctrl-C in the terminal is for us, who end everything in order.
  const child = fork(file, [], {
    detached: true,
    env: { ...handedOn(launch.inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.stdout?.pipe(log);
  child.stderr?.pipe(log);
  const port = await readyPort(child, name, logs);
  let stopping = false;
  child.once('exit', (code, signal) => {
    if (!stopping) onEnded(`${name} ended by itself (${signal ?? code}); see ${logs}/${name}.log`);
  });
  return {
    name,
    process: child,
    port,
    async stop() {
      stopping = true;
      await endProcess(child);
    },
  };
}

/** Nothing of the person's environment reaches the programs but what makes them run. */
function handedOn(env: ChildLaunch['inherited']): Record<string, string> {
  const kept = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS'];
  const entries = kept.map((key) => [key, env[key]] as const);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function readyPort(child: ChildProcess, name: ProgramName, logs: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: Message) => {
      if (message.type === 'ready') resolve(message.port);
      if (message.type === 'failed') reject(new CommandFailed(`${name}: ${message.reason}`));
    });
    child.once('error', (error) => reject(new CommandFailed(`${name}: ${error.message}`)));
    child.once('exit', () => {
      reject(new CommandFailed(`${name} ended before it was ready; see ${logs}/${name}.log`));
    });
  });
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => {
    child.once('exit', resolve);
  });
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
  await ended;
  clearTimeout(late);
}
