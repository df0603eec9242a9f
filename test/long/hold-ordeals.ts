/** Holds under faults, at length: five minutes of expiries with everything killed at random, and a broker that is away for a minute. */
import { startTestPostgres } from '#testing';
import { openWorld } from '../integration/engine-world.ts';
import { playHoldOrdeal } from '../integration/hold-ordeal.ts';
import { playOutage } from '../integration/hold-outage.ts';
import { closeDesk, openDesk } from '../integration/servers.mjs';
import type { LongCheck } from './long-check.ts';

const EXPIRIES = { holds: 30_000, spreadMs: 300_000, kills: 40 } as const;
const OUTAGE = { transfers: 600, downMs: 60_000 } as const;

export const holdOrdeals: LongCheck = {
  name: 'holds',
  about:
    'Three workers and their database killed at random for five minutes of expiries: every hold ends once, none early, none lost. The broker down for a minute while holds are placed and ended, a publisher stopped meanwhile: no order lost, no release after a cancel.',
  counts: 'ordeals',
  count: 2,
  async run({ seed: first, count, say }) {
    await openDesk();
    const failures: string[] = [];
    let [expiries, outages] = [0, 0];
    try {
      for (let seed = first; seed < first + count; seed += 1) {
        const isOutage = (seed - first) % 2 === 1;
        if (isOutage) outages += 1;
        else expiries += 1;
        const found = isOutage ? await outage() : await killed(seed);
        const what = isOutage ? 'broker away' : `killed, seed ${seed}`;
        if (found.length > 0) failures.push(`${what}: ${found.slice(0, 3).join('; ')}`);
        say(`${found.length === 0 ? '✓' : '✗'} ${what}`);
      }
    } finally {
      await closeDesk();
    }
    return {
      passed: count - failures.length,
      failures,
      figures: {
        'five minutes of expiries': `${expiries}, of ${EXPIRIES.holds} holds and ${EXPIRIES.kills} kills each`,
        'broker away for a minute': `${outages}, of ${OUTAGE.transfers} held transfers each`,
      },
    };
  },
};

async function killed(seed: number): Promise<readonly string[]> {
  const server = await startTestPostgres();
  try {
    return await playHoldOrdeal({ server, seed, ...EXPIRIES });
  } catch (error) {
    return [error instanceof Error ? error.message : 'it failed without a reason'];
  } finally {
    await server.stop();
  }
}

async function outage(): Promise<readonly string[]> {
  const world = await openWorld();
  try {
    return await playOutage(world, OUTAGE);
  } catch (error) {
    return [error instanceof Error ? error.message : 'it failed without a reason'];
  } finally {
    await world.close();
  }
}
