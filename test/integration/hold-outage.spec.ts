/** The broker is down while holds are placed and ended, and a zombie publisher goes on afterwards: no order lost, no release after a cancel. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openWorld, type World } from './engine-world.ts';
import { playOutage } from './hold-outage.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 120_000);
afterAll(() => world.close());

it('the broker away for some seconds, and a publisher that was stopped meanwhile', async () => {
  expect(await playOutage(world, { transfers: 240, downMs: 4_000 })).toEqual([]);
}, 180_000);
