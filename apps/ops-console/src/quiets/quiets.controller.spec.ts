/** Vouching for a payee over HTTP: who may, what is refused, and what the journal has of it. */
import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, NestFactory, Reflector } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { QuietDeps } from '#application';
import { NODE_HASHING, type ApiClient } from '#config';
import { partitionOf } from '#contracts';
import { DAY_MS } from '#domain';
import { makeLogger, portOf } from '#observability';
import { makeMemoryStore, type MemoryStore } from '#testing';
import { BearerGuard } from '../access/bearer.guard.ts';
import { ProblemFilter } from '../problem.ts';
import { QUIET_DEPS, QuietsController } from './quiets.controller.ts';

const NOW = Date.UTC(2026, 8, 1, 12);
const OPERATOR = 'operator-token-of-many-characters';
const READER = 'reader-token-of-many-characters';

const clients = new Map<string, ApiClient>(
  [
    [OPERATOR, { name: 'console', permissions: ['payees:quiet'] }] as const,
    [READER, { name: 'processor', permissions: ['holds:read'] }] as const,
  ].map(([token, client]) => [createHash('sha256').update(token).digest('hex'), client]),
);

let store: MemoryStore;
let clock: { at: number; now: () => number };
let app: NestExpressApplication;
let base: string;

beforeEach(async () => {
  clock = { at: NOW, now: () => clock.at };
  store = makeMemoryStore(clock.now);
  const deps: QuietDeps = {
    unitOfWork: store.unitOfWork,
    quiets: store.quietStore,
    journal: store.journalStore,
    clock,
    hashing: NODE_HASHING,
    partitionOf: (payerId, partitions) => partitionOf(Buffer.from(payerId), partitions),
  };
  const log = makeLogger({ app: 'ops-console', level: 'silent', instanceId: 'test' });
  @Module({
    controllers: [QuietsController],
    providers: [
      { provide: QUIET_DEPS, useValue: deps },
      { provide: APP_FILTER, useValue: new ProblemFilter(log) },
      {
        provide: APP_GUARD,
        inject: [Reflector],
        useFactory: (reflector: Reflector) => new BearerGuard(clients, reflector),
      },
    ],
  })
  class TestModule {
    readonly tests = 'quieted payees';
  }
  app = await NestFactory.create<NestExpressApplication>(TestModule, { logger: false });
  await app.listen(0, '127.0.0.1');
  base = `http://127.0.0.1:${portOf(app.getHttpServer())}/api/v1/quieted-payees`;
});
afterEach(() => app.close());

async function call(
  path: string,
  body?: unknown,
  token = OPERATOR,
): Promise<{ readonly status: number; readonly json: Record<string, unknown> }> {
  const response = await fetch(`${base}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}

const inDays = (days: number): string => new Date(NOW + days * DAY_MS).toISOString();
const asked = {
  payer: 'payer-1',
  payee: 'landlord',
  until: inDays(30),
  reason: '已当面核实：房东，签有合同',
};

describe('vouching for a payee', () => {
  it('is kept, listed, and stands in the payer’s chain without a name', async () => {
    await store.engineStore.claim('engine', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    const { status, json } = await call('', asked);
    expect(status).toBe(201);
    expect(json).toMatchObject({ payee: { accountId: 'landlord' }, until: inDays(30) });
    expect((await call('?payer=payer-1')).json).toEqual({ quietedPayees: [json] });
    expect((await call('?payer=somebody')).json).toEqual({ quietedPayees: [] });
    const chain = partitionOf(Buffer.from('payer-1'), 12);
    const [entry] = await store.journalStore.readAfter(chain, 0, 10);
    expect(entry?.type).toBe('payee.quieted');
    for (const word of ['payer-1', 'landlord', '房东', 'console']) {
      expect(entry?.canonical).not.toContain(word);
      expect(JSON.stringify(entry?.disclosures)).toContain(word);
    }
  });

  it('ends on its day, and before it when somebody takes it back, once', async () => {
    await store.engineStore.claim('engine', [0]);
    const { json } = await call('', asked);
    const id = String(json['quietId']);
    clock.at = NOW + DAY_MS;
    const end = { reason: 'payer no longer sure' };
    expect(await call(`/${id}/end`, end)).toMatchObject({
      status: 200,
      json: { until: inDays(1), endedBy: 'console' },
    });
    expect(await call(`/${id}/end`, end)).toMatchObject({
      status: 409,
      json: { code: 'quiet_ended' },
    });
    expect((await call('')).json).toEqual({ quietedPayees: [] });
    const types = (await store.journalStore.readAfter(0, 0, 10)).map(({ type }) => type);
    expect(types).toEqual(['payee.quieted', 'payee.quiet-ended']);
  });

  it.each([
    ['of yesterday', { until: inDays(-1) }, 409, 'until_past'],
    ['of now', { until: inDays(0) }, 409, 'until_past'],
    ['of 91 days', { until: inDays(91) }, 409, 'until_too_far'],
    ['without an end', { until: undefined }, 400, 'bad_request'],
    ['until whenever', { until: 'whenever' }, 400, 'bad_request'],
    ['without a reason', { reason: ' \n ' }, 400, 'bad_request'],
    ['with a novel', { reason: 'x'.repeat(501) }, 400, 'bad_request'],
    ['of nobody', { payer: '' }, 400, 'bad_request'],
    ['of an object', { payee: { accountId: 'x' } }, 400, 'bad_request'],
    ['of a name', { payee: '房东' }, 400, 'bad_request'],
  ])('%s is refused and leaves nothing', async (_, change, status, code) => {
    await store.engineStore.claim('engine', [0]);
    expect(await call('', { ...asked, ...change })).toMatchObject({ status, json: { code } });
    expect((await call('')).json).toEqual({ quietedPayees: [] });
    expect(await store.journalStore.readAfter(0, 0, 10)).toEqual([]);
  });

  it('needs the permission, and an engine that has run', async () => {
    expect((await call('', asked, READER)).status).toBe(403);
    expect((await call('', undefined, READER)).status).toBe(403);
    expect((await call('', asked, 'nobody')).status).toBe(401);
    expect(await call('', asked)).toMatchObject({ status: 503, json: { code: 'no_partitions' } });
    expect((await call(`/${'0'.repeat(32)}/end`, { reason: 'x' })).status).toBe(404);
    expect((await call('/../end', { reason: 'x' })).status).toBe(404);
  });
});
