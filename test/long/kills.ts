/** Engines as processes over real Kafka and PostgreSQL that are killed, stopped, and robbed of their servers, round after round. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import {
  checkRun,
  outcomeOf,
  startTestPostgres,
  type SubjectOutcome,
  type TestPostgres,
} from '#testing';
import { open } from '../integration/databases.ts';
import {
  SMALL_BATCHES,
  killAndStop,
  killAtRandom,
  loseServers,
} from '../integration/engine-ordeal.ts';
import { lengjing } from '../integration/engine-programs.ts';
import { openWorld, type Run, type World } from '../integration/engine-world.ts';
import { closeDesk, openDesk } from '../integration/servers.mjs';
import type { LongCheck } from './long-check.ts';

type Outcomes = ReadonlyMap<string, SubjectOutcome>;

const STOP_MS = 9_000;
const AWAY_MS = 700;
const KILLS = 5;

interface Scene {
  readonly world: World;
  readonly server: TestPostgres;
  readonly undisturbed: Outcomes;
}

export const kills: LongCheck = {
  name: 'kills',
  about:
    'A simulated town’s events through real engines, which are killed five times at random, killed and stopped, or lose database or broker twice; every check of the run, and the result of an undisturbed one.',
  counts: 'rounds',
  count: 20,
  async run({ seed: first, count, say }) {
    await openDesk();
    const failures: string[] = [];
    const rounds = new Map<string, number>();
    let subjects = 0;
    try {
      const scene = await setScene(first);
      subjects = scene.undisturbed.size;
      try {
        for (let seed = first; seed < first + count; seed += 1) {
          const [name, befall] = ORDEALS[seed % ORDEALS.length] ?? ORDEALS[0];
          rounds.set(name, (rounds.get(name) ?? 0) + 1);
          const found = await play(scene, seed, befall);
          if (found !== undefined) failures.push(`round of seed ${seed}, ${name}: ${found}`);
          say(
            `${found === undefined ? '✓' : '✗'} seed ${seed}, ${name}${found === undefined ? '' : `: ${found}`}`,
          );
        }
      } finally {
        await scene.world.close();
        await scene.server.stop();
      }
    } finally {
      await closeDesk();
    }
    const kinds = [...rounds].map(([name, times]) => `${name} ${times}`).join(', ');
    return {
      passed: count - failures.length,
      failures,
      figures: { 'what befell them': kinds, 'subjects a round': subjects.toLocaleString('en') },
    };
  },
};

type Befall = (run: Run, scene: Scene, seed: number) => Promise<unknown>;

const ORDEALS: readonly [readonly [string, Befall], ...(readonly [string, Befall])[]] = [
  [
    'five kills',
    (run, { undisturbed }, seed) =>
      killAtRandom(run, { seed, subjects: undisturbed.size, kills: KILLS }),
  ],
  [
    'one killed and one stopped',
    (run, { undisturbed }, seed) =>
      killAndStop(run, { seed, subjects: undisturbed.size, stopMs: STOP_MS }),
  ],
  [
    'database lost twice',
    (run, scene, seed) => lose(run, scene, seed, () => restart(scene.server)),
  ],
  [
    'broker lost twice',
    (run, scene, seed) => lose(run, scene, seed, () => restart(scene.world.kafka.broker)),
  ],
];

function lose(
  run: Run,
  { undisturbed }: Scene,
  seed: number,
  outage: () => Promise<void>,
): Promise<unknown> {
  return loseServers(run, { seed, subjects: undisturbed.size, outages: [outage, outage] });
}

async function restart(server: { kill(): Promise<void>; restart(): Promise<void> }): Promise<void> {
  await server.kill();
  await sleep(AWAY_MS);
  await server.restart();
}

/** Servers, a town's events on the log, and what comes of them when nothing happens. */
async function setScene(seed: number): Promise<Scene> {
  const [server, world] = await Promise.all([startTestPostgres(), openWorld()]);
  const folder = await mkdtemp(join(tmpdir(), 'lengjing-long-'));
  try {
    await world.sendLines(await town(join(folder, 'events.jsonl'), seed));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const run = await openRun({ world, server }, 'undisturbed');
  await run.start('risk-engine', SMALL_BATCHES);
  const { outcomes, findings } = await resultOf(run);
  await run.close();
  if (findings.length > 0) throw new Error(`undisturbed: ${findings.slice(0, 3).join('; ')}`);
  return { world, server, undisturbed: outcomes };
}

const DAY_MS = 24 * 3_600_000;
const DAYS = 2;

/** Their codes go unread: the key is not given, so that engines and specs need none. */
async function town(path: string, seed: number): Promise<string> {
  const start = new Date(Date.now() - (DAYS + 1) * DAY_MS).toISOString();
  const size = ['--payers', '700', '--days', String(DAYS), '--scam-rate', '0.05'];
  const args = ['simulate', '--seed', String(seed), '--start', start, ...size, '--out', path];
  const ran = await lengjing(args);
  if (ran.status !== 0) throw new Error(`lengjing simulate: ${ran.stderr}`);
  return readFile(path, 'utf8');
}

/** Each on a database of its own, on the server that may be killed. */
async function openRun(
  { world, server }: Pick<Scene, 'world' | 'server'>,
  name: string,
): Promise<Run> {
  const url = await server.createDatabase(name);
  const database = await open(url);
  await database.migrate();
  await database.close();
  return world.openRun({ url, drop: () => Promise.resolve() });
}

/** What is wrong after a round, in words. */
async function play(scene: Scene, seed: number, befall: Befall): Promise<string | undefined> {
  const run = await openRun(scene, `round_${seed}`);
  try {
    await befall(run, scene, seed);
    const { outcomes, findings } = await resultOf(run);
    if (findings.length > 0) return findings.slice(0, 3).join('; ');
    return difference(scene.undisturbed, outcomes);
  } catch (error) {
    return error instanceof Error ? error.message : 'it failed without a reason';
  } finally {
    await run.close();
  }
}

async function resultOf(
  run: Run,
): Promise<{ readonly outcomes: Outcomes; readonly findings: readonly string[] }> {
  await run.settle();
  const record = await run.record();
  return { outcomes: outcomeOf(record), findings: checkRun(record) };
}

function difference(undisturbed: Outcomes, outcomes: Outcomes): string | undefined {
  const keys = new Set([...undisturbed.keys(), ...outcomes.keys()]);
  const other = [...keys].filter(
    (key) => !isDeepStrictEqual(undisturbed.get(key), outcomes.get(key)),
  );
  const [first] = other;
  if (first === undefined) return undefined;
  const [one, two] = [undisturbed, outcomes].map((of) => JSON.stringify(of.get(first)));
  return `${other.length} subjects differ, the first: ${two}, undisturbed ${one}`;
}
