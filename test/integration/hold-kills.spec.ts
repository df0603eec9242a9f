/** Three workers and their database, killed at random while holds fall due: every hold ends exactly once, none early, none lost. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startTestPostgres, type TestPostgres } from '#testing';
import { playHoldOrdeal } from './hold-ordeal.ts';

let server: TestPostgres;
beforeAll(async () => {
  server = await startTestPostgres();
}, 60_000);
afterAll(() => server.stop());

it('three kills, one of them the database’s', async () => {
  const found = await playHoldOrdeal({
    server,
    seed: 20_161_124,
    holds: 3_000,
    spreadMs: 9_000,
    kills: 3,
  });
  expect(found).toEqual([]);
}, 180_000);
