/** Ways to reach a payer. */
export * from './standard-webhooks.ts';
export * from './webhook-channel.ts';
