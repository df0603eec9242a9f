/** Workers that race for the same due holds, and that are killed over it: every hold ends exactly once, none early, none lost. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkRun, readJournal } from '#testing';
import { callsAndTransfers, placeDueHolds, type DueTimes } from './engine-due-holds.ts';
import type { Program } from './engine-programs.ts';
import { jsonOf } from './engine-topics.ts';
import { openWorld, type Run, type World } from './engine-world.ts';

/** More than one worker takes at once (500), so that two have something to do at the same moment. */
const HOLDS = 600;
const WAIT_MS = 60_000;

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await world.sendLines(callsAndTransfers(HOLDS, Date.now()));
}, 120_000);
afterAll(() => world.close());

/** A run whose holds are placed under the workers that run already. */
async function runWithHolds(times: DueTimes, workers: number): Promise<Run> {
  const run = await world.openRun();
  await startWorkers(run, workers);
  await placeDueHolds(run.database, await world.inputs(), times);
  const placed = await run.database.holdStore.list({ state: 'all', limit: HOLDS + 1 });
  expect(placed.holds).toHaveLength(HOLDS);
  return run;
}

function startWorkers(run: Run, count: number): Promise<Program[]> {
  return Promise.all(Array.from({ length: count }, () => run.start('risk-worker')));
}

async function ends(run: Run): Promise<number> {
  const [row]: readonly { count: string }[] = await run.database.dataSource.query(
    `SELECT count(*) FROM holds WHERE status IN ('released', 'cancelled', 'expired')`,
  );
  return Number(row?.count);
}

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${WAIT_MS} ms: ${what}`);
    await sleep(25);
  }
}

/** Sessions of workers, all of them or those that wait for a lock: in the middle of a transaction, with their holds locked. */
async function sessions(run: Run, waiting: '' | 'Lock'): Promise<number> {
  const [row]: readonly { count: string }[] = await run.database.dataSource.query(
    `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
     AND application_name = 'lengjing-risk-worker' AND coalesce(wait_event_type, '') LIKE $1`,
    [waiting === '' ? '%' : waiting],
  );
  return Number(row?.count);
}

/** Keeps every chain locked while `work` runs, so that no worker comes to the end of its transaction. */
async function whileNobodyCommits(run: Run, work: () => Promise<void>): Promise<void> {
  await run.database.dataSource.transaction(async (manager) => {
    await manager.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    await manager.query('SELECT chain FROM chain_heads ORDER BY chain FOR UPDATE');
    await work();
  });
}

/** An engine publishes what becomes of the holds. After the last has ended: every check of the run, and each end said once by the journal and on the topic. */
async function checkEnds(run: Run): Promise<void> {
  await run.start('risk-engine');
  await until('every hold ends', async () => (await ends(run)) === HOLDS);
  await run.settle();
  const record = await run.record();
  expect(checkRun(record, { allHoldsEnded: true })).toEqual([]);
  const journaled = readJournal(record.chains).holds.filter(({ type }) => isEnd(type));
  expect(journaled).toHaveLength(HOLDS);
  expect(new Set(journaled.map(({ body }) => body.holdId)).size).toBe(HOLDS);
  const published = run.published
    .filter(({ topic }) => topic === 'risk.holds')
    .map((message) => jsonOf(message) as { holdId: string; order: string })
    .filter(({ order }) => order !== 'hold');
  expect(new Set(published.map(({ holdId }) => holdId)).size).toBe(HOLDS);
  expect(published).toHaveLength(HOLDS);
  // By the clock alone, in each of the three ways.
  expect(new Set(record.holds.map(({ status, ended }) => `${status} ${ended?.actor}`))).toEqual(
    new Set(['released clock', 'expired clock']),
  );
}

const isEnd = (type: string): boolean => /^hold\.(released|cancelled|expired)$/.test(type);

describe(`${HOLDS} holds that fall due`, () => {
  it('each end once when two workers find all of them due at the same moment', async () => {
    const run = await runWithHolds({ spreadMs: 0, ceilingMs: 2_500 }, 2);
    await checkEnds(run);
    const { holds } = readJournal((await run.record()).chains);
    // Those that wait to be reconfirmed came to their time before they came to their ceiling.
    const matured = holds.filter(({ type }) => type === 'hold.matured');
    expect(matured.length).toBeGreaterThan(0);
    await run.close();
  }, 120_000);

  it('each end once, none early, none lost, when three workers are killed over them', async () => {
    const run = await runWithHolds({ spreadMs: 0, ceilingMs: 500 }, 0);
    const dead = async (): Promise<boolean> => (await sessions(run, '')) === 0;
    const twoAtWork = async (): Promise<boolean> => (await sessions(run, 'Lock')) === 2;
    await whileNobodyCommits(run, async () => {
      const workers = await startWorkers(run, 2);
      await until('two workers are in the middle', twoAtWork);
      for (const worker of workers) await worker.kill();
    });
    await until('the dead are noticed', dead);
    expect(await ends(run)).toBe(0);
    await whileNobodyCommits(run, async () => {
      const [worker] = await startWorkers(run, 2);
      await until('two workers are in the middle', twoAtWork);
      await worker?.kill();
    });
    await startWorkers(run, 1);
    await checkEnds(run);
    const killed = run.programs().filter((one) => one.process.signalCode === 'SIGKILL');
    expect(killed.map(({ name }) => name)).toEqual(['risk-worker', 'risk-worker', 'risk-worker']);
    await run.close();
  }, 120_000);
});
