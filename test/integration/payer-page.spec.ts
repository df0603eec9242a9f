/** The payer page over HTTP: a link opens once for whoever it was minted for, GET never acts, and nothing else gets anything. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  LINK_MS,
  mintPayerLink,
  openPayerLink,
  type HoldRow,
  type PayerLinkDeps,
} from '#application';
import { NODE_HASHING } from '#config';
import { HOUR_MS, MINUTE_MS } from '#domain';
import { openPayerWorld, Visitor, type PayerWorld } from './payer-world.ts';
import { hostileRequests } from './hostile-requests.ts';

let world: PayerWorld;
beforeAll(async () => {
  world = await openPayerWorld();
});
afterAll(() => world?.close());

const DEAD = '这个链接不能用了';
const visitor = (): Visitor => new Visitor(world.origin);

async function entriesOf(
  hold: HoldRow,
): Promise<readonly { type: string; body: Record<string, unknown> }[]> {
  const bodies = (await world.entries()).map(({ type, canonical }) => ({
    type,
    body: (JSON.parse(canonical) as { body: Record<string, unknown> }).body,
  }));
  return bodies.filter(({ body }) => body['holdId'] === hold.holdId);
}

/** Matured: the waiting time is over. */
const matured = { status: 'matured', dueAt: Date.now() - 30_000, orderSequence: 2 } as const;

describe('a link', () => {
  it('shows the hold once it is opened, and tells nothing before', async () => {
    const hold = await world.place();
    const link = await world.mint(hold);
    const before = await visitor().get(new URL(link).pathname);
    expect(before.status).toBe(200);
    expect(before.text).not.toContain('6,919');
    const page = await visitor().open(link);
    const told = '已拦下，钱还没有转出 6,919元 请先挂断电话 取消这笔转账 96110 110 申诉'.split(' ');
    for (const words of told) expect(page).toContain(words);
    expect(page).not.toMatch(/\b(CD1|CO3|PY1|T4)\b|card-6217|https?:/);
  });

  it('opens once: whoever tries again, with it or beside it, gets nothing', async () => {
    const link = await world.mint(await world.place());
    const tries = await Promise.all(
      Array.from({ length: 8 }, () => visitor().post(new URL(link).pathname)),
    );
    const statuses = tries.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([303, ...Array<number>(7).fill(404)]);
    expect((await visitor().post(new URL(link).pathname)).status).toBe(404);
  });

  it('is not used up by whoever only looks', async () => {
    const link = await world.mint(await world.place());
    for (let times = 0; times < 3; times += 1) await visitor().get(new URL(link).pathname);
    expect(await visitor().open(link)).toContain('6,919元');
  });

  it('is dead after a quarter of an hour', async () => {
    const hold = await world.place();
    const deps = depsAt(Date.now());
    const minted = await mintPayerLink(deps, {
      holdId: hold.holdId,
      payerId: hold.payerId,
      purpose: 'stop',
    });
    if (!minted.ok) throw new Error(minted.code);
    expect(await openPayerLink(depsAt(Date.now() + LINK_MS), minted.token)).toBeUndefined();
    expect(await openPayerLink(depsAt(Date.now() + LINK_MS - 5_000), minted.token)).toBeDefined();
  });

  it.each([
    ['made up', 'a'.repeat(64)],
    ['too short', 'a'.repeat(63)],
    ['in capitals', 'A'.repeat(64)],
    ['empty', '%20'],
    ['SQL', `${'a'.repeat(60)}'--%20`],
    ['a path', '..%2f..%2fhold'],
  ])('that is %s gets nothing', async (_title, token) => {
    const answer = await visitor().post(`/l/${token}`);
    expect(answer).toEqual({ status: 404, location: null });
  });

  it('of another site is not opened', async () => {
    const link = await world.mint(await world.place());
    const { pathname } = new URL(link);
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'https://evil.example' },
    ]) {
      expect((await visitor().post(pathname, {}, headers)).status).toBe(404);
    }
    expect(await visitor().open(link)).toContain('6,919元');
  });

  it('never stands in a log', async () => {
    const link = await world.mint(await world.place());
    await visitor().open(link);
    expect(world.logs()).not.toContain(new URL(link).pathname.slice(3));
  });
});

