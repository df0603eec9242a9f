/** People's rules over HTTP: who may do what to a hold, alone and by two, and what the journal and the processor then have. */
import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, NestFactory, Reflector } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { CareDeps, HoldRow } from '#application';
import { NODE_HASHING, type ApiClient, type Permission } from '#config';
import { defaultPolicy } from '#contracts';
import { HOUR_MS, formatInstant } from '#domain';
import { makeLogger, portOf } from '#observability';
import { contentOf, makeMemoryStore, type MemoryStore } from '#testing';
import { BearerGuard } from '../access/bearer.guard.ts';
import { ProblemFilter } from '../problem.ts';
import { CareController } from './care.controller.ts';
import { HOLD_DEPS, HOLDS, HoldsController } from './holds.controller.ts';
import { ReconciliationController } from './reconciliation.controller.ts';
import { CARE_DEPS, ReleasesController } from './releases.controller.ts';

const NOW = Date.UTC(2026, 8, 1, 12);
const HOLD_ID = '00000000-0000-5000-8000-000000000001';

const STAFF: readonly Permission[] = [
  'holds:read',
  'holds:release',
  'holds:approve-release',
  'holds:cancel',
  'holds:extend',
  'appeals:read',
  'appeals:open',
  'appeals:decide',
  'instructions:read',
  'instructions:record',
  'costs:record',
  'reconciliation:read',
];
const CLIENTS: readonly (readonly [string, readonly Permission[]])[] = [
  ['lin', STAFF],
  ['wang', STAFF],
  ['processor', ['holds:read']],
];
const tokenOf = (name: string): string => `${name}-token-of-many-characters`;
const clients = new Map<string, ApiClient>(
  CLIENTS.map(([name, permissions]) => [
    createHash('sha256').update(tokenOf(name)).digest('hex'),
    { name, permissions },
  ]),
);

let store: MemoryStore;
let clock: { at: number; now: () => number };
let app: NestExpressApplication;
let base: string;

beforeEach(async () => {
  clock = { at: NOW, now: () => clock.at };
  store = makeMemoryStore(clock.now);
  const deps: CareDeps = {
    unitOfWork: store.unitOfWork,
    holds: store.holdStore,
    care: store.careStore,
    journal: store.journalStore,
    clock,
    hashing: NODE_HASHING,
    policy: defaultPolicy,
  };
  const log = makeLogger({ app: 'ops-console', level: 'silent', instanceId: 'test' });
  @Module({
    controllers: [HoldsController, ReleasesController, CareController, ReconciliationController],
    providers: [
      { provide: HOLDS, useValue: store.holdStore },
      { provide: HOLD_DEPS, useValue: deps },
      { provide: CARE_DEPS, useValue: deps },
      { provide: APP_FILTER, useValue: new ProblemFilter(log) },
      {
        provide: APP_GUARD,
        inject: [Reflector],
        useFactory: (reflector: Reflector) => new BearerGuard(clients, reflector),
      },
    ],
  })
  class TestModule {
    readonly tests = 'people’s rules';
  }
  app = await NestFactory.create<NestExpressApplication>(TestModule, { logger: false });
  await app.listen(0, '127.0.0.1');
  base = `http://127.0.0.1:${portOf(app.getHttpServer())}/api/v1`;
});
afterEach(() => app.close());

async function place(given: Partial<HoldRow> = {}): Promise<void> {
  const placedAt = NOW - HOUR_MS;
  await store.unitOfWork.run((tx) =>
    store.holdStore.save(tx, [
      {
        holdId: HOLD_ID,
        partition: 0,
        payerId: 'payer-xu',
        subject: { source: 'urn:test', kind: 'transfer', id: 't-1' },
        amountMinor: 6919_00,
        currency: 'CNY',
        tier: 'T4',
        profile: 'CN',
        status: 'placed',
        placedAt,
        dueAt: placedAt + 24 * HOUR_MS,
        ceilingAt: placedAt + 72 * HOUR_MS,
        expiryAction: 'reconfirm',
        orderSequence: 1,
        attempt: 1,
        reasonCodes: ['CD0'],
        decisionId: HOLD_ID,
        ...given,
      },
    ]),
  );
}

