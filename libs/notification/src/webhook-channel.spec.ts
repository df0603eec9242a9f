/** The channel against a real receiver on this machine: signed, tried again for whatever is not 2xx, silent about what was erased. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { TakenAlert } from '#application';
import { verifyWebhook, webhookKey, type WebhookHeaders } from './standard-webhooks.ts';
import { makeWebhookChannel } from './webhook-channel.ts';

const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const ALERT: TakenAlert = {
  chain: 1,
  sequence: 2,
  requestedAt: 0,
  attempts: 1,
  entry: {
    chain: 1,
    sequence: 2,
    type: 'alert.requested',
    at: 0,
    canonical: '{}',
    leafHash: '',
    disclosures: [],
  },
};

let server: Server;
let status = 200;
const heard: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    void text(request).then((body) => {
      heard.push({ headers: request.headers, body });
      response.writeHead(status, { location: '/elsewhere' }).end('thanks');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function channel(message: { id: string; body: string } | undefined) {
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/alerts`;
  return makeWebhookChannel({ url, secret: SECRET, encode: () => message, nowMs: Date.now });
}

it('signs what it sends', async () => {
  await channel({ id: 'alert-1', body: '{"钱":"还没有转出"}' }).deliver(ALERT);
  const { headers, body } = heard.at(-1) ?? { headers: {}, body: '' };
  const check = { key: webhookKey(SECRET), nowSeconds: Date.now() / 1_000 };
  expect(verifyWebhook(headers as Partial<WebhookHeaders>, body, check)).toBe(true);
  expect(headers).toMatchObject({
    'webhook-id': 'alert-1',
    'content-type': 'application/cloudevents+json',
  });
});

it.each([301, 400, 404, 410, 429, 500, 503])('an answer of %i is no delivery', async (answered) => {
  status = answered;
  const before = heard.length;
  await expect(channel({ id: 'alert-2', body: '{}' }).deliver(ALERT)).rejects.toThrow(
    `answered ${answered}`,
  );
  expect(heard).toHaveLength(before + 1);
  status = 200;
});

it('nobody there is no delivery, and the address is not told', async () => {
  const nowhere = makeWebhookChannel({
    url: 'http://127.0.0.1:1/secret-path',
    secret: SECRET,
    encode: () => ({ id: 'alert-3', body: '{}' }),
    nowMs: Date.now,
  });
  await expect(nowhere.deliver(ALERT)).rejects.toThrow(/^the alert webhook did not answer$/);
});

it('says nothing of what was erased', async () => {
  const before = heard.length;
  await channel(undefined).deliver(ALERT);
  expect(heard).toHaveLength(before);
});