function depsAt(now: number): PayerLinkDeps {
  const { unitOfWork, holdStore, payerStore } = world.database;
  const clock = { now: () => now };
  return { unitOfWork, holds: holdStore, payers: payerStore, clock, hashing: NODE_HASHING };
}

describe('minting', () => {
  async function ask(body: unknown, token = world.token): Promise<readonly [number, unknown]> {
    const answer = await fetch(`${world.consoleUrl}/api/v1/payer-links`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return [answer.status, ((await answer.json()) as { code?: string }).code];
  }

  it('refuses whoever is not the platform, and holds of somebody else', async () => {
    const hold = await world.place();
    const payer = { accountId: hold.payerId };
    expect(await ask({ holdId: hold.holdId, payer }, 'x'.repeat(64))).toEqual([
      401,
      'unauthenticated',
    ]);
    const other = { accountId: 'payer-other' };
    expect(await ask({ holdId: hold.holdId, payer: other })).toEqual([404, 'hold_unknown']);
    expect(await ask({ holdId: hold.holdId.replace(/^./, 'x'), payer })).toEqual([
      404,
      'hold_unknown',
    ]);
    expect(await ask({ holdId: hold.holdId })).toEqual([400, 'bad_request']);
    expect(await ask({ holdId: hold.holdId, payer, purpose: 'release' })).toEqual([
      400,
      'bad_request',
    ]);
    expect(await ask({ holdId: hold.holdId, payer, locale: 'fr' })).toEqual([400, 'bad_request']);
    expect(await ask({ holdId: hold.holdId, payer, purpose: 'reconfirm' })).toEqual([
      400,
      'needs_session',
    ]);
    expect(await ask([])).toEqual([400, 'bad_request']);
  });
});

describe('without a link', () => {
  it.each([
    '/hold',
    '/',
    '/l/',
    '/api/v1/holds',
    '/hold?lang=en',
    '/cancel',
    '/%00',
    '/%ff',
    '/l/%e0%a4%a',
  ])('GET %s shows nothing', async (path) => {
    const { status, text } = await visitor().get(path);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(text).toContain(DEAD);
  });

  it.each(['/cancel', '/answer', '/reconfirm', '/appeal', '/explain'])(
    'POST %s does nothing',
    async (path) => {
      expect((await visitor().post(path, { key: 'x', answer: 'coached_yes' })).status).toBe(404);
    },
  );
});

describe('cancelling', () => {
  it('takes one tap, ends the hold at once, and is an order in the journal', async () => {
    const hold = await world.place();
    const payer = visitor();
    await payer.open(await world.mint(hold));
    expect(await payer.act('/cancel')).toBe(303);
    expect((await payer.get('/hold')).text).toContain('已取消，钱在您的账户里');
    const entries = await entriesOf(hold);
    expect(entries.map(({ type }) => type)).toEqual(['hold.cancelled']);
    expect(entries[0]?.body).toMatchObject({
      order: 'cancel',
      actor: 'payer',
      iso20022: 'RJCT/DS02',
    });
  });

  it('a second time changes nothing', async () => {
    const hold = await world.place();
    const payer = visitor();
    const page = await payer.open(await world.mint(hold));
    const key = /name="key" value="([^"]+)"/.exec(page)?.[1] ?? '';
    const taps = await Promise.all(Array.from({ length: 5 }, () => payer.post('/cancel', { key })));
    expect(taps.map(({ status }) => status)).toEqual(Array(5).fill(303));
    expect(await entriesOf(hold)).toHaveLength(1);
  });

  it('does not happen by GET, without the form’s key, or from another site', async () => {
    const hold = await world.place();
    const payer = visitor();
    const page = await payer.open(await world.mint(hold));
    const key = /name="key" value="([^"]+)"/.exec(page)?.[1] ?? '';
    expect((await payer.get(`/cancel?key=${key}`)).status).toBe(404);
    expect((await payer.post('/cancel')).status).toBe(404);
    expect(
      (
        await payer.post('/cancel', {
          key: key.replace(/^./, (first) => (first === 'x' ? 'y' : 'x')),
        })
      ).status,
    ).toBe(404);
    expect((await payer.post('/cancel', { key }, { 'sec-fetch-site': 'cross-site' })).status).toBe(
      404,
    );
    expect((await payer.post('/cancel', { key }, { origin: 'https://evil.example' })).status).toBe(
      404,
    );
    expect(await entriesOf(hold)).toEqual([]);
  });

  it('with another page’s key does not happen either', async () => {
    const [mine, other] = [await world.place(), await world.place()];
    const [me, somebody] = [visitor(), visitor()];
    await me.open(await world.mint(mine));
    const page = await somebody.open(await world.mint(other));
    const key = /name="key" value="([^"]+)"/.exec(page)?.[1] ?? '';
    expect((await me.post('/cancel', { key })).status).toBe(404);
  });
});

