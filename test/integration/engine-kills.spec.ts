/** Engines that are killed and stopped in the middle of their work decide what undisturbed ones decide, once. */
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { checkRun, outcomeOf, readJournal, type SubjectOutcome } from '#testing';
import { describeWithShared, sharedPath } from '../shared.ts';
import { killAndStop, killAtRandom, mixed, SMALL_BATCHES } from './engine-ordeal.ts';
import { lengjing } from './engine-programs.ts';
import { openWorld, type Run, type World } from './engine-world.ts';

const TRANSFERS = 6_000;
const SEED = 20_161_124;
/** Longer than a session lasts (6 s), so that the others take over meanwhile. */
const STOP_MS = 9_000;

describeWithShared(`${TRANSFERS} transfers and all cases`, () => {
  let folder: string;
  let world: World;
  let subjects: number;
  let undisturbed: ReadonlyMap<string, SubjectOutcome>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lengjing-kills-'));
    const data = sharedPath('data', 'amlsim-20k-fanin.csv.gz');
    const converted = await lengjing(['convert', 'amlsim', '--limit', String(TRANSFERS), data]);
    const file = join(folder, 'events.jsonl');
    await writeFile(file, mixed(converted.stdout, await cases()));
    world = await openWorld();
    await world.send(file);
    const run = await world.openRun();
    await run.start('risk-engine', SMALL_BATCHES);
    undisturbed = await outcome(run);
    subjects = undisturbed.size;
    await run.close();
  }, 240_000);
  afterAll(async () => {
    await world.close();
    await rm(folder, { recursive: true, force: true });
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
    const firsts = decisions.filter(({ body }) => body.sequence === 1);
    expect(firsts.length).toBeGreaterThan(TRANSFERS);
    return outcomeOf(record);
  }

  it('come out the same after five kills at random', async () => {
    const run = await world.openRun();
    await killAtRandom(run, { seed: SEED, subjects, kills: 5 });
    expect(await outcome(run)).toEqual(undisturbed);
    expect(run.programs().filter((one) => one.process.signalCode === 'SIGKILL')).toHaveLength(5);
    await run.close();
  }, 240_000);

  it('come out the same when of two engines one is killed and one is stopped and goes on', async () => {
    const run = await world.openRun();
    await killAndStop(run, { seed: SEED, subjects, stopMs: STOP_MS });
    expect(await outcome(run)).toEqual(undisturbed);
    const [killed, ...others] = run.programs();
    expect(killed?.process.signalCode).toBe('SIGKILL');
    // The one that was stopped has noticed, and lives.
    expect(others.map((one) => one.hasEnded())).toEqual([false, false]);
    await run.close();
  }, 240_000);
});
