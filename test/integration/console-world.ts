/** A console on a fresh database with the development issuer beside it, and browsers that sign in to it, for specs over HTTP. */
import { createServer } from 'node:net';
import { startDevIssuer, type DevIssuer } from '../../apps/cli/src/start/issuer/dev-issuer.ts';
import { startConsole } from '../../apps/ops-console/src/start-console.ts';
import { readConsoleConfig } from '#config';
import { makeHealth, makeLogger, makeMetrics, makeProbes, type Running } from '#observability';
import type { Database } from '#persistence';
import { undescribed } from './console-described.ts';
import { freshDatabase, open, type FreshDatabase } from './databases.ts';

export interface ConsoleWorld {
  readonly url: string;
  readonly issuer: DevIssuer;
  readonly database: Database;
  browser(): Browser;
  /** A browser in which this development user is signed in. */
  signedIn(login: string): Promise<Browser>;
  close(): Promise<void>;
}

export async function consoleWorld(
  env: Readonly<Record<string, string>> = {},
): Promise<ConsoleWorld> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const [fresh, issuer] = await Promise.all([freshDatabase(), startDevIssuer(url)]);
  const database = await open(fresh.url);
  const console_ = await start(fresh, issuer, url, env);
  return {
    url,
    issuer,
    database,
    browser: () => new Browser(url),
    async signedIn(login) {
      const browser = new Browser(url);
      await browser.signIn(login, issuer.password);
      return browser;
    },
    async close() {
      await console_.stop();
      await Promise.all([issuer.stop(), database.close()]);
      await fresh.drop();
    },
  };
}

function start(
  fresh: FreshDatabase,
  issuer: DevIssuer,
  url: string,
  env: Readonly<Record<string, string>>,
): Promise<Running> {
  const config = readConsoleConfig({
    DATABASE_URL: fresh.url,
    PORT: new URL(url).port,
    LOG_LEVEL: 'silent',
    LENGJING_PUBLIC_URL: url,
    LENGJING_OIDC_ISSUER: issuer.issuer,
    LENGJING_OIDC_CLIENT_ID: issuer.clientId,
    LENGJING_OIDC_CLIENT_SECRET: issuer.clientSecret,
    LENGJING_OIDC_AUDIENCE: issuer.audience,
    ...env,
  });
  const log = makeLogger({ app: 'ops-console', level: 'silent', instanceId: 'spec' });
  const health = makeHealth();
  const metrics = makeMetrics();
  const program = {
    instanceId: 'spec',
    log,
    health,
    metrics,
    probes: makeProbes(health, metrics),
    fatal: (error: Error) => {
      throw error;
    },
  };
  return startConsole(config, program);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        resolve(typeof address === 'object' && address !== null ? address.port : 0),
      );
    });
  });
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed where it is JSON. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** Keeps cookies by origin and follows nothing by itself. */
export class Browser {
  readonly #home: string;
  /** Of the page that is shown. */
  #origin: string;
  readonly #jars = new Map<string, Map<string, string>>();
  csrfToken = '';
  userId = '';

  constructor(home: string) {
    this.#home = home;
    this.#origin = home;
  }

  /** One request without following redirects; `path` is of the console unless it is a whole URL. */
  async ask(method: string, path: string, init: RequestInit = {}): Promise<Answer> {
    const url = new URL(path, this.#home);
    const headers = new Headers(init.headers);
    const jar = this.jar(url.origin);
    if (jar.size > 0 && !headers.has('cookie')) {
      headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
    }
    const response = await fetch(url, { ...init, method, headers, redirect: 'manual' });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    const json = isJson ? (JSON.parse(text) as Readonly<Record<string, unknown>>) : {};
    const answer = { status: response.status, headers: response.headers, text, json };
    const fault = undescribed(method, url.pathname, answer);
    if (fault !== undefined) throw new Error(fault);
    return answer;
  }

  get(path: string): Promise<Answer> {
    return this.ask('GET', path);
  }

  /** As our own pages do: with the token and as JSON. */
  send(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    return this.ask(method, path, {
      headers: { 'content-type': 'application/json', 'x-csrf-token': this.csrfToken, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  post(path: string, body: unknown = {}): Promise<Answer> {
    return this.send('POST', path, body);
  }

  jar(origin = this.#home): Map<string, string> {
    let jar = this.#jars.get(origin);
    if (jar === undefined) {
      jar = new Map();
      this.#jars.set(origin, jar);
    }
    return jar;
  }

  /** Through the issuer and up to its answer: the URL that it sends the browser back to. */
  async toCallback(login: string, password: string, next = '/'): Promise<string> {
    let answer = await this.get(`/auth/login?next=${encodeURIComponent(next)}`);
    for (let step = 0; step < 10; step += 1) {
      const location = answer.headers.get('location');
      if (location !== null) {
        const url = new URL(location, this.#origin);
        if (url.pathname === '/auth/callback') return url.href;
        this.#origin = url.origin;
        answer = await this.get(url.href);
      } else {
        const action = /action="([^"]+)"/.exec(answer.text)?.[1] ?? '';
        answer = await this.ask('POST', new URL(action, this.#origin).href, {
          body: new URLSearchParams({ login, password }),
        });
        if (answer.status === 401) throw new Error('the issuer refused the password');
      }
    }
    throw new Error('the login did not come to an end');
  }

  async signIn(login: string, password: string): Promise<void> {
    const answer = await this.get(await this.toCallback(login, password));
    if (answer.status !== 302)
      throw new Error(`signing in failed: ${answer.status} ${answer.text}`);
    const me = await this.get('/api/v1/me');
    this.csrfToken = String(me.json['csrfToken']);
    this.userId = String(me.json['userId']);
  }
}