describe('answering', () => {
  it('“yes, stop this” cancels and tells the engine', async () => {
    const hold = await world.place();
    const payer = visitor();
    await payer.open(await world.mint(hold));
    expect(await payer.act('/answer', { answer: 'coached_yes' })).toBe(303);
    const entries = await entriesOf(hold);
    expect(entries.map(({ type, body }) => [type, body['answer']])).toEqual([
      ['payer.answered', 'coached_yes'],
      ['hold.cancelled', undefined],
    ]);
  });

  it('“no” changes nothing but what is known', async () => {
    const hold = await world.place();
    const payer = visitor();
    await payer.open(await world.mint(hold));
    await payer.act('/answer', { answer: 'coached_no' });
    await payer.act('/answer', { answer: 'coached_no' });
    expect((await entriesOf(hold)).map(({ type }) => type)).toEqual(['payer.answered']);
    const { text } = await payer.get('/hold');
    expect(text).toContain('记下了');
    expect(text).toContain('取消这笔转账');
  });

  it('anything else is no answer', async () => {
    const hold = await world.place();
    const payer = visitor();
    await payer.open(await world.mint(hold));
    for (const answer of ['reconfirm', 'cancel', '', '__proto__'])
      await payer.act('/answer', { answer });
    expect(await entriesOf(hold)).toEqual([]);
  });

  it('an appeal keeps what was written as a commitment, and shows it nowhere', async () => {
    const hold = await world.place();
    const payer = visitor();
    await payer.open(await world.mint(hold));
    await payer.act('/appeal', { text: '   ' });
    await payer.act('/appeal', { text: '<b>付房租\u0000\u202e</b>' });
    await payer.act('/explain');
    const mine = (await world.entries()).filter(({ payerId }) => payerId === hold.payerId);
    expect(mine.map(({ type }) => type)).toEqual(['payer.answered', 'payer.answered']);
    expect(mine[0]?.canonical).not.toContain('房租');
    const text = mine[0]?.disclosures.find(({ name }) => name === 'text')?.value;
    expect(text).toBe('<b>付房租  </b>');
    const page = (await payer.get('/hold')).text;
    expect(page).toContain('申诉已收到');
    expect(page).not.toContain('房租');
  });
});