interface Answered {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function post(path: string, body: object, by = 'lin', key = 'key-00001'): Promise<Answered> {
  const response = await fetch(`${base}/${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${tokenOf(by)}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function get(path: string, by = 'lin'): Promise<Answered> {
  const headers = { authorization: `Bearer ${tokenOf(by)}` };
  const response = await fetch(`${base}/${path}`, { headers });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function types(): Promise<string[]> {
  return (await store.journalStore.readAfter(0, 0, 100)).map(({ type }) => type);
}

const contact = {
  channel: 'phone',
  at: formatInstant(NOW - HOUR_MS / 2),
  reference: 'call-2026-09-01-17',
};
const ask = { reason: 'payer_reached', contact };
const HOLD = `holds/${HOLD_ID}`;

describe('an early release of a strongly suspected payment', () => {
  beforeEach(() => place());

  it('is refused to one person, and done by two after a contact', async () => {
    const alone = await post(`${HOLD}/release`, { reason: 'payer_reached' });
    expect(alone).toMatchObject({ status: 403, body: { code: 'needs_second_person' } });
    const asked = await post(`${HOLD}/release-requests`, ask);
    expect(asked).toMatchObject({ status: 201, body: { state: 'open', by: 'lin' } });
    const path = `release-requests/${String(asked.body['requestId'])}/approve`;
    const self = await post(path, {});
    expect(self).toMatchObject({ status: 403, body: { code: 'needs_second_person' } });
    const agreed = await post(path, {}, 'wang');
    expect(agreed).toMatchObject({
      status: 200,
      body: { state: 'approved', decidedBy: 'wang', hold: { state: 'released', order: 'release' } },
    });
    expect(await post(path, {}, 'wang')).toMatchObject({ status: 409 });
    expect(await types()).toEqual(['release.requested', 'release.decided', 'hold.released']);
    const entries = (await store.journalStore.readAfter(0, 0, 9)).map(contentOf);
    expect(entries[1]?.personal).toMatchObject({ requestedBy: 'lin', by: 'wang' });
    // Nothing personal stands in a leaf.
    const leaves = (await store.journalStore.readAfter(0, 0, 9)).map(({ canonical }) => canonical);
    expect(leaves.join()).not.toMatch(/payer-xu|wang|"lin"|call-2026/);
  });

  it('asked twice under one key is asked once; under another key it is taken', async () => {
    const first = await post(`${HOLD}/release-requests`, ask);
    const again = await post(`${HOLD}/release-requests`, ask);
    expect(again.body['requestId']).toBe(first.body['requestId']);
    const other = await post(`${HOLD}/release-requests`, ask, 'wang', 'key-00002');
    expect(other).toMatchObject({ status: 409, body: { code: 'already_requested' } });
    expect(await types()).toEqual(['release.requested']);
  });

  it('is void once the hold has changed', async () => {
    const asked = await post(`${HOLD}/release-requests`, ask);
    const dueAt = formatInstant(NOW + 40 * HOUR_MS);
    expect((await post(`${HOLD}/extend`, { dueAt, reason: 'payer_unreachable' })).status).toBe(200);
    const path = `release-requests/${String(asked.body['requestId'])}`;
    const agreed = await post(`${path}/approve`, {}, 'wang');
    expect(agreed).toMatchObject({ status: 409, body: { code: 'hold_changed' } });
    expect(await post(`${path}/decline`, {})).toMatchObject({ body: { state: 'withdrawn' } });
  });

  it.each([
    ['before the hold', formatInstant(NOW - 2 * HOUR_MS), 409, 'contact_not_since_hold'],
    ['in the future', formatInstant(NOW + 1), 409, 'contact_not_since_hold'],
    ['at no time', 'yesterday', 400, 'bad_request'],
  ])('is not asked for with a contact %s', async (_when, at, status, code) => {
    const asked = await post(`${HOLD}/release-requests`, { ...ask, contact: { ...contact, at } });
    expect(asked).toMatchObject({ status, body: { code } });
    expect(await types()).toEqual([]);
  });

  it.each([
    ['no contact', { reason: 'payer_reached' }],
    ['a channel on the payer’s own device', { ...ask, contact: { ...contact, channel: 'chat' } }],
    ['no reference', { ...ask, contact: { ...contact, reference: '' } }],
    ['no reason', { contact }],
  ])('is not asked for with %s', async (_what, body) => {
    expect((await post(`${HOLD}/release-requests`, body)).status).toBe(400);
  });

  it('is not a processor’s to ask for', async () => {
    expect((await post(`${HOLD}/release-requests`, ask, 'processor')).status).toBe(403);
    expect((await post(`${HOLD}/release-requests`, ask, 'lin', 'short')).status).toBe(400);
  });
});

describe('extending', () => {
  beforeEach(() => place());
  it.each([
    ['beyond the ceiling', NOW + 72 * HOUR_MS, 409, 'beyond_ceiling'],
    ['to an earlier time', NOW, 409, 'not_later'],
  ])('%s is refused', async (_what, at, status, code) => {
    const body = { dueAt: formatInstant(at), reason: 'payer_unreachable' };
    expect(await post(`${HOLD}/extend`, body)).toMatchObject({ status, body: { code } });
  });
});

describe('an appeal', () => {
  beforeEach(() => place());

  it('that is verified lifts the hold at once, whatever its tier', async () => {
    const opened = await post(`${HOLD}/appeals`, { kind: 'appeal', typed: '这是给孩子交的学费' });
    expect(opened.body).toMatchObject({
      state: 'open',
      dueAt: formatInstant(NOW + 15 * 24 * HOUR_MS),
    });
    const path = `appeals/${String(opened.body['appealId'])}/decide`;
    const verdict = { verdict: 'upheld', explanation: '已和您核实，这笔钱现在转出。' };
    expect(await post(path, verdict, 'wang')).toMatchObject({
      status: 200,
      body: { state: 'upheld', hold: { state: 'released' } },
    });
    expect(await types()).toEqual(['appeal.opened', 'appeal.decided', 'hold.released']);
    expect(await post(path, verdict)).toMatchObject({ body: { code: 'appeal_decided' } });
  });

  it('that is rejected is explained, and the hold waits on', async () => {
    const opened = await post(`${HOLD}/appeals`, { kind: 'review' });
    const path = `appeals/${String(opened.body['appealId'])}/decide`;
    expect((await post(path, { verdict: 'rejected' })).status).toBe(400);
    const explanation = '有人在电话里让您转账，这是冒充客服的常见骗法。';
    const answered = await post(path, { verdict: 'rejected', explanation });
    expect(answered.body).toMatchObject({ explanation, hold: { state: 'placed' } });
  });

  it('of an emergency is due within half an hour, listed first, and overdue after it', async () => {
    await post(`${HOLD}/appeals`, { kind: 'appeal' }, 'lin', 'key-00001');
    await post(`${HOLD}/appeals`, { kind: 'emergency' }, 'lin', 'key-00002');
    const { items } = (await get('appeals')).body as { items: { kind: string }[] };
    expect(items.map(({ kind }) => kind)).toEqual(['emergency', 'appeal']);
    clock.at = NOW + 31 * 60_000;
    expect((await get('appeals?due=overdue')).body['items']).toHaveLength(1);
    expect((await get('reconciliation')).body).toMatchObject({ counts: { appealsOverdue: 1 } });
  });

  it('against a hold that has ended is heard all the same, and brings nothing back', async () => {
    await post(`${HOLD}/cancel`, { reason: 'scam_confirmed' });
    const opened = await post(`${HOLD}/appeals`, { kind: 'appeal' });
    const path = `appeals/${String(opened.body['appealId'])}/decide`;
    const answered = await post(path, { verdict: 'upheld', explanation: '请您重新转账。' });
    expect(answered.body).toMatchObject({ state: 'upheld', hold: { state: 'cancelled' } });
  });
});

describe('a police instruction', () => {
  const stop = (hours: number, at = NOW) => ({
    authority: '上海市公安局',
    reference: '沪公(经)字〔2026〕1号',
    instruction: 'stop',
    validUntil: formatInstant(at + hours * HOUR_MS),
  });
  beforeEach(() => place());

  it('to stop is kept with its reference and cancels the payment', async () => {
    const kept = await post(`${HOLD}/instructions`, stop(48));
    expect(kept).toMatchObject({
      status: 201,
      body: { count: 1, effect: 'changed', hold: { state: 'cancelled', order: 'cancel' } },
    });
    expect(await types()).toEqual(['instruction.recorded', 'hold.cancelled']);
    const again = await post(`${HOLD}/instructions`, stop(48));
    expect(again.body).toMatchObject({ instructionId: kept.body['instructionId'], effect: 'none' });
  });

  it('lasts 48 hours and comes at most twice', async () => {
    const long = await post(`${HOLD}/instructions`, stop(49));
    expect(long).toMatchObject({ status: 409, body: { code: 'term_too_long' } });
    const told = [];
    for (const key of ['key-00001', 'key-00002', 'key-00003']) {
      told.push(await post(`${HOLD}/instructions`, stop(48), 'lin', key));
    }
    expect(told.map(({ status }) => status)).toEqual([201, 201, 409]);
    expect(told[2]?.body['code']).toBe('stopped_twice');
  });

  it('to lift releases, and to stop what was released asks the money back', async () => {
    await post(`${HOLD}/instructions`, { ...stop(48), instruction: 'lift' });
    const late = await post(`${HOLD}/instructions`, stop(48), 'wang', 'key-00002');
    expect(late.body).toMatchObject({
      effect: 'recalled',
      hold: { state: 'released', recall: { reason: 'instruction_stop' } },
    });
    expect((await get('reconciliation')).body).toMatchObject({ counts: { recalled: 1 } });
  });
});

describe('what a delay cost', () => {
  beforeEach(() => place());
  it('is recorded once per key, and listed', async () => {
    const body = { kind: 'interest', amount: { currency: 'CNY', value: '15.50' } };
    await post(`${HOLD}/costs`, body);
    await post(`${HOLD}/costs`, body);
    clock.at += 1;
    await post(`${HOLD}/costs`, { ...body, kind: 'fee' }, 'lin', 'key-00002');
    const { items } = (await get(`${HOLD}/costs`)).body as { items: object[] };
    expect(items).toMatchObject([{ amount: { value: '15.50' } }, { kind: 'fee' }]);
    expect(await types()).toEqual(['cost.recorded', 'cost.recorded']);
  });
  it.each([
    [{ kind: 'interest', amount: { currency: 'CNY', value: 15.5 } }],
    [{ kind: 'interest', amount: { currency: 'XXX', value: '15.50' } }],
    [{ kind: 'grief', amount: { currency: 'CNY', value: '15.50' } }],
  ])('%j is refused', async (body) => {
    expect((await post(`${HOLD}/costs`, body)).status).toBe(400);
  });
});

describe('a cancel after the release', () => {
  it('asks the money back instead of stopping it', async () => {
    await place({
      status: 'released',
      ended: { at: NOW - 1, actor: 'payer', reason: 'reconfirmed' },
    });
    const late = await post(`${HOLD}/cancel`, { reason: 'scam_confirmed' });
    expect(late).toMatchObject({ status: 200, body: { recalled: true, state: 'released' } });
    expect(await types()).toEqual(['recall.requested']);
    const again = await post(`${HOLD}/cancel`, { reason: 'scam_confirmed' });
    expect(again).toMatchObject({ status: 409, body: { code: 'hold_ended' } });
  });
});

it.each([
  ['holds/nonsense/release-requests', ask],
  ['release-requests/nonsense/approve', {}],
  [`holds/00000000-0000-5000-8000-00000000000f/appeals`, { kind: 'appeal' }],
  ['appeals/nonsense/decide', { verdict: 'upheld', explanation: 'x' }],
])('%s is not there', async (path, body) => {
  expect((await post(path, body)).status).toBe(404);
});
