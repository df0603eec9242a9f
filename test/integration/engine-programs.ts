/** The built programs as child processes of a spec: started, spoken to by signals, and ended with it. */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { askForServer } from './ask.ts';

export type ProgramName = 'risk-engine' | 'risk-worker' | 'ops-console' | 'payer-page';

export interface Program {
  readonly name: ProgramName;
  readonly process: ChildProcess;
  /** Of its HTTP server. */
  readonly port: number;
  /** Everything it wrote so far. */
  output(): string;
  hasEnded(): boolean;
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>;
  /** SIGTERM, and waits for the end; resolves with the exit status. */
  stop(): Promise<number | null>;
}

/** Nothing of this process's environment but what makes Node run, so that a run depends on what the spec gives alone. */
const INHERITED = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ'];

function environment(given: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const kept = INHERITED.flatMap((key) => {
    const value = process.env[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  return { ...Object.fromEntries(kept), ...given };
}

/** Resolves once the program says that it is ready. Throws what it wrote when it ends before. */
export async function startProgram(
  name: ProgramName,
  env: Readonly<Record<string, string>>,
): Promise<Program> {
  await askForServer('build');
  const child = fork(resolve('dist', 'apps', name, 'src', 'main.js'), [], {
    env: environment({ PORT: '0', ...env }),
    execArgv: ['--enable-source-maps'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let written = '';
  const keep = (bytes: Buffer): void => {
    written += bytes.toString('utf8');
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const ended = once(child, 'exit');
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const port = await new Promise<number>((ready, reject) => {
    child.on('message', (message: { readonly type: string; readonly port?: number }) => {
      if (message.type === 'ready') ready(message.port ?? 0);
    });
    child.once('exit', () => reject(new Error(`${name} ended before it was ready: ${written}`)));
  });
  return {
    name,
    process: child,
    port,
    output: () => written,
    hasEnded,
    async kill() {
      child.kill('SIGKILL');
      if (!hasEnded()) await ended;
    },
    async stop() {
      child.kill('SIGTERM');
      if (!hasEnded()) await ended;
      return child.exitCode;
    },
  };
}

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `lengjing` to its end. */
export async function lengjing(
  args: readonly string[],
  given: { readonly env?: Readonly<Record<string, string>>; readonly input?: string } = {},
): Promise<Ran> {
  await askForServer('build');
  const script = resolve('dist', 'apps', 'cli', 'src', 'main.js');
  const child = spawn(process.execPath, ['--enable-source-maps', script, ...args], {
    env: environment(given.env ?? {}),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(given.input ?? '');
  const ended = once(child, 'exit');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await ended;
  return { status: child.exitCode, stdout, stderr };
}
