/** The broker as a child process that never outlives its parent, and the pid file by which a later start finds a left-over. */
import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { KafkaJars } from './kafka-fetch.ts';

export interface BrokerProcess {
  readonly pid: number;
  /** Resolves when it has ended, whatever ended it. */
  waitUntilEnded(): Promise<void>;
  hasEnded(): boolean;
}

export interface BrokerLaunch {
  readonly jars: KafkaJars;
  readonly properties: string;
  readonly log: string;
  readonly pidFile: string;
  readonly heapMb: number;
}

/** Whose broker it is: process ids are reused, so each comes with what tells one process from another. */
interface PidFile {
  readonly owner: ProcessMark;
  readonly broker: ProcessMark;
}
interface ProcessMark {
  readonly pid: number;
  readonly startedAt: string;
}

const END_WAIT_MS = 15_000;

/** Starts the broker. Its end is the parent's end at the latest, also by SIGKILL. */
export async function launchBroker(launch: BrokerLaunch): Promise<BrokerProcess> {
  const { jars, log } = launch;
  const java = [
    jars.java,
    `-Xmx${launch.heapMb}m`,
    '-XX:+UseG1GC',
    // Jars or JVM other than the archive's: the JVM starts without it, only slower.
    ...(jars.archive === undefined
      ? []
      : ['-Xshare:auto', '-Xlog:cds=off', `-XX:SharedArchiveFile=${jars.archive}`]),
    ...brokerArguments(jars, launch.properties),
  ];
  const own = import.meta.url;
  const keeper = fileURLToPath(
    new URL(own.endsWith('.ts') ? './kafka-keeper.ts' : './kafka-keeper.js', own),
  );
  // Detached: Ctrl-C in the terminal is for the parent, which stops what uses the broker first.
  const child = fork(keeper, [log, ...java], { detached: true, execArgv: [], stdio: 'ignore' });
  const pid = await brokerPid(child);
  child.unref();
  let over = false;
  child.once('exit', () => {
    over = true;
  });
  const [owner, broker] = [mark(process.pid), mark(pid)];
  if (owner !== undefined && broker !== undefined) {
    const file: PidFile = { owner, broker };
    await writeFile(launch.pidFile, JSON.stringify(file));
  }
  // A broker that is forgotten must not keep its parent from ending; only waiting for its end does.
  child.channel?.unref();
  const waitUntilEnded = (): Promise<void> =>
    new Promise((resolve) => {
      if (over) return resolve();
      child.ref();
      child.once('exit', () => resolve());
    });
  return { pid, waitUntilEnded, hasEnded: () => over };
}

/** Arguments of `java` that every tool of the broker needs. */
export function classPathArguments(jars: KafkaJars): readonly string[] {
  return ['-cp', jars.classPath, `-Dlog4j2.configurationFile=${jars.logConfiguration}`];
}

export function brokerArguments(jars: KafkaJars, properties: string): readonly string[] {
  return [...classPathArguments(jars), 'kafka.Kafka', properties];
}

function brokerPid(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => {
      if (
        typeof message === 'object' &&
        message !== null &&
        'pid' in message &&
        typeof message.pid === 'number'
      ) {
        resolve(message.pid);
      }
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`Kafka did not start: its keeper ended with ${code ?? 'a signal'}`)),
    );
  });
}

/** SIGTERM, and SIGKILL when that takes too long. */
export async function endBroker(broker: BrokerProcess): Promise<void> {
  if (broker.hasEnded()) return;
  signal(broker.pid, 'SIGTERM');
  const timer = setTimeout(() => signal(broker.pid, 'SIGKILL'), END_WAIT_MS);
  await broker.waitUntilEnded();
  clearTimeout(timer);
}

export async function killBroker(broker: BrokerProcess): Promise<void> {
  if (broker.hasEnded()) return;
  signal(broker.pid, 'SIGKILL');
  await broker.waitUntilEnded();
}

/**
 * Ends the broker that a killed earlier parent left behind, if the pid file really names it. Throws when its parent still
 * lives: then it is in use.
 */
export async function endLeftOver(pidFile: string, directory: string): Promise<void> {
  const file = readPidFile(await readFile(pidFile, 'utf8').catch(() => ''));
  if (file !== undefined && isRunning(file.broker)) {
    if (isRunning(file.owner)) {
      throw new Error(
        `Kafka in ${directory} is in use by process ${file.owner.pid}: stop that first`,
      );
    }
    signal(file.broker.pid, 'SIGTERM');
    const deadline = Date.now() + END_WAIT_MS;
    while (isRunning(file.broker)) {
      if (Date.now() > deadline) signal(file.broker.pid, 'SIGKILL');
      await sleep(50);
    }
  }
  await rm(pidFile, { force: true });
}

function readPidFile(text: string): PidFile | undefined {
  try {
    const file: unknown = JSON.parse(text);
    if (typeof file !== 'object' || file === null || !('owner' in file) || !('broker' in file))
      return undefined;
    return isMark(file.owner) && isMark(file.broker)
      ? { owner: file.owner, broker: file.broker }
      : undefined;
  } catch {
    // Torn by a crash while it was written: nothing can be concluded from it.
    return undefined;
  }
}

function isMark(value: unknown): value is ProcessMark {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    Number.isSafeInteger(value.pid) &&
    Number(value.pid) > 1 &&
    'startedAt' in value &&
    typeof value.startedAt === 'string'
  );
}

function isRunning(marked: ProcessMark): boolean {
  return mark(marked.pid)?.startedAt === marked.startedAt;
}

function mark(pid: number): ProcessMark | undefined {
  const startedAt = startOf(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** Boot and start time of a process; undefined when there is none (or only its zombie). */
function startOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      // The name in field 2 may hold blanks and parentheses; fields are counted after its last one.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      return fields[0] === 'Z' ? undefined : `${boot} ${fields[19]}`;
    }
    const started = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
    }).trim();
    return started === '' ? undefined : started;
  } catch {
    return undefined;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended in between.
  }
}
