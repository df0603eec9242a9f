/** Signatures by the Standard Webhooks specification (standardwebhooks.com, symmetric `v1`): what the receiver checks before it believes. */
import { createHmac, timingSafeEqual } from 'node:crypto';

const PREFIX = 'whsec_';
const KEY_BYTES_MIN = 24;
const KEY_BYTES_MAX = 64;
/** How far a receiver's clock may be off. */
const TOLERANCE_SECONDS = 300;

export interface WebhookMessage {
  /** Stays the same when a message is sent again. */
  readonly id: string;
  readonly timestampSeconds: number;
  readonly body: string;
}

export type WebhookHeaders = Readonly<
  Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>
>;

/** The key behind `whsec_…`. Throws one line, without the secret, where it is none. */
export function webhookKey(secret: string): Buffer {
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : '';
  const key = Buffer.from(text, 'base64');
  const whole = key.toString('base64').replaceAll('=', '') === text.replaceAll('=', '');
  if (!whole || key.length < KEY_BYTES_MIN || key.length > KEY_BYTES_MAX) {
    throw new Error(
      `must be ${PREFIX} and ${KEY_BYTES_MIN} to ${KEY_BYTES_MAX} random bytes in base64`,
    );
  }
  return key;
}

export function signWebhook(message: WebhookMessage, key: Uint8Array): WebhookHeaders {
  return {
    'webhook-id': message.id,
    'webhook-timestamp': String(message.timestampSeconds),
    'webhook-signature': `v1,${signatureOf(message, key).toString('base64')}`,
  };
}

/** For receivers: true where one of the signatures is right and the time is near. */
export function verifyWebhook(
  headers: Partial<WebhookHeaders>,
  body: string,
  { key, nowSeconds }: { readonly key: Uint8Array; readonly nowSeconds: number },
): boolean {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  if (id === undefined || timestamp === undefined || !/^\d{1,12}$/.test(timestamp)) return false;
  const timestampSeconds = Number(timestamp);
  if (Math.abs(nowSeconds - timestampSeconds) > TOLERANCE_SECONDS) return false;
  const expected = signatureOf({ id, timestampSeconds, body }, key);
  return (headers['webhook-signature'] ?? '').split(' ').some((one) => {
    const [version, text = ''] = one.split(',', 2);
    const given = Buffer.from(text, 'base64');
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
}

function signatureOf({ id, timestampSeconds, body }: WebhookMessage, key: Uint8Array): Buffer {
  return createHmac('sha256', key).update(`${id}.${timestampSeconds}.${body}`).digest();
}
