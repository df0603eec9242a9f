/** Alerts to the platform's own messaging by signed webhooks: it knows the addresses behind the contact references, we do not. */
import { TransientFault, type AlertChannel, type EncodeAlert } from '#application';
import { signWebhook, webhookKey } from './standard-webhooks.ts';

export interface WebhookSettings {
  readonly url: string;
  /** `whsec_…`. */
  readonly secret: string;
  readonly encode: EncodeAlert;
  readonly nowMs: () => number;
}

/** The specification recommends 15 to 30 s; a payer is waiting. */
const ANSWER_MS_MAX = 10_000;

/** Any answer of 2xx has taken it. Redirects are not followed: who is told of an alert is configured, not answered. */
export function makeWebhookChannel(settings: WebhookSettings): AlertChannel {
  const key = webhookKey(settings.secret);
  return {
    async deliver({ entry }) {
      const message = settings.encode(entry);
      // Erased while it waited: there is nothing to say any more.
      if (message === undefined) return;
      const timestampSeconds = Math.floor(settings.nowMs() / 1_000);
      const signed = signWebhook({ ...message, timestampSeconds }, key);
      let status: number;
      try {
        const answer = await fetch(settings.url, {
          method: 'POST',
          redirect: 'manual',
          headers: { 'content-type': 'application/cloudevents+json', ...signed },
          body: message.body,
          signal: AbortSignal.timeout(ANSWER_MS_MAX),
        });
        status = answer.status;
        await answer.body?.cancel();
      } catch {
        throw new TransientFault('the alert webhook did not answer');
      }
      if (status < 200 || status > 299) {
        throw new TransientFault(`the alert webhook answered ${status}`);
      }
    },
  };
}
