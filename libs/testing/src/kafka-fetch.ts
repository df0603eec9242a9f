/** Fetches the broker's jars with Maven, once, and checks every byte of them against the list beside the pom. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { archiveClasses } from './kafka-archive.ts';

export interface FetchKafkaOptions {
  /** Where the jars are kept for the next time. */
  readonly directory: string;
  readonly onProgress?: (progress: FetchProgress) => void;
  /** Executables, where they are not on the PATH. */
  readonly java?: string;
  readonly maven?: string;
  /** Folder with `pom.xml`, `jars.sha256` and `log4j2.properties`; found in the checkout by default. */
  readonly deployment?: string;
}

export interface FetchProgress {
  readonly step: 'downloading' | 'checking' | 'preparing';
  readonly done: number;
  readonly total: number;
}

export interface KafkaJars {
  /** Value for `java -cp`. */
  readonly classPath: string;
  readonly java: string;
  readonly logConfiguration: string;
  /** Class data archive that halves the start; absent where the JVM could not make one. */
  readonly archive?: string;
}

const JAVA_VERSION_MIN = 17;

/**
 * The jars of the pinned broker in `directory`, fetched when they are not there. Safe to call from several processes at
 * once. Every failure is an `Error` whose message is one line that says what to do.
 */
export async function fetchKafka(options: FetchKafkaOptions): Promise<KafkaJars> {
  const deployment = options.deployment ?? (await findDeployment());
  const java = options.java ?? 'java';
  const javaVersion = await checkJava(java);
  const pom = await readFile(join(deployment, 'pom.xml'));
  const pins = await readPins(join(deployment, 'jars.sha256'));
  const home = join(options.directory, createHash('sha256').update(pom).digest('hex').slice(0, 16));
  if (!(await exists(home))) await fetchInto(home, { ...options, deployment, pins });
  const jars: KafkaJars = {
    classPath: join(home, '*'),
    java,
    logConfiguration: join(deployment, 'log4j2.properties'),
  };
  const archive = join(
    home,
    `java-${createHash('sha256').update(javaVersion).digest('hex').slice(0, 8)}.jsa`,
  );
  if (!(await exists(archive))) {
    options.onProgress?.({ step: 'preparing', done: 0, total: 1 });
    if (!(await archiveClasses(jars, archive))) return jars;
  }
  return { ...jars, archive };
}

interface FetchPlan extends FetchKafkaOptions {
  readonly deployment: string;
  readonly pins: ReadonlyMap<string, string>;
}

