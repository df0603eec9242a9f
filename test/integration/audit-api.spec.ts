/** The auditor's desk over HTTP, by the console as it is shipped: two persons, one bundle, verified; and everybody else refused. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Database } from '#persistence';
import { KEYS, fill, sealerOf } from '../contract/audit-journal.ts';
import { loadVerifier } from '../contract/verifier.ts';
import { freshDatabase, open } from './databases.ts';
import { startProgram, type Program } from './engine-programs.ts';

const CLIENTS = {
  asker: ['journal:read', 'journal:export', 'journal:approve-export'],
  approver: ['journal:read', 'journal:approve-export'],
  other: ['journal:read', 'journal:export'],
  analyst: ['holds:read'],
} as const;
type Client = keyof typeof CLIENTS;

let database: Database;
let drop: () => Promise<void>;
let console_: Program;
const tokens = new Map<Client, string>();

beforeAll(async () => {
  const fresh = await freshDatabase();
  drop = fresh.drop;
  database = await open(fresh.url);
  await fill(database, 4);
  await sealerOf(database).sealDue();
  const clients = Object.entries(CLIENTS).map(([name, permissions]) => {
    const token = randomBytes(32).toString('hex');
    tokens.set(name as Client, token);
    return [createHash('sha256').update(token).digest('hex'), { name, permissions }];
  });
  console_ = await startProgram('ops-console', {
    DATABASE_URL: fresh.url,
    LENGJING_API_TOKENS: JSON.stringify(Object.fromEntries(clients)),
  });
});
afterAll(async () => {
  await console_.stop();
  await database.close();
  await drop();
});

async function call(client: Client, path: string, body?: object): Promise<Response> {
  return fetch(`http://127.0.0.1:${console_.port}/api/v1/audit/${path}`, {
    headers: {
      authorization: `Bearer ${tokens.get(client)}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
}

async function answer(client: Client, path: string, body?: object) {
  const response = await call(client, path, body);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** Files of an archive as we write it, into a folder. */
async function unpack(tar: Buffer, folder: string): Promise<void> {
  for (let at = 0; tar[at] !== 0;) {
    const field = (from: number, to: number): string =>
      tar.toString('utf8', at + from, at + to).split('\0')[0] ?? '';
    const [name, size] = [field(0, 100), Number.parseInt(field(124, 136), 8)];
    const path = join(folder, name.split('/').slice(1).join('/'));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, tar.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
}

const ASKED = { kind: 'range', mask: 'open', disclosed: ['payer'], purpose: '年度审计' };

describe('an unmasked export', () => {
  it('is asked for by one person, approved by another, and had by the first', async () => {
    const asked = await answer('asker', 'exports', ASKED);
    expect(asked).toMatchObject({ status: 201, body: { state: 'requested' } });
    const id = String(asked.body['exportId']);
    expect(await answer('asker', `exports/${id}/bundle`)).toMatchObject({
      status: 409,
      body: { code: 'not_approved' },
    });
    expect(await answer('asker', `exports/${id}/approve`, {})).toMatchObject({
      status: 403,
      body: { code: 'needs_second_person' },
    });
    expect(await answer('approver', `exports/${id}/approve`, {})).toMatchObject({
      status: 200,
      body: { state: 'approved' },
    });
    expect(await answer('other', `exports/${id}/bundle`)).toMatchObject({
      status: 403,
      body: { code: 'other_request' },
    });
    await sealerOf(database).sealDue();
    const sealing = setInterval(() => void sealerOf(database).sealDue(), 200);
    const response = await call('asker', `exports/${id}/bundle`);
    const tar = Buffer.from(await response.arrayBuffer());
    clearInterval(sealing);
    expect(response.headers.get('content-disposition')).toContain(`${id}.tar`);
    const folder = await mkdtemp(join(tmpdir(), 'lengjing-api-'));
    await unpack(tar, folder);
    const verifier = await loadVerifier();
    const keys = verifier.readKeys(KEYS.publicKey);
    const { findings, entries } = await verifier.verifyBundle(folder, { keys, topics: true });
    expect(findings).toEqual([]);
    expect(entries).toBeGreaterThanOrEqual(40);
    await rm(folder, { recursive: true });
    const { body } = await answer('approver', 'exports');
    expect(body['items']).toMatchObject([
      { exportId: id, state: 'made', by: 'asker', approvedBy: 'approver', purpose: '年度审计' },
    ]);
  });
});

interface Refused {
  readonly client: Client;
  readonly path: string;
  readonly body?: object;
  readonly status: number;
  readonly code: string;
}

describe('what is refused', () => {
  const unknown = '00000000-0000-4000-8000-000000000000';
  it.each<[string, Refused]>([
    ['who may not read', { client: 'analyst', path: 'exports', status: 403, code: 'forbidden' }],
    [
      'who may not export',
      { client: 'approver', path: 'exports', body: ASKED, status: 403, code: 'forbidden' },
    ],
    [
      'an unknown export',
      { client: 'asker', path: `exports/${unknown}/bundle`, status: 404, code: 'export_unknown' },
    ],
    [
      'an id that is none',
      {
        client: 'approver',
        path: 'exports/1/approve',
        body: {},
        status: 404,
        code: 'export_unknown',
      },
    ],
    [
      'no purpose',
      {
        client: 'asker',
        path: 'exports',
        body: { ...ASKED, purpose: ' ' },
        status: 400,
        code: 'bad_request',
      },
    ],
    [
      'no kind',
      {
        client: 'asker',
        path: 'exports',
        body: { ...ASKED, kind: 'all' },
        status: 400,
        code: 'bad_request',
      },
    ],
    [
      'values with a closed mask',
      {
        client: 'asker',
        path: 'exports',
        body: { ...ASKED, mask: 'closed' },
        status: 400,
        code: 'bad_request',
      },
    ],
    [
      'a time that is none',
      {
        client: 'asker',
        path: 'exports',
        body: { ...ASKED, from: 'yesterday' },
        status: 400,
        code: 'bad_request',
      },
    ],
    [
      'a page too large',
      { client: 'asker', path: 'journal?limit=501', status: 400, code: 'bad_request' },
    ],
    [
      'an unknown decision',
      { client: 'asker', path: 'decisions/none/replay', status: 404, code: 'decision_unknown' },
    ],
  ])('%s', async (_what, { client, path, body, status, code }) => {
    expect(await answer(client, path, body)).toMatchObject({ status, body: { code } });
  });
});

describe('what is read', () => {
  it('is the journal by page, and the signed heads', async () => {
    const page = await answer('other', 'journal?chain=1&after=2&limit=3');
    expect(page.body).toMatchObject({
      items: [{ sequence: 3 }, { sequence: 4 }, { sequence: 5, type: 'batch.consumed' }],
      nextCursor: '5',
    });
    expect(JSON.stringify(page.body)).not.toContain('acct-');
    const { body } = await answer('other', 'checkpoints');
    const { openCheckpoint, readKeys } = await loadVerifier();
    for (const { note } of (body['items'] as readonly { note?: string }[]).filter(
      (one) => one.note,
    )) {
      expect(openCheckpoint(note ?? '', readKeys(KEYS.publicKey)).size).toBeGreaterThan(0);
    }
  });
});
