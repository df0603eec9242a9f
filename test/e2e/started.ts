/** `lengjing start` as a person runs it: a process with a folder of its own, what it prints, and what it leaves running. */
import { spawn } from 'node:child_process';
import { readFile, readdir, readlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { askForServer } from '../integration/ask.ts';

export interface Started {
  /** Everything on standard output so far. */
  output(): string;
  /** Waits until standard output matches. Throws what it printed when it ends before. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  /** Ctrl-C. */
  interrupt(): void;
  /** Resolves with how it ended. */
  ended(): Promise<Ending>;
  /** SIGKILL: what it started ends by itself. */
  kill(): void;
}

export interface Ending {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const POLL_MS = 20;
const WAIT_MS = 150_000;

/**
 * Starts it with `home` as its folder, any free port and nothing else of this process's environment. `home` is also its HOME, by which
 * whatever it starts is found again.
 */
export async function startLengjing(
  home: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Started> {
  await askForServer('build');
  const script = resolve('dist', 'apps', 'cli', 'src', 'main.js');
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, ['--enable-source-maps', script, 'start', ...args], {
    env: { PATH, HOME: home, LENGJING_HOME: home, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  const ended = new Promise<Ending>((end) => {
    child.once('close', (status) => end({ status, ...said }));
  });
  let over = false;
  void ended.then(() => {
    over = true;
    live.delete(started);
  });
  const started: Started = {
    output: () => said.stdout,
    async until(pattern) {
      const deadline = Date.now() + WAIT_MS;
      for (;;) {
        const match = pattern.exec(said.stdout);
        if (match !== null) return match;
        if (over || Date.now() > deadline) {
          throw new Error(`${String(pattern)} was not printed: ${said.stdout}${said.stderr}`);
        }
        await sleep(POLL_MS);
      }
    },
    interrupt: () => void child.kill('SIGINT'),
    kill: () => void child.kill('SIGKILL'),
    ended: () => ended,
  };
  live.add(started);
  return started;
}

/** What a spec that failed has left running. */
const live = new Set<Started>();

/** Ends it; MUST be called after the last spec. */
export async function endAll(): Promise<void> {
  for (const started of live) {
    started.kill();
    await started.ended();
  }
}

/** Commands of the processes that were started with `home`, or work in it. Reads Linux's /proc. */
export async function runningIn(home: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const read = (name: string): Promise<string> =>
        readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
      const [command, environment, folder] = await Promise.all([
        read('cmdline'),
        read('environ'),
        readlink(`/proc/${pid}/cwd`).catch(() => ''),
      ]);
      const ours = command.includes(home) || environment.includes(home) || folder.startsWith(home);
      return ours ? [`${pid} ${command.replaceAll('\0', ' ')}`] : [];
    }),
  );
  return found.flat();
}

/** Waits a moment for the last of them to be gone; resolves with those that stay. */
export async function leftIn(home: string, waitMs = 5_000): Promise<readonly string[]> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    const running = await runningIn(home);
    if (running.length === 0 || Date.now() > deadline) return running;
    await sleep(POLL_MS);
  }
}

export interface Api {
  readonly url: string;
  readonly token: string;
}

/** Where the API is, as it was printed. */
export async function apiOf(started: Started): Promise<Api> {
  const [, url = ''] = await started.until(/API +(http:\/\/\S+)/);
  const [, token = ''] = await started.until(/Token +([0-9a-f]{64})/);
  return { url, token };
}

export interface ListedHold {
  readonly holdId: string;
  readonly state: string;
  readonly subject: { readonly kind: string; readonly id: string };
}

/** Every hold, open and ended, page by page. */
export async function holdsOf({ url, token }: Api): Promise<readonly ListedHold[]> {
  const all: ListedHold[] = [];
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ state: 'all', limit: '100' });
    if (cursor !== undefined) query.set('cursor', cursor);
    const answer = await fetch(`${url}/holds?${query.toString()}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (!answer.ok) throw new Error(`the API answered ${answer.status}`);
    const page = (await answer.json()) as { holds: readonly ListedHold[]; nextCursor?: string };
    all.push(...page.holds);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return all;
}