/** Downloads beside the final folder and renames at the end, so that what is there is always whole. */
async function fetchInto(home: string, plan: FetchPlan): Promise<void> {
  const unfinished = await makeFolder(plan.directory);
  try {
    await runMaven(unfinished, plan);
    plan.onProgress?.({ step: 'checking', done: 0, total: plan.pins.size });
    await checkJars(unfinished, plan.pins);
    await rename(unfinished, home).catch(async (error: unknown) => {
      // Another process was faster; its jars passed the same check.
      if (!(await exists(home))) throw error;
    });
  } catch (error) {
    throw isDiskFull(error) ? diskFull(plan.directory) : error;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function makeFolder(directory: string): Promise<string> {
  try {
    await mkdir(directory, { recursive: true });
    return await mkdtemp(join(directory, '.fetch-'));
  } catch (error) {
    throw isDiskFull(error)
      ? diskFull(directory)
      : new Error(`Kafka's jars cannot be kept in ${directory}: make that folder writable`, {
          cause: error,
        });
  }
}

function runMaven(target: string, plan: FetchPlan): Promise<void> {
  const maven = plan.maven ?? 'mvn';
  const goal = [
    'dependency:copy-dependencies',
    '-DincludeScope=runtime',
    `-DoutputDirectory=${target}`,
  ];
  const total = plan.pins.size;
  return new Promise((resolve, reject) => {
    const child = spawn(
      maven,
      ['-B', '-U', '-C', '-f', join(plan.deployment, 'pom.xml'), ...goal],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let output = '';
    let done = 0;
    const read = (chunk: Buffer): void => {
      const text = chunk.toString('utf8');
      output = (output + text).slice(-64 * 1024);
      const downloaded = text.match(/^\[?(?:INFO\]? )?Downloaded from .*\.jar/gm)?.length ?? 0;
      if (downloaded === 0) return;
      done = Math.min(total, done + downloaded);
      plan.onProgress?.({ step: 'downloading', done, total });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('error', (error) => {
      const missing = 'code' in error && error.code === 'ENOENT';
      const hint = `Maven is not installed: put mvn on the PATH to fetch Kafka, or set KAFKA_BROKERS to a broker of yours`;
      reject(missing ? new Error(hint) : error);
    });
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(explainMaven(output, plan.directory)));
    });
  });
}

const NO_NETWORK =
  /Unknown host|UnknownHostException|Connection refused|[Cc]onnect(?:ion)? timed out|Network is unreachable|Temporary failure in name resolution|No route to host|Could not transfer artifact/;

export const UNMAPPABLE = /unmappable characters|InvalidPathException/;

/** Java takes file names in the encoding of the locale. */
export function unmappable(folder: string): string {
  return `Java cannot use the folder name ${folder} in this locale: set LC_ALL=C.UTF-8 and try again`;
}

/** One line out of Maven's many. */
export function explainMaven(output: string, directory: string): string {
  if (/No space left on device/.test(output)) return diskFull(directory).message;
  if (/[Cc]hecksum validation failed/.test(output)) {
    return 'Kafka was not fetched: a download does not match its checksum; try again, and look at the mirror in ~/.m2/settings.xml if it stays so';
  }
  if (UNMAPPABLE.test(output)) return unmappable(directory);
  if (NO_NETWORK.test(output)) {
    return 'Kafka was not fetched: Maven cannot reach its repository; check the network or set a mirror in ~/.m2/settings.xml, then try again';
  }
  const line = output.match(/^\[ERROR\] (?<text>\S.*)$/m)?.groups?.['text'];
  const reason = line?.replace(/ -> \[Help \d+\].*$/, '') ?? 'Maven ended without saying why';
  return `Kafka was not fetched: ${reason}`;
}

function diskFull(directory: string): Error {
  return new Error(
    `Kafka was not fetched: the disk is full; free 200 MB for ${directory} and try again`,
  );
}

function isDiskFull(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ENOSPC' || error.code === 'EDQUOT')
  );
}

async function checkJars(folder: string, pins: ReadonlyMap<string, string>): Promise<void> {
  const present = (await readdir(folder)).filter((name) => name.endsWith('.jar'));
  for (const name of present) {
    const digest = createHash('sha256')
      .update(await readFile(join(folder, name)))
      .digest('hex');
    if (pins.get(name) !== digest) {
      throw new Error(
        `Kafka was not fetched: ${name} is not the file that deploy/kafka/jars.sha256 pins; do not use it, and look at the Maven mirror`,
      );
    }
  }
  const missing = [...pins.keys()].filter((name) => !present.includes(name));
  if (missing.length > 0)
    throw new Error(`Kafka was not fetched: ${missing.join(', ')} did not come; try again`);
}

async function readPins(file: string): Promise<ReadonlyMap<string, string>> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => [line.slice(64).trim(), line.slice(0, 64)]));
}

/** First line of `java -version`, after a check that it is new enough. */
async function checkJava(java: string): Promise<string> {
  const ask = `Kafka needs Java ${JAVA_VERSION_MIN} or newer`;
  const said = await new Promise<string>((resolve, reject) => {
    const child = spawn(java, ['-version'], { stdio: ['ignore', 'ignore', 'pipe'] });
    let text = '';
    child.stderr.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
    });
    child.on('error', () => reject(new Error(`Java is not installed: ${ask} on the PATH`)));
    child.on('close', () => resolve(text));
  });
  const version = /version "(?:1\.)?(?<major>\d+)[^"]*"/.exec(said);
  const major = Number(version?.groups?.['major'] ?? 0);
  if (major < JAVA_VERSION_MIN) {
    throw new Error(
      `Java is too old: ${ask}, and the one on the PATH is ${major === 0 ? 'unknown' : major}`,
    );
  }
  return said.split('\n').join(' ');
}

/** The checkout's `deploy/kafka`, also from the build in `dist`. */
async function findDeployment(): Promise<string> {
  for (let folder = import.meta.dirname; dirname(folder) !== folder; folder = dirname(folder)) {
    const candidate = join(folder, 'deploy', 'kafka');
    if (await exists(join(candidate, 'pom.xml'))) return candidate;
  }
  throw new Error('deploy/kafka/pom.xml is missing: run this from a whole checkout');
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
