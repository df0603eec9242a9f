/** Alerts from the journal to a receiver that is there, away, slow to believe; and two workers that share the work. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { deliverAlerts, gapMs, type AlertChannel } from '#application';
import { SECOND_MS, type EntryDraft, type Json } from '#domain';
import { verifyWebhook, webhookKey, type WebhookHeaders } from '#notification';
import type { Database } from '#persistence';
import { freshDatabase, open, type FreshDatabase } from './databases.ts';
import { startProgram } from './engine-programs.ts';

let fresh: FreshDatabase;
let database: Database;
beforeAll(async () => {
  fresh = await freshDatabase();
  database = await open(fresh.url);
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

let count = 0;

/** Requests alerts as the engine does, in the given chain. */
async function request(chain: number, alerts: number, at = Date.now()): Promise<readonly string[]> {
  const ids = Array.from({ length: alerts }, () => `alert-${(count += 1)}`);
  const notice: Json = {
    template: 'held',
    version: '1',
    locale: 'zh-CN',
    text: '钱还没有转出',
    actions: [],
  };
  const drafts = ids.map((alertId): EntryDraft => ({
    type: 'alert.requested',
    at,
    body: {
      alertId,
      holdId: 'h',
      decisionId: 'd',
      audience: 'payer',
      channel: 'sms',
      locale: 'zh-CN',
      template: 'held',
      version: '1',
    },
    personal: { payer: `payer-${chain}`, contactRef: 'ref-1', notice },
    payerId: `payer-${chain}`,
  }));
  await database.unitOfWork.run((tx) =>
    database.journalStore.append(tx, new Map([[chain, drafts]])),
  );
  return ids;
}

function channelTo(arrive: (id: string) => void): AlertChannel {
  return {
    deliver({ entry }) {
      const { body } = JSON.parse(entry.canonical) as {
        readonly body: { readonly alertId: string };
      };
      arrive(body.alertId);
      return Promise.resolve();
    },
  };
}

const roundAt = (now: number, channel: AlertChannel) =>
  deliverAlerts({ alerts: database.alertStore, channel, clock: { now: () => now } });

it('each alert arrives once, whoever of three workers takes it', async () => {
  const ids = [...(await request(0, 40)), ...(await request(1, 40))];
  const arrived: string[] = [];
  const channel = channelTo((id) => arrived.push(id));
  const now = Date.now() + 10;
  await Promise.all(Array.from({ length: 3 }, () => roundAt(now, channel)));
  await roundAt(now, channel);
  expect(arrived.toSorted()).toEqual(ids.toSorted());
});

it('one that fails is tried again with growing gaps, keeps no other waiting, and is raised within a minute', async () => {
  const at = Date.now() + 1_000;
  const [bad = '', good = ''] = await request(2, 2, at);
  const tried: number[] = [];
  let now = at;
  const arrived: string[] = [];
  const channel = channelTo((id) => {
    if (id === bad) {
      tried.push(now - at);
      throw new Error('away');
    }
    arrived.push(id);
  });
  const raised: number[] = [];
  for (; now <= at + 70 * SECOND_MS; now += SECOND_MS) {
    if ((await roundAt(now, channel)).raised > 0) raised.push(now - at);
  }
  expect(arrived).toEqual([good]);
  expect(tried).toEqual([0, 2_000, 6_000, 14_000, 30_000, 62_000]);
  expect(raised).toEqual([30_000]);
  await roundAt(
    at + 126 * SECOND_MS,
    channelTo((id) => arrived.push(id)),
  );
  expect(arrived).toEqual([good, bad]);
});

it('one that a dead worker had taken is taken again after its lease', async () => {
  const at = Date.now() + 300_000;
  const [id = ''] = await request(3, 1, at);
  await database.alertStore.collect(0, 100);
  expect(await database.alertStore.take(at, 60_000, 100)).toHaveLength(1);
  const arrived: string[] = [];
  const channel = channelTo((one) => arrived.push(one));
  await roundAt(at + 59_999, channel);
  expect(arrived).toEqual([]);
  await roundAt(at + 60_000, channel);
  expect(arrived).toEqual([id]);
});

it('what was requested a day ago says nothing that helps any more', async () => {
  const arrived: string[] = [];
  await request(4, 1, Date.now() - 86_400_001);
  const [fresh_ = ''] = await request(4, 1, Date.now() - 1);
  await roundAt(
    Date.now(),
    channelTo((id) => arrived.push(id)),
  );
  expect(arrived).toEqual([fresh_]);
});

it('gaps grow from two seconds to a quarter of an hour', () => {
  expect([1, 2, 3, 9, 10, 100].map(gapMs)).toEqual([
    2_000, 4_000, 8_000, 512_000, 900_000, 900_000,
  ]);
});

it('the worker sends them as signed CloudEvents', async () => {
  const secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
  const heard: { readonly headers: Partial<WebhookHeaders>; readonly body: string }[] = [];
  const server: Server = createServer((asked, answer) => {
    void text(asked).then((body) => {
      heard.push({ headers: asked.headers as Partial<WebhookHeaders>, body });
      answer.end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const worker = await startProgram('risk-worker', {
    DATABASE_URL: fresh.url,
    ALERT_WEBHOOK_URL: `http://127.0.0.1:${port}/`,
    ALERT_WEBHOOK_SECRET: secret,
  });
  const [id] = await request(5, 1);
  for (let waited = 0; heard.length === 0 && waited < 5_000; waited += 50) await sleep(50);
  expect(await worker.stop()).toBe(0);
  server.closeAllConnections();
  server.close();
  expect(heard).toHaveLength(1);
  const [{ headers, body }] = heard as [{ headers: Partial<WebhookHeaders>; body: string }];
  const check = { key: webhookKey(secret), nowSeconds: Date.now() / 1_000 };
  expect(verifyWebhook(headers, body, check)).toBe(true);
  expect(JSON.parse(body)).toMatchObject({
    specversion: '1.0',
    id,
    type: 'io.lengjing.alert.requested.v1',
    data: {
      alertId: id,
      payer: { accountId: 'payer-5' },
      contactRef: 'ref-1',
      notice: { text: '钱还没有转出' },
    },
  });
  expect(worker.output()).not.toContain(secret);
});
