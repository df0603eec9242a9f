/** Policies over HTTP: from draft over shadow to live and back, by two people, and never two versions in one decision. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { livePolicy } from '#application';
import { defaultPolicy, readPolicy } from '#contracts';
import { weigh, type DecisionBody, type Policy } from '#domain';
import { decideAfternoon } from './console-afternoon.ts';
import { consoleWorld, type Browser, type ConsoleWorld } from './console-world.ts';

let world: ConsoleWorld;
let author: Browser;
let approver: Browser;

beforeAll(async () => {
  world = await consoleWorld();
  await decideAfternoon(world.database, 'li', 'a');
  await decideAfternoon(world.database, 'xu', 'a');
  author = await world.signedIn('qian');
  approver = await world.signedIn('zhou');
});

afterAll(async () => {
  await world.close();
});

/** The default policy with other tiers. */
function documentOf(version: string, tiers: Policy['tiers']): object {
  const { digest: _digest, ...document } = defaultPolicy();
  return { ...document, version, tiers };
}

const STRICT = { T1: 1, T2: 2, T3: 3, T4: 4 };
const MILD = { T1: 197, T2: 198, T3: 199, T4: 200 };

async function draft(version: string, tiers = MILD): Promise<string> {
  const answer = await author.post('/api/v1/policies', {
    title: `tiers ${version}`,
    document: documentOf(version, tiers),
  });
  if (answer.status !== 200) throw new Error(answer.text);
  return String(answer.json['policyVersionId']);
}

async function live(): Promise<string> {
  const { json } = await author.get('/api/v1/policies');
  const items = json['items'] as { state: string; version: string }[];
  return items
    .filter(({ state }) => state === 'active')
    .map(({ version }) => version)
    .join();
}

async function until(done: () => Promise<boolean>): Promise<number> {
  const startedAt = Date.now();
  while (!(await done()) && Date.now() - startedAt < 8_000) {
    await new Promise((next) => {
      setTimeout(next, 25);
    });
  }
  return Date.now() - startedAt;
}

async function decisions(): Promise<readonly DecisionBody[]> {
  const rows: readonly { canonical: string }[] = await world.database.dataSource.query(
    `SELECT canonical FROM journal WHERE type = 'decision.made' ORDER BY at, chain, sequence`,
  );
  return rows.map(({ canonical }) => (JSON.parse(canonical) as { body: DecisionBody }).body);
}

describe('a policy', () => {
  it('begins as the file that the programs were started with', async () => {
    const { json } = await author.get('/api/v1/policies');
    expect(json['items']).toMatchObject([
      { state: 'active', version: defaultPolicy().version, digest: defaultPolicy().digest },
    ]);
  });

  it('that cannot decide is not kept, and the first fault is said', async () => {
    const answer = await author.post('/api/v1/policies', {
      title: 'upside down',
      document: documentOf('x1', { T1: 40, T2: 30, T3: 20, T4: 10 }),
    });
    expect(answer.status).toBe(400);
    expect(answer.json['detail']).toMatch(/tiers/);
  });

  it('is compared in words and numbers, and tried on decisions on record', async () => {
    const id = await draft('t1');
    const diff = await author.get(`/api/v1/policies/${id}/diff`);
    const paths = (diff.json['changes'] as { path: string }[]).map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['version', 'tiers.T1', 'tiers.T4']));
    const lint = await author.post(`/api/v1/policies/${id}/lint`);
    expect(lint.json).toEqual({ ok: true, findings: [] });
    const made = await decisions();
    const backtest = await author.post(`/api/v1/policies/${id}/backtest`, { days: 7 });
    expect(backtest.json).toMatchObject({ decisions: made.length, skipped: 0, cannotShow: [] });
    const held = made.filter(({ tier }) => tier >= 'T2').length;
    const { before, after } = backtest.json as Record<string, Record<string, number>>;
    expect((before?.['T2'] ?? 0) + (before?.['T3'] ?? 0) + (before?.['T4'] ?? 0)).toBe(held);
    expect((after?.['T2'] ?? 0) + (after?.['T3'] ?? 0) + (after?.['T4'] ?? 0)).toBeLessThan(held);
  });

  it('is approved by somebody else, in order, or not at all', async () => {
    const id = await draft('t2');
    const step = async (who: Browser, name: string): Promise<string> => {
      const answer = await who.post(`/api/v1/policies/${id}/${name}`);
      return answer.status === 200 ? String(answer.json['state']) : String(answer.json['code']);
    };
    expect(await step(approver, 'activate')).toBe('wrong_state');
    expect(await step(approver, 'submit')).toBe('forbidden');
    expect(await step(author, 'activate')).toBe('forbidden');
    expect(await step(author, 'submit')).toBe('submitted');
    const changed = { document: documentOf('t2', STRICT) };
    expect((await author.send('PUT', `/api/v1/policies/${id}`, changed)).status).toBe(409);
    expect(await step(approver, 'reject')).toBe('rejected');
    expect(await step(approver, 'activate')).toBe('wrong_state');
  });

  it('is not approved by its author, whatever roles they have', async () => {
    const id = await draft('t3');
    await author.post(`/api/v1/policies/${id}/submit`);
    const both = `UPDATE staff_sessions SET roles = '{policy_author,policy_approver}'`;
    await world.database.dataSource.query(`${both} WHERE user_id = $1`, [author.userId]);
    const answer = await author.post(`/api/v1/policies/${id}/activate`);
    expect([answer.status, answer.json['code']]).toEqual([403, 'own_policy']);
    await world.database.dataSource.query(
      `UPDATE staff_sessions SET roles = '{policy_author}' WHERE user_id = $1`,
      [author.userId],
    );
  });

  it('of a name that is taken is refused', async () => {
    const answer = await author.post('/api/v1/policies', {
      title: 'again',
      document: documentOf('t1', STRICT),
    });
    expect([answer.status, answer.json['code']]).toEqual([409, 'version_taken']);
  });
});

