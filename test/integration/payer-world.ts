/** A world for specs of the payer page: a database with holds in it, the page, and the console that mints links. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { HoldRow } from '#application';
import { NODE_HASHING } from '#config';
import { HOUR_MS, MINUTE_MS, holdIdOf, type SealedEntry } from '#domain';
import type { Database } from '#persistence';
import { freshDatabase, open } from './databases.ts';
import { startProgram } from './engine-programs.ts';
import type { HostileTargets } from './hostile-requests.ts';

export const PARTITION = 3;

export interface PayerWorld {
  readonly database: Database;
  /** Of the page, without a path. */
  readonly origin: string;
  readonly consoleUrl: string;
  readonly token: string;
  place(changes?: Partial<HoldRow>): Promise<HoldRow>;
  /** Mints a link as the platform would; throws what the console answers otherwise. */
  mint(hold: HoldRow, more?: Readonly<Record<string, unknown>>): Promise<string>;
  /** The hold's entries in the journal, oldest first. */
  entries(): Promise<readonly SealedEntry[]>;
  /** A fresh hold's open page and a machine client, for requests that mean no good. */
  targets(): Promise<HostileTargets>;
  logs(): string;
  close(): Promise<void>;
}

export async function openPayerWorld(): Promise<PayerWorld> {
  const fresh = await freshDatabase();
  const database = await open(fresh.url);
  const origin = `http://127.0.0.1:${await freePort()}`;
  const token = randomBytes(32).toString('hex');
  const client = { name: 'platform', permissions: ['holds:read', 'payer-links:mint'] };
  const common = { DATABASE_URL: fresh.url, PAYER_PAGE_URL: origin };
  const [page, console_] = await Promise.all([
    startProgram('payer-page', { ...common, PORT: new URL(origin).port }),
    startProgram('ops-console', {
      ...common,
      LENGJING_API_TOKENS: JSON.stringify({ [sha256(token)]: client }),
    }),
  ]);
  const consoleUrl = `http://127.0.0.1:${console_.port}`;
  const world: PayerWorld = {
    database,
    origin,
    consoleUrl,
    token,
    async place(changes = {}) {
      const { placedAt = sampleHold().placedAt } = changes;
      const hold = { ...sampleHold(), ceilingAt: placedAt + 72 * HOUR_MS, ...changes };
      await database.unitOfWork.run((tx) => database.engineStore.saveHolds(tx, [hold]));
      return hold;
    },
    async mint(hold, more = {}) {
      const { sessionId, ...rest } = more;
      const payer = {
        accountId: hold.payerId,
        ...(sessionId === undefined ? {} : { sessionId }),
      };
      const answer = await fetch(`${consoleUrl}/api/v1/payer-links`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ holdId: hold.holdId, payer, ...rest }),
      });
      const told = (await answer.json()) as { readonly url?: string };
      if (told.url === undefined) throw new Error(JSON.stringify(told));
      return told.url;
    },
    async targets() {
      const link = await world.mint(await world.place());
      const opened = await fetch(link, { method: 'POST', redirect: 'manual' });
      const cookie = opened.headers.getSetCookie()[0]?.split(';')[0] ?? '';
      const page = await fetch(`${origin}/hold`, { headers: { cookie } });
      const key = /name="key" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
      return { page: origin, console: consoleUrl, cookie, key, token };
    },
    entries: () => database.journalStore.readAfter(PARTITION, 0, 10_000),
    logs: () => page.output() + console_.output(),
    async close() {
      await Promise.all([page.kill(), console_.kill()]);
      await database.close();
      await fresh.drop();
    },
  };
  return world;
}

/** A transfer of ¥6,919 to a stranger, typed like a code; placed a minute ago for 24 hours. */
export function sampleHold(): HoldRow {
  const subject = { source: 'urn:example:wallet', kind: 'transfer', id: randomUUID() } as const;
  const placedAt = Date.now() - MINUTE_MS;
  return {
    holdId: holdIdOf(subject, NODE_HASHING.sha1),
    partition: PARTITION,
    payerId: `payer-${randomUUID()}`,
    subject,
    payeeId: 'card-6217-mule',
    amountMinor: 691_900,
    currency: 'CNY',
    tier: 'T4',
    status: 'placed',
    placedAt,
    dueAt: placedAt + 24 * HOUR_MS,
    ceilingAt: placedAt + 72 * HOUR_MS,
    expiryAction: 'reconfirm',
    orderSequence: 1,
    attempt: 1,
    profile: 'CN',
    reasonCodes: ['CD1', 'CO3', 'CO1', 'PY1'],
    decisionId: randomUUID(),
  };
}

/** A browser as far as the page needs one: keeps its cookie, follows nothing by itself. */
export class Visitor {
  readonly #origin: string;
  #cookie: string | undefined;

  constructor(origin: string) {
    this.#origin = origin;
  }

  async get(path: string): Promise<{ readonly status: number; readonly text: string }> {
    const answer = await this.#ask(path, {});
    return { status: answer.status, text: await answer.text() };
  }

  async post(
    path: string,
    fields: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly status: number; readonly location: string | null }> {
    const body = new URLSearchParams(fields);
    const answer = await this.#ask(path, { method: 'POST', body, headers });
    const [cookie] = answer.headers.getSetCookie();
    if (cookie !== undefined) this.#cookie = cookie.split(';')[0];
    await answer.arrayBuffer();
    return { status: answer.status, location: answer.headers.get('location') };
  }

  /** Opens a link and returns the page behind it. */
  async open(link: string): Promise<string> {
    const { status } = await this.post(new URL(link).pathname);
    if (status !== 303) throw new Error(`the link opened with ${status}`);
    return (await this.get('/hold')).text;
  }

  /** Sends one of the page's forms as it stands there. */
  async act(path: string, fields: Readonly<Record<string, string>> = {}): Promise<number> {
    const { text } = await this.get('/hold');
    const key = /name="key" value="([^"]+)"/.exec(text)?.[1] ?? '';
    return (await this.post(path, { key, ...fields })).status;
  }

  #ask(path: string, init: RequestInit): Promise<Response> {
    return fetch(`${this.#origin}${path}`, {
      redirect: 'manual',
      ...init,
      headers: {
        ...(this.#cookie === undefined ? {} : { cookie: this.#cookie }),
        ...(init.headers as Record<string, string> | undefined),
      },
    });
  }
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A port that nobody listens on right now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
