/** Random requests to page and API, some nearly right, from a seed: none may be answered by a failure of ours. */
import { request } from 'node:http';
import fc from 'fast-check';

export interface HostileTargets {
  readonly page: string;
  readonly console: string;
  /** Of an open page, so that what is behind it is reached too. */
  readonly cookie: string;
  /** Of its forms. */
  readonly key: string;
  /** Of a machine client. */
  readonly token: string;
}

interface Hostile {
  readonly toPage: boolean;
  readonly method: string;
  readonly path: string;
  readonly contentType: string;
  readonly authorised: boolean;
  /** A form of the page as it should be, but for what is in it. */
  readonly keyed: boolean;
  readonly body: Uint8Array;
  readonly header: string;
}

const bytes = fc.uint8Array({ maxLength: 2_000 });
const text = fc.string({ unit: 'binary', maxLength: 300 });
/** What may stand in a request line at all: the rest never reaches a server. */
const pathText = fc
  .string({ unit: 'binary-ascii', maxLength: 80 })
  .map((one) => one.replaceAll(/[^\x21-\x7e]/g, (other) => encodeURIComponent(other)));

const PAGE_PATHS = [
  '/hold',
  '/cancel',
  '/answer',
  '/appeal',
  '/explain',
  '/reconfirm',
  '/l/',
  '/style.css',
];
const API_PATHS = [
  '/api/v1/holds',
  '/api/v1/holds/',
  '/api/v1/payer-links',
  '/health/ready',
  '/api/',
];
const NAMES = [
  'key',
  'answer',
  'text',
  'alone',
  'lang',
  'holdId',
  'payer',
  'limit',
  'cursor',
  'state',
  '__proto__',
  'constructor',
];

const form = fc
  .array(fc.tuple(fc.constantFrom(...NAMES), text), { maxLength: 8 })
  .map((pairs) =>
    new URLSearchParams(
      pairs.map(([name, value]): [string, string] => [name, value.toWellFormed()]),
    ).toString(),
  );
const json = fc
  .oneof(
    fc.json(),
    fc.record(
      {
        holdId: fc.oneof(text, fc.uuid(), fc.integer()),
        payer: fc.oneof(fc.json(), fc.record({ accountId: text, sessionId: text })),
        purpose: fc.oneof(fc.constantFrom('stop', 'reconfirm', 'x'), fc.object()),
        reason: fc.oneof(text, fc.constant('scam_confirmed')),
      },
      { requiredKeys: [] },
    ),
  )
  .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));

const hostile: fc.Arbitrary<Hostile> = fc.record({
  toPage: fc.boolean(),
  method: fc.constantFrom('GET', 'POST', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH'),
  path: fc
    .tuple(
      fc.constantFrom('', ...PAGE_PATHS, ...API_PATHS),
      fc.oneof(fc.constant(''), pathText),
      form,
    )
    .map(([path, more, query]) => `${path === '' ? '/' : path}${more}?${query}`),
  contentType: fc.constantFrom(
    'application/x-www-form-urlencoded',
    'application/json',
    'application/x-www-form-urlencoded; charset=utf-7',
    'multipart/form-data; boundary=x',
    'text/plain',
    '',
  ),
  authorised: fc.boolean(),
  keyed: fc.boolean(),
  body: fc.oneof(
    bytes,
    form.map((one) => Buffer.from(one)),
    json.map((one) => Buffer.from(one)),
    fc.constant(Buffer.alloc(70_000, 'a=')),
  ),
  header: fc.string({ maxLength: 40 }).map((one) => one.replaceAll(/[^\x20-\x7e]/g, '')),
});

/** Sends `count` requests, a few at a time, and returns what was answered with 500 or more, or not at all. */
export async function hostileRequests(
  targets: HostileTargets,
  { count, seed }: { readonly count: number; readonly seed: number },
): Promise<readonly string[]> {
  const requests = fc.sample(hostile, { numRuns: count, seed });
  const found: string[] = [];
  const next = async (): Promise<void> => {
    for (let one = requests.pop(); one !== undefined; one = requests.pop()) {
      const status = await send(targets, one);
      if (status >= 500) found.push(`${status}: ${JSON.stringify(one).slice(0, 500)}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, next));
  return found;
}

/** The status; 599 where the connection ended without one. */
function send(targets: HostileTargets, one: Hostile): Promise<number> {
  const { hostname, port } = new URL(one.toPage ? targets.page : targets.console);
  const headers = {
    ...(one.contentType === '' ? {} : { 'content-type': one.contentType }),
    ...(one.authorised
      ? { cookie: targets.cookie, authorization: `Bearer ${targets.token}` }
      : { cookie: one.header, authorization: one.header }),
    'sec-fetch-site': one.authorised ? 'same-origin' : one.header,
    'accept-language': one.header,
  };
  return new Promise((resolve) => {
    const sent = request(
      { hostname, port, method: one.method, path: one.path, headers },
      (answer) => {
        answer.resume();
        answer.once('end', () => resolve(answer.statusCode ?? 599));
        answer.once('error', () => resolve(599));
      },
    );
    // A body that is too large is answered before it has been sent: what was answered counts.
    sent.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code === 'EPIPE' || error.code === 'ECONNRESET' ? 400 : 599);
    });
    const body = one.keyed
      ? Buffer.concat([Buffer.from(`key=${targets.key}&`), one.body])
      : one.body;
    sent.end(one.method === 'GET' || one.method === 'HEAD' ? undefined : body);
  });
}