describe('reconfirming', () => {
  it.each<[string, Partial<HoldRow>, object, string | undefined]>([
    ['before it is due', {}, { purpose: 'reconfirm', sessionId: 's-2' }, undefined],
    [
      'without a session that the platform vouches for',
      matured,
      { purpose: 'stop', sessionId: 's-2' },
      undefined,
    ],
    ['after it is due, in one', matured, { purpose: 'reconfirm', sessionId: 's-2' }, 'reconfirm'],
  ])('%s', async (_title, changes, more, answer) => {
    const hold = await world.place({ placedAt: Date.now() - HOUR_MS, ...changes });
    const payer = visitor();
    await payer.open(await world.mint(hold, { ...more }));
    await payer.act('/reconfirm', { alone: 'yes' });
    const [entry] = await entriesOf(hold);
    expect(entry?.body['answer']).toBe(answer);
    const mine = (await world.entries()).find(({ payerId }) => payerId === hold.payerId);
    const session = mine?.disclosures.find(({ name }) => name === 'session')?.value;
    expect(session).toBe(answer === undefined ? undefined : 's-2');
  });

  it('needs the box ticked', async () => {
    const hold = await world.place({ placedAt: Date.now() - HOUR_MS, ...matured });
    const payer = visitor();
    const page = await payer.open(
      await world.mint(hold, { purpose: 'reconfirm', sessionId: 's-2' }),
    );
    expect(page).toContain('确认转出');
    await payer.act('/reconfirm');
    expect(await entriesOf(hold)).toEqual([]);
  });
});

describe('a page', () => {
  it('is in the language of the link, and in the other one on request', async () => {
    const hold = await world.place();
    const payer = visitor();
    const english = await payer.open(await world.mint(hold, { locale: 'en' }));
    expect(english).toContain('Stopped. Your money has not left');
    expect(english).toContain('¥6,919');
    expect((await payer.get('/hold?lang=zh')).text).toContain('已拦下');
    expect((await payer.get('/hold?lang=%00&lang=zh')).text).toContain('Stopped');
  });

  it('is over with its session', async () => {
    const hold = await world.place();
    const payer = visitor();
    await payer.open(await world.mint(hold));
    await world.database.dataSource.query(
      'UPDATE payer_links SET session_ends_at = $1 WHERE hold_id = $2',
      [Date.now() - 1, hold.holdId],
    );
    expect((await payer.get('/hold')).text).toContain(DEAD);
    expect((await payer.post('/cancel', { key: 'x' })).status).toBe(404);
  });

  it('forbids scripts, frames, storing and referring', async () => {
    const { headers } = await fetch(`${world.origin}/hold`);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'self'/);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-powered-by')).toBeNull();
    const link = await world.mint(await world.place());
    const opened = await fetch(link, { method: 'POST', redirect: 'manual' });
    expect(opened.headers.getSetCookie()[0]).toMatch(
      /^hold=[\da-f]{64}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=1800$/,
    );
  });

  it('of a hold that was placed in between stands as it stands', async () => {
    const hold = await world.place();
    const payer = visitor();
    await payer.open(await world.mint(hold));
    const ended = { at: Date.now(), actor: 'clock', reason: 'ceiling' } as const;
    await world.place({ ...hold, status: 'expired', orderSequence: 2, ended });
    expect((await payer.get('/hold')).text).toContain('已自动取消');
    expect(await payer.act('/cancel')).toBe(404);
    expect(await entriesOf(hold)).toEqual([]);
  });
});

describe('hostile input', () => {
  it('to page and API gives no 5xx', async () => {
    const found = await hostileRequests(await world.targets(), { count: 400, seed: 20_260_301 });
    expect(found).toEqual([]);
  });
});

it('links are gone after a day', async () => {
  const hold = await world.place();
  await mintPayerLink(depsAt(Date.now() - 25 * HOUR_MS), {
    holdId: hold.holdId,
    payerId: hold.payerId,
    purpose: 'stop',
  });
  const retention = { codesMs: 24 * HOUR_MS, evidenceMs: 72 * HOUR_MS };
  await world.database.eraseExpired(Date.now(), retention);
  const rows: readonly unknown[] = await world.database.dataSource.query(
    'SELECT 1 FROM payer_links WHERE minted_at < $1',
    [Date.now() - 24 * HOUR_MS - MINUTE_MS],
  );
  expect(rows).toEqual([]);
});
