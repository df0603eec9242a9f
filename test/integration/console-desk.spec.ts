/** The desks around the queue over HTTP: overview, journal, refused records, the description; who may what; what is done only once. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PERMISSIONS, type Permission } from '#config';
import { OPERATIONS } from '../../apps/ops-console/src/api/operations.ts';
import { ROLES, type Role } from '../../apps/ops-console/src/api/session.ts';
import { mayDo } from '../../apps/ops-console/src/access/verbs.ts';
import { decideAfternoon } from './console-afternoon.ts';
import { consoleWorld, type Browser, type ConsoleWorld } from './console-world.ts';

let world: ConsoleWorld;
const staff = new Map<Role, Browser>();

const LOGINS: Readonly<Record<Role, string>> = {
  analyst: 'chen',
  supervisor: 'zhao',
  auditor: 'sun',
  policy_author: 'qian',
  policy_approver: 'zhou',
  admin: 'wu',
};

beforeAll(async () => {
  world = await consoleWorld();
  await decideAfternoon(world.database, 'li', 'a');
  await decideAfternoon(world.database, 'xu', 'a');
  for (const role of ROLES) staff.set(role, await world.signedIn(LOGINS[role]));
  // Supervisor alone, so that the table shows one role at a time.
  await world.database.dataSource.query(
    `UPDATE staff_sessions SET roles = '{supervisor}' WHERE user_id = $1`,
    [of('supervisor').userId],
  );
});

afterAll(async () => {
  await world.close();
});

function of(role: Role): Browser {
  const browser = staff.get(role);
  if (browser === undefined) throw new Error(`nobody is ${role}`);
  return browser;
}

function callerWith(role: Role): Parameters<typeof mayDo>[1] {
  const session = { userId: 'a', name: 'a', roles: [role], csrfToken: '', startedAt: 0, endsAt: 1 };
  return { kind: 'staff', name: 'a', displayName: 'a', roles: [role], session };
}

const UNKNOWN = '00000000-0000-0000-0000-000000000009';

describe('every described operation', () => {
  const operations = Object.entries(OPERATIONS).filter(([name]) => !name.includes('logout'));

  it.each(operations)(
    '%s is served, to whom its verb allows and to nobody else',
    async (name, { verb, stream }) => {
      const [method = '', path = ''] = name.split(' ');
      const address = path.replaceAll(/\{\w+\}/g, UNKNOWN);
      expect((await world.browser().ask(method, address)).status).toBe(401);
      for (const role of ROLES) {
        if (stream === true) continue;
        const answer = await of(role).send(method, address, method === 'GET' ? undefined : {});
        const allowed = verb === 'signed-in' || mayDo(verb, callerWith(role));
        const refused = answer.status === 403 && answer.json['code'] === 'forbidden';
        expect([name, role, refused]).toEqual([name, role, !allowed]);
        // Served: what is not found is a thing, not the address.
        expect(answer.json['code']).not.toBe('not_found');
        expect(answer.status).toBeLessThan(500);
      }
    },
  );

  it('is in the document, which names its verb', async () => {
    const { json } = await world.browser().get('/api/openapi.json');
    const paths = json['paths'] as Record<string, Record<string, { description: string }>>;
    expect(json['openapi']).toBe('3.1.0');
    for (const [name, { verb }] of Object.entries(OPERATIONS)) {
      const [method = '', path = ''] = name.split(' ');
      const told = paths[path]?.[method.toLowerCase()]?.description ?? '';
      expect(told).toContain(verb === 'signed-in' ? 'everybody' : verb);
    }
  });

  it('needs a permission that there is', () => {
    const known: ReadonlySet<Permission | 'signed-in'> = new Set([...PERMISSIONS, 'signed-in']);
    for (const { verb } of Object.values(OPERATIONS)) expect(known).toContain(verb);
  });
});

describe('the overview', () => {
  it('counts what was held, and says why', async () => {
    const { json } = await of('admin').get('/api/v1/overview?days=2');
    const totals = json['totals'] as { holds: number; open: number };
    const series = json['series'] as Record<
      'placed' | 'released' | 'cancelled' | 'expired',
      number
    >[];
    expect(series).toHaveLength(48);
    expect(series.reduce((sum, { placed }) => sum + placed, 0)).toBe(totals.holds);
    expect(totals.holds).toBeGreaterThan(3);
    // The draws of the afternoons were paid out: their holds ended with that.
    const ended = series.reduce((sum, one) => sum + one.released + one.cancelled + one.expired, 0);
    expect(ended).toBeGreaterThan(0);
    expect(totals.open + ended).toBe(totals.holds);
    const codes = (json['reasons'] as { code: string }[]).map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(['CR1', 'CO1']));
    expect(JSON.stringify(json)).not.toMatch(/payer-(li|xu)/);
  });

  it.each(['?days=0', '?days=91', '?days=x'])('refuses %s', async (query) => {
    expect((await of('admin').get(`/api/v1/overview${query}`)).status).toBe(400);
  });
});

describe('the journal', () => {
  it('is paged newest first, without personal values', async () => {
    const [chain]: readonly { chain: number }[] = await world.database.dataSource.query(
      `SELECT chain FROM journal WHERE type = 'hold.placed' LIMIT 1`,
    );
    const seen: number[] = [];
    let cursor = '';
    do {
      const next = cursor === '' ? '' : `&cursor=${cursor}`;
      const { json, text } = await of('auditor').get(
        `/api/v1/journal?chain=${chain?.chain}&limit=7${next}`,
      );
      expect(text).not.toMatch(/payer-(li|xu)/);
      seen.push(...(json['items'] as { sequence: number }[]).map(({ sequence }) => sequence));
      cursor = typeof json['nextCursor'] === 'string' ? json['nextCursor'] : '';
    } while (cursor !== '');
    expect(seen).toEqual(seen.map((_, at) => seen.length - at));
  });
});

describe('a command with an idempotency key', () => {
  const save = (key: string, name: string) =>
    of('analyst').send('POST', '/api/v1/views', { name, filter: {} }, { 'idempotency-key': key });

  it('is done once, and answered the same each time', async () => {
    const [one, two] = [await save('key-number-1', 'a'), await save('key-number-1', 'a')];
    expect(two.json).toEqual(one.json);
    expect(two.headers.get('idempotent-replayed')).toBe('true');
    const views = await of('analyst').get('/api/v1/views');
    expect(views.json['items']).toHaveLength(1);
  });

  it('sent twice at once is done once', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => save('key-number-2', 'b')));
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(1);
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    const views = await of('analyst').get('/api/v1/views');
    const named = (views.json['items'] as { name: string }[]).filter(({ name }) => name === 'b');
    expect(named).toHaveLength(1);
  });

  it('is refused for another request, and each caller’s keys are its own', async () => {
    await save('key-number-3', 'c');
    const other = await save('key-number-3', 'd');
    expect([other.status, other.json['code']]).toEqual([422, 'key_reused']);
    const theirs = await of('supervisor').send(
      'POST',
      '/api/v1/views',
      { name: 'c', filter: {} },
      { 'idempotency-key': 'key-number-3' },
    );
    expect(theirs.status).toBe(200);
  });

  it('repeats a refusal too', async () => {
    const ask = () =>
      of('analyst').send(
        'POST',
        `/api/v1/cases/${UNKNOWN}/lock`,
        {},
        { 'idempotency-key': 'key-number-4' },
      );
    const [one, two] = [await ask(), await ask()];
    expect([one.status, two.status]).toEqual([404, 404]);
    expect(two.json).toEqual(one.json);
  });

  it.each(['short', 'with space in it', 'x'.repeat(129)])(
    'is refused with the key %j',
    async (key) => {
      const headers = { 'idempotency-key': key };
      const answer = await of('analyst').send(
        'POST',
        '/api/v1/views',
        { name: 'x', filter: {} },
        headers,
      );
      expect(answer.status).toBe(400);
    },
  );
});
