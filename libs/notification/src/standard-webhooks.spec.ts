/** The specification's own vector, and every way in which a signature can be wrong. */
import { describe, expect, it } from '@jest/globals';
import { signWebhook, verifyWebhook, webhookKey } from './standard-webhooks.ts';

/** As published with the specification's reference libraries. */
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const MESSAGE = {
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestampSeconds: 1_614_265_330,
  body: '{"test": 2432232314}',
};
const SIGNATURE = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';

const key = webhookKey(SECRET);
const headers = signWebhook(MESSAGE, key);
const at = (nowSeconds: number) => ({ key, nowSeconds });

describe('a signature', () => {
  it('is the specification’s', () => {
    expect(headers).toEqual({
      'webhook-id': MESSAGE.id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': SIGNATURE,
    });
  });

  it('is believed within five minutes, one of several too', () => {
    const now = MESSAGE.timestampSeconds;
    for (const off of [-300, 0, 300])
      expect(verifyWebhook(headers, MESSAGE.body, at(now + off))).toBe(true);
    const several = { ...headers, 'webhook-signature': `v1,AAAA v2,x ${SIGNATURE}` };
    expect(verifyWebhook(several, MESSAGE.body, at(now))).toBe(true);
  });

  it.each<[string, object, string, number]>([
    ['another body', {}, '{"test": 2432232315}', 0],
    ['another id', { 'webhook-id': 'msg_other' }, MESSAGE.body, 0],
    ['another time', { 'webhook-timestamp': '1614265331' }, MESSAGE.body, 0],
    ['an old message', {}, MESSAGE.body, 301],
    ['a message from the future', {}, MESSAGE.body, -301],
    ['a time that is no number', { 'webhook-timestamp': 'now' }, MESSAGE.body, 0],
    ['no signature', { 'webhook-signature': undefined }, MESSAGE.body, 0],
    ['no id', { 'webhook-id': undefined }, MESSAGE.body, 0],
    ['another version', { 'webhook-signature': SIGNATURE.replace('v1', 'v2') }, MESSAGE.body, 0],
    ['half a signature', { 'webhook-signature': SIGNATURE.slice(0, 20) }, MESSAGE.body, 0],
  ])('is not believed for %s', (_title, changes, body, off) => {
    expect(
      verifyWebhook({ ...headers, ...changes }, body, at(MESSAGE.timestampSeconds + off)),
    ).toBe(false);
  });
});

it.each([
  ['', 'empty'],
  ['MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'without its prefix'],
  ['whsec_c2hvcnQ=', 'short'],
  ['whsec_!!!!', 'no base64'],
])('the secret %j is refused: %s', (secret) => {
  expect(() => webhookKey(secret)).toThrow('must be whsec_ and 24 to 64 random bytes in base64');
});
