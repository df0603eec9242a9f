/** Who is told of a hold, and how: the payer always, a trusted contact where the payer chose one and the pressure is great. */
import {
  holdNotice,
  type EntryDraft,
  type Instant,
  type Notice,
  type NoticeCatalogue,
} from '#domain';
import type { Hashing } from '../ports/clock.ts';
import type { HoldRow, PayerProfile } from '../ports/engine-store.ts';
import { alertDraft } from './drafts.ts';

/** Channels in the order in which a payer is reached best; a payer without contacts is told in the app. */
const CHANNELS = ['app', 'sms', 'voice', 'email'] as const;

export interface AlertContext {
  readonly profile: PayerProfile | undefined;
  readonly catalogue: NoticeCatalogue;
  readonly now: Instant;
  readonly hashing: Hashing;
}

/** The alerts that go with a hold, for the transaction that places or raises it. */
export function alertsFor(hold: HoldRow, notice: Notice, context: AlertContext): EntryDraft[] {
  return [payerAlert(hold, notice, context), ...contactAlert(hold, notice, context)];
}

/** By contact reference, never by address: who knows the address is the platform. */
export function payerAlert(hold: HoldRow, notice: Notice, context: AlertContext): EntryDraft {
  const refs = context.profile?.contactRefs ?? {};
  const channel = CHANNELS.find((one) => refs[one] !== undefined) ?? 'app';
  const contactRef = refs[channel];
  const alert = {
    hold,
    notice,
    audience: 'payer' as const,
    channel,
    ...(contactRef === undefined ? {} : { contactRef }),
  };
  return alertDraft(alert, context.now, context.hashing);
}

/**
 * A second person is what ended the afternoon of DETECTION §1.2 (X18). Told from T3 on, and only of a contact that the payer chose; without
 * a figure, a payee or a name.
 */
function contactAlert(hold: HoldRow, { locale }: Notice, context: AlertContext): EntryDraft[] {
  const contactRef = context.profile?.trustedContactRef;
  if (contactRef === undefined || hold.tier === 'T2') return [];
  const amount = { currency: hold.currency, minor: hold.amountMinor };
  const told = { amount, dueAt: hold.dueAt, locale };
  const notice = holdNotice('trusted_contact', told, context.catalogue);
  const alert = { hold, notice, audience: 'trusted_contact', channel: 'sms', contactRef } as const;
  return [alertDraft(alert, context.now, context.hashing)];
}
