/** Signing in to the console over HTTP, and every way around it that we could think of. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Browser, consoleWorld, type ConsoleWorld } from './console-world.ts';

let world: ConsoleWorld;

beforeAll(async () => {
  world = await consoleWorld();
});

afterAll(async () => {
  await world.close();
});

describe('signing in', () => {
  it('ends at the page that was asked for, with a session that scripts cannot read', async () => {
    const browser = world.browser();
    const callback = await browser.toCallback('chen', world.issuer.password, '/cases/1?tab=score');
    const answer = await browser.get(callback);
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe('/cases/1?tab=score');
    const [forgotten, , session] = answer.headers.getSetCookie();
    expect(forgotten).toMatch(/Max-Age=0/);
    expect(session).toMatch(/^lengjing=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/);
    const me = await browser.get('/api/v1/me');
    expect(me.json).toMatchObject({ name: '陈静 Chen Jing', roles: ['analyst'] });
    expect(me.json['verbs']).toContain('holds:cancel');
  });

  it('ends with signing out, on the server too', async () => {
    const browser = await world.signedIn('chen');
    const cookie = [...browser.jar()].map(([name, value]) => `${name}=${value}`).join('; ');
    expect((await browser.post('/auth/logout')).status).toBe(200);
    expect((await browser.get('/api/v1/me')).status).toBe(401);
    const again = await world.browser().ask('GET', '/api/v1/me', { headers: { cookie } });
    expect(again.status).toBe(401);
  });

  it.each([
    '//evil.example/a',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/\t/evil.example',
    '/..//evil.example',
    '/%0d%0aset-cookie:a=b',
    '/a\r\nset-cookie: a=b',
    '/auth/logout',
    '',
  ])('goes nowhere else: next=%j', async (next) => {
    const browser = world.browser();
    const answer = await browser.get(await browser.toCallback('chen', world.issuer.password, next));
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toMatch(/^\/(%0d%0aset-cookie:a=b)?$/);
    expect(answer.headers.getSetCookie().join()).not.toContain('a=b');
  });

  it('leaves a session that somebody planted before outside', async () => {
    const attacker = await world.signedIn('wang');
    const planted = attacker.jar().get('lengjing') ?? '';
    const victim = world.browser();
    victim.jar().set('lengjing', planted);
    await victim.signIn('chen', world.issuer.password);
    expect(victim.jar().get('lengjing')).not.toBe(planted);
    expect((await attacker.get('/api/v1/me')).status).toBe(401);
  });

  it('takes each answer of the issuer once, and only in the browser that asked', async () => {
    const browser = world.browser();
    const callback = await browser.toCallback('chen', world.issuer.password);
    const stranger = await world.browser().get(callback);
    expect([stranger.status, stranger.json['code']]).toEqual([400, 'login_failed']);
    expect((await browser.get(callback)).status).toBe(302);
    expect((await browser.get(callback)).status).toBe(400);
  });

  it.each([
    ['another state', (url: URL) => url.searchParams.set('state', 'x')],
    ['another code', (url: URL) => url.searchParams.set('code', 'x')],
    ['another issuer', (url: URL) => url.searchParams.set('iss', 'http://127.0.0.1:1')],
    ['no code', (url: URL) => url.searchParams.delete('code')],
    ['an error', (url: URL) => url.searchParams.set('error', 'access_denied')],
  ])('is refused with %s', async (_what, change) => {
    const browser = world.browser();
    const url = new URL(await browser.toCallback('chen', world.issuer.password));
    change(url);
    const answer = await browser.get(url.href);
    expect([answer.status, answer.json['code']]).toEqual([400, 'login_failed']);
    expect(browser.jar().has('lengjing')).toBe(false);
  });
});

describe('a request that changes something', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ['without the token', { 'x-csrf-token': '' }],
    ['with another’s token', { 'x-csrf-token': 'A'.repeat(43) }],
    ['from another origin', { origin: 'https://evil.example' }],
    ['from no origin that is one', { origin: 'null' }],
  ])('%s is refused', async (_what, headers) => {
    const browser = await world.signedIn('chen');
    const answer = await browser.send('POST', '/auth/logout', {}, headers);
    expect([answer.status, answer.json['code']]).toEqual([403, 'csrf']);
    expect((await browser.get('/api/v1/me')).status).toBe(200);
  });
});

describe('a stranger', () => {
  it.each(['/api/v1/me', '/api/v1/holds', '/api/v1/catalogue'])(
    'learns nothing at %s',
    async (path) => {
      const answer = await world.browser().get(path);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
    },
  );

  it.each(['lengjing=', `lengjing=${'A'.repeat(43)}`, 'lengjing=a; lengjing=b', '__proto__=1'])(
    'is not let in by the cookie %s',
    async (cookie) => {
      const answer = await world.browser().ask('GET', '/api/v1/me', { headers: { cookie } });
      expect(answer.status).toBe(401);
    },
  );
});

describe('every answer', () => {
  it('tells browsers to load, frame and guess nothing', async () => {
    const { headers } = await world.browser().get('/api/v1/me');
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; frame-ancestors 'none'",
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.has('x-powered-by')).toBe(false);
  });
});

describe('a machine client', () => {
  async function tokenFor(scope: string): Promise<string> {
    const { clientId, clientSecret } = world.issuer.machine;
    const answer = await new Browser(world.issuer.issuer).ask('POST', '/token', {
      headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
    });
    return String(answer.json['access_token']);
  }

  it('is let in by its access token, to what its scope says', async () => {
    const authorization = `Bearer ${await tokenFor('holds:read')}`;
    const ask = (method: string, path: string): Promise<{ status: number }> =>
      world.browser().ask(method, path, { headers: { authorization } });
    expect((await ask('GET', '/api/v1/holds')).status).toBe(200);
    const hold = '/api/v1/holds/00000000-0000-0000-0000-000000000000/cancel';
    expect((await ask('POST', hold)).status).toBe(403);
    expect((await ask('GET', '/api/v1/me')).status).toBe(403);
  });

  it('is not let in by a token that was changed, or that is none', async () => {
    const token = await tokenFor('holds:read');
    const [head, , signature] = token.split('.');
    const forged = `${head}.${btoa('{"scope":"holds:cancel"}')}.${signature}`;
    for (const bad of [forged, `${token}x`, 'x', `${btoa('{"alg":"none"}')}.${btoa('{}')}.`]) {
      const headers = { authorization: `Bearer ${bad}` };
      expect((await world.browser().ask('GET', '/api/v1/holds', { headers })).status).toBe(401);
    }
  });
});
