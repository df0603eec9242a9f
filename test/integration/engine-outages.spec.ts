/** Database and broker that die and come back under a running engine: it goes on by itself, and decides what it would have decided. */
import { readFile, readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  checkRun,
  outcomeOf,
  readJournal,
  startTestPostgres,
  type SubjectOutcome,
  type TestPostgres,
} from '#testing';
import { describeWithShared, sharedPath } from '../shared.ts';
import { open } from './databases.ts';
import { SMALL_BATCHES, loseServers, mixed } from './engine-ordeal.ts';
import { lengjing } from './engine-programs.ts';
import { openWorld, type Run, type World } from './engine-world.ts';

const TRANSFERS = 1_500;
const SEED = 20_161_125;
/** Longer than the engine needs to notice. */
const AWAY_MS = 700;

describeWithShared(`${TRANSFERS} transfers and all cases`, () => {
  let server: TestPostgres;
  let world: World;
  let subjects: number;
  let undisturbed: ReadonlyMap<string, SubjectOutcome>;
  beforeAll(async () => {
    [server, world] = await Promise.all([startTestPostgres(), openWorld()]);
    const data = sharedPath('data', 'amlsim-20k-fanin.csv.gz');
    const converted = await lengjing(['convert', 'amlsim', '--limit', String(TRANSFERS), data]);
    await world.sendLines(mixed(converted.stdout, await cases()));
    const run = await world.openRun();
    await run.start('risk-engine', SMALL_BATCHES);
    undisturbed = await outcome(run);
    subjects = undisturbed.size;
    expect(subjects).toBeGreaterThan(TRANSFERS);
    await run.close();
  }, 240_000);
  afterAll(async () => {
    await world.close();
    await server.stop();
  });

  async function cases(): Promise<readonly string[]> {
    const names = (await readdir(sharedPath('cases'))).filter((name) => name.endsWith('.jsonl'));
    return Promise.all(names.map((name) => readFile(sharedPath('cases', name), 'utf8')));
  }

  /** What came of the run, after every check of it. */
  async function outcome(run: Run): Promise<ReadonlyMap<string, SubjectOutcome>> {
    await run.settle();
    const record = await run.record();
    expect(checkRun(record)).toEqual([]);
    const { decisions } = readJournal(record.chains);
    expect(decisions.filter(({ body }) => body.sequence === 1).length).toBeGreaterThan(TRANSFERS);
    return outcomeOf(record);
  }

  it('come out the same when the database dies twice and comes back', async () => {
    const url = await server.createDatabase('outages');
    const database = await open(url);
    await database.migrate();
    await database.close();
    // The server is this spec's own: it ends with its data.
    const run = await world.openRun({ url, drop: () => Promise.resolve() });
    const outage = async (): Promise<void> => {
      await server.kill();
      await sleep(AWAY_MS);
      await server.restart();
    };
    const engine = await loseServers(run, { seed: SEED, subjects, outages: [outage, outage] });
    expect(await outcome(run)).toEqual(undisturbed);
    // The same process all the time.
    expect(engine.hasEnded()).toBe(false);
    await run.close();
  }, 240_000);

  it('come out the same when the broker is killed, and when it is restarted in order', async () => {
    const run = await world.openRun();
    const { broker } = world.kafka;
    const killed = async (): Promise<void> => {
      await broker.kill();
      await sleep(AWAY_MS);
      await broker.restart();
    };
    const engine = await loseServers(run, {
      seed: SEED,
      subjects,
      outages: [killed, () => broker.restart()],
    });
    expect(await outcome(run)).toEqual(undisturbed);
    expect(engine.hasEnded()).toBe(false);
    await run.close();
  }, 240_000);
});
