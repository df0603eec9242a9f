/**
 * `npm run bench`: what the engine does per second and how long things take, on this machine, over the real servers. Names of sections
 * choose some (`npm run bench -- scorer engine`), `--quick` makes them short, `--profile` keeps CPU profiles of the engine.
 */
import { execFileSync } from 'node:child_process';
import { describeMachine } from './machine.ts';

export interface BenchOptions {
  readonly quick: boolean;
  /** Folder for CPU profiles. */
  readonly profile: string | undefined;
  readonly say: (line?: string) => void;
}

type Section = (options: BenchOptions) => Promise<void>;

/** In the order in which they are printed. */
const SECTIONS: Readonly<Record<string, () => Promise<{ readonly section: Section }>>> = {
  scorer: () => import('./scorer.ts'),
  replay: () => import('./replay.ts'),
  engine: () => import('./engine.ts'),
  holds: () => import('./holds.ts'),
  audit: () => import('./audit.ts'),
};

function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

function javaVersion(): string {
  try {
    const text = execFileSync('sh', ['-c', 'java -version 2>&1'], { encoding: 'utf8' });
    return /version "([^"]+)"/.exec(text)?.[1] ?? 'unknown';
  } catch {
    return 'none';
  }
}

const names = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const unknown = names.filter((name) => !Object.hasOwn(SECTIONS, name));
if (unknown.length > 0) {
  say(`there is no section ${unknown.join(', ')}; one of: ${Object.keys(SECTIONS).join(', ')}`);
  process.exit(2);
}
const options: BenchOptions = {
  quick: process.argv.includes('--quick'),
  profile: process.argv.includes('--profile') ? '.lengjing/profiles' : undefined,
  say,
};
say('Lengjing benchmark: broker, database, engine and generator share this machine');
for (const line of describeMachine({
  PostgreSQL: '18.4',
  Kafka: '4.4.0',
  kafkajs: '2.2.4',
  Java: javaVersion(),
}).lines) {
  say(`  ${line}`);
}
for (const [name, load] of Object.entries(SECTIONS)) {
  if (names.length > 0 && !names.includes(name)) continue;
  const { section } = await load();
  say();
  await section(options);
}
