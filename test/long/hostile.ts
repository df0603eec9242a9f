/** Random requests, some nearly right, to the payer page and the API: none may be answered by a failure of ours (issue: forged input). */
import { hostileRequests } from '../integration/hostile-requests.ts';
import { closeDesk, openDesk } from '../integration/servers.mjs';
import { openPayerWorld } from '../integration/payer-world.ts';
import type { LongCheck } from './long-check.ts';

/** A page's session lasts half an hour and its hold ends at the first true cancel: each round has a fresh one. */
const PER_ROUND = 1_000;

export const hostile: LongCheck = {
  name: 'hostile',
  about: `Rounds of ${PER_ROUND} random requests each to the payer page and the API, with and without a session, a form's key and a token: no answer of 500 or more, and both programs still well.`,
  counts: 'rounds',
  count: 10,
  async run({ seed: first, count, say }) {
    await openDesk();
    const failures: string[] = [];
    try {
      const world = await openPayerWorld();
      try {
        for (let seed = first; seed < first + count; seed += 1) {
          const found = await hostileRequests(await world.targets(), { count: PER_ROUND, seed });
          failures.push(...found.map((one) => `seed ${seed}: ${one}`));
          say(`${found.length === 0 ? '✓' : '✗'} seed ${seed}: ${PER_ROUND} requests`);
        }
        for (const url of [world.origin, world.consoleUrl]) {
          const { status } = await fetch(`${url}/health/ready`);
          if (status !== 200) failures.push(`afterwards a program answers ${status}`);
        }
      } finally {
        await world.close();
      }
    } finally {
      await closeDesk();
    }
    const requests = count * PER_ROUND;
    return {
      passed: failures.length === 0 ? count : 0,
      failures,
      figures: { requests: requests.toLocaleString('en') },
    };
  },
};
