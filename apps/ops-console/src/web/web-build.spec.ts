/** What of the build a browser gets, and that nothing else can be had. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as ask, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { portOf } from '#observability';
import { webBuild } from './web-build.ts';

let folder: string;
let server: Server;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lengjing-web-'));
  const build = join(folder, 'build');
  mkdirSync(join(build, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.json'), '"secret"');
  writeFileSync(join(build, 'index.html'), '<meta property="csp-nonce" nonce="__CSP_NONCE__">');
  writeFileSync(join(build, 'assets', 'main-4f2c9a1b.js'), 'run()');
  writeFileSync(join(build, 'assets', 'main-4f2c9a1b.js.map'), 'source');
  const serve = webBuild(build);
  server = createServer((request, response) => {
    serve(request, response, () => {
      response.statusCode = 404;
      response.end('next');
    });
  });
  await new Promise<void>((ready) => {
    server.listen(0, '127.0.0.1', ready);
  });
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

interface Got {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** The path goes out as it is written: no client tidies it up before. */
function get(path: string): Promise<Got> {
  return new Promise((done, fail) => {
    ask({ host: '127.0.0.1', port: portOf(server), path }, (response) => {
      let text = '';
      response.on('data', (part: Buffer) => (text += part.toString()));
      response.on('end', () => {
        done({ status: response.statusCode, headers: response.headers, text });
      });
    })
      .once('error', fail)
      .end();
  });
}

it.each(['/', '/queue', '/cases/0b6a?tab=score', '/index'])(
  '%s is the page, each time with another nonce',
  async (path) => {
    const [one, two] = await Promise.all([get(path), get(path)]);
    const nonce = /nonce="([^"]+)"/.exec(one.text)?.[1] ?? '';
    expect(nonce.length).toBeGreaterThanOrEqual(22);
    expect(one.headers['content-security-policy']).toContain(`'nonce-${nonce}'`);
    expect(one.headers['content-security-policy']).toContain("script-src 'self';");
    expect(two.text).not.toBe(one.text);
  },
);

it('files with a hash in their name are kept for good', async () => {
  const { status, headers, text } = await get('/assets/main-4f2c9a1b.js');
  expect([status, text]).toEqual([200, 'run()']);
  expect(headers['cache-control']).toContain('immutable');
  expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
});

it.each([
  '/secret.json',
  '/../secret.json',
  '/assets/../../secret.json',
  '/%2e%2e/secret.json',
  '/..%2fsecret.json',
  '/assets/main-4f2c9a1b.js.map',
  '/api/v1/holds',
  '/auth/login',
  '/metrics',
])('%s is not of the build', async (path) => {
  const { status, text } = await get(path);
  expect([status, text]).toEqual([404, 'next']);
});