describe('beside the live one', () => {
  it('it decides everything and holds nothing; the same rules decide the same', async () => {
    const same = await draft('s1', defaultPolicy().tiers);
    await author.post(`/api/v1/policies/${same}/submit`);
    expect((await approver.post(`/api/v1/policies/${same}/shadow`)).status).toBe(200);
    await until(async () => (await positions(same)) > 0);
    const holds = await countHolds();
    await decideAfternoon(world.database, 'xu', 'same');
    const placed = (await countHolds()) - holds;
    const report = async (id: string): Promise<Record<string, unknown>> =>
      (await author.get(`/api/v1/policies/${id}/shadow`)).json;
    await until(async () => Number((await report(same))['decisions']) > 0);
    const sameReport = await report(same);
    expect(sameReport['changed']).toBe(0);
    expect(sameReport['before']).toEqual(sameReport['after']);

    const mild = await draft('s2', MILD);
    await author.post(`/api/v1/policies/${mild}/submit`);
    await approver.post(`/api/v1/policies/${mild}/shadow`);
    await until(async () => (await positions(mild)) > 0);
    const before = await countHolds();
    await decideAfternoon(world.database, 'xu', 'mild');
    await until(async () => Number((await report(mild))['decisions']) > 0);
    // What is held is what the live version holds.
    expect((await countHolds()) - before).toBe(placed);
    const mildReport = await report(mild);
    expect(mildReport['decisions']).toBe(sameReport['decisions']);
    expect(mildReport['changed']).toBeGreaterThan(0);
  });
});

async function positions(id: string): Promise<number> {
  const rows: readonly unknown[] = await world.database.dataSource.query(
    'SELECT 1 FROM shadow_positions WHERE policy_version_id = $1',
    [id],
  );
  return rows.length;
}

async function countHolds(): Promise<number> {
  const [row]: readonly { count: string }[] = await world.database.dataSource.query(
    'SELECT count(*) FROM holds',
  );
  return Number(row?.count);
}

describe('made live', () => {
  it('it decides within five seconds without a restart, and is rolled back as fast', async () => {
    const engine = livePolicy(world.database.policyStore, defaultPolicy(), (document) => {
      const read = readPolicy(document);
      return read.ok ? read.policy : undefined;
    });
    await engine.look();
    expect(engine.current().version).toBe(defaultPolicy().version);
    const id = await draft('l1', STRICT);
    await author.post(`/api/v1/policies/${id}/submit`);
    expect((await approver.post(`/api/v1/policies/${id}/activate`)).status).toBe(200);
    const tookMs = await until(async () => {
      await engine.look();
      return engine.current().version === 'l1';
    });
    expect(tookMs).toBeLessThan(5_000);
    expect(await live()).toBe('l1');
    const back = await approver.post('/api/v1/policies/rollback', { comment: 'too strict' });
    expect(back.json).toMatchObject({ state: 'active', version: defaultPolicy().version });
    await engine.look();
    expect(engine.current()).toBe(defaultPolicy());
  });

  it('while payments stream in, each decision is of one version alone', async () => {
    const strict = await draft('l2', STRICT);
    await author.post(`/api/v1/policies/${strict}/submit`);
    const document = await world.database.policyStore.documentOf(strict);
    const read = readPolicy(document ?? '');
    if (!read.ok) throw new Error('the stored document cannot be read');
    const policies = new Map([
      [defaultPolicy().digest, defaultPolicy()],
      [read.policy.digest, read.policy],
    ]);
    const engine = livePolicy(world.database.policyStore, defaultPolicy(), () => read.policy);
    const before = (await decisions()).length;
    let [switched, ran] = [0, 0];
    const switching = (async () => {
      for (; switched < 6; switched += 1) {
        const step = switched === 0 ? `${strict}/activate` : 'rollback';
        const answer = await approver.post(`/api/v1/policies/${step}`);
        if (answer.status !== 200) throw new Error(answer.text);
        await engine.look();
        // Each version decides for a while, or nothing would be shown.
        const from = ran;
        await until(() => Promise.resolve(ran >= from + 2));
      }
    })();
    const deciding = (async () => {
      for (; switched < 6; ran += 1) {
        const name = ran % 2 === 0 ? 'xu' : 'li';
        await decideAfternoon(world.database, name, `load-${ran}`, engine.current());
      }
    })();
    await Promise.all([switching, deciding]);
    const made = (await decisions()).slice(before);
    const seen = new Set(made.map(({ policy }) => policy.digest));
    expect(seen.size).toBe(2);
    for (const { facts, policy, score, tier, outcome } of made) {
      const under = policies.get(policy.digest);
      if (under === undefined || facts === null)
        throw new Error('decided by a version nobody made live');
      expect(weigh(facts, under)).toMatchObject({ score, tier, outcome });
    }
  });
});
