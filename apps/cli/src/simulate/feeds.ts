/** Which feeds a platform has: whole kinds of events, and fields that only some platforms can fill. Leaving one out changes nothing else. */
import type { EventKind } from '#domain';

export const FEEDS = [
  'codes',
  'calls',
  'screen',
  'sessions',
  'credit',
  'savings',
  'orders',
  'receipts',
  'outcomes',
  'profiles',
  'amount-input',
  'payee-history',
  'payer-money',
  'remarks',
] as const;
export type Feed = (typeof FEEDS)[number];

/** What stands in `docs` and help for each. */
export const FEED_TEXT: Readonly<Record<Feed, string>> = {
  codes: 'digests of one-time codes (code.observed)',
  calls: 'calls on the payer’s phone, saved or unsaved',
  screen: 'screen sharing and remote control',
  sessions: 'all other session signals: log-ins, devices, payees added, hesitation',
  credit: 'credit lines, draws and repayments',
  savings: 'savings redeemed',
  orders: 'orders at merchants',
  receipts: 'funds received by the payer',
  outcomes: 'transfers settled, failed, cancelled',
  profiles: 'payer profiles (age band, contacts)',
  'amount-input': 'how the amount was entered (field amountInput)',
  'payee-history':
    'what the platform knows of the payee (firstPaidAt, paidCount, accountAgeDays, nameMatch, declaredContact)',
  'payer-money': 'the payer’s own money and habitual amounts (field profile)',
  remarks: 'remarks (field remark)',
};

const CALL_SIGNALS: ReadonlySet<string> = new Set(['call_started', 'call_ended']);
const SCREEN_SIGNALS: ReadonlySet<string> = new Set([
  'screen_share_started',
  'screen_share_ended',
  'remote_control',
]);

/** Undefined for transfers themselves, which are always there. */
const FEED_OF: Readonly<Record<Exclude<EventKind, 'session.observed'>, Feed | undefined>> = {
  'transfer.requested': undefined,
  'transfer.settled': 'outcomes',
  'transfer.failed': 'outcomes',
  'transfer.cancelled': 'outcomes',
  'funds.received': 'receipts',
  'merchant.ordered': 'orders',
  'credit.line-opened': 'credit',
  'credit.limit-viewed': 'credit',
  'credit.draw-requested': 'credit',
  'credit.drawn': 'credit',
  'credit.draw-cancelled': 'credit',
  'credit.repaid': 'credit',
  'code.observed': 'codes',
  'code.matched': 'codes',
  'savings.redeemed': 'savings',
  'payer.updated': 'profiles',
  'hold.acknowledged': 'outcomes',
  'payer.responded': 'outcomes',
  'instruction.received': 'outcomes',
};

/** The feed that an event comes from; `signal` is that of a session. */
export function feedOf(kind: EventKind, signal: string | undefined): Feed | undefined {
  if (kind !== 'session.observed') return FEED_OF[kind];
  if (signal !== undefined && CALL_SIGNALS.has(signal)) return 'calls';
  return signal !== undefined && SCREEN_SIGNALS.has(signal) ? 'screen' : 'sessions';
}
