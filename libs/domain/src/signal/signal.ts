/** What a signal is: a pure function of facts and policy that either fires with a weight or says nothing. */
import { toTenths, type DecibanTenths, type LocalisedText } from '../assessment/assessment.ts';
import type { Facts, Ref } from '../facts/facts.ts';
import type { FamilyName, Policy } from '../policy/policy.ts';

/** Families are capped, the rest is added as it is. */
export type SignalGroup = FamilyName | 'uncapped' | 'mitigation';

export interface Finding {
  /** Never 0: a signal without weight does not fire. */
  readonly tenths: DecibanTenths;
  /** The events behind it, oldest first. */
  readonly refs: readonly Ref[];
  readonly text: LocalisedText;
}

/** What a signal can read only where the platform sends it. Names a topic, a field or a kind of session signal. */
export type Feed =
  | 'transfer.requested'
  | 'amountInput'
  | 'profile.liquidBefore'
  | 'profile.p99Amount'
  | 'payee.accountAgeDays'
  | 'payee.nameMatch'
  | 'payee.history'
  | 'transfer outcomes'
  | 'funds.received'
  | 'merchant.ordered'
  | 'credit.draws'
  | 'identity.codes'
  | 'calls'
  | 'screen sharing'
  | 'session.signals'
  | 'savings.redeemed'
  | 'holds.responses'
  | 'other payers'
  | 'lists';

export interface Signal {
  readonly code: string;
  readonly group: SignalGroup;
  /** What it sees, in a phrase. */
  readonly sees: LocalisedText;
  /** Feeds without which it stays silent. */
  readonly feeds: readonly Feed[];
  /** The honest explanation that a reviewer should think of first. */
  readonly against: string;
  /** MUST read nothing but its arguments and MUST NOT throw for valid facts (if it does: rule f). */
  readonly weigh: (facts: Facts, policy: Policy) => Finding | undefined;
}

/** A finding of that weight, or none where the policy gives it no weight. */
export function finding(
  decibans: number,
  refs: readonly Ref[],
  zh: string,
  en: string,
): Finding | undefined {
  const tenths = toTenths(decibans);
  return tenths === 0 ? undefined : { tenths, refs, text: { 'zh-CN': zh, en } };
}
