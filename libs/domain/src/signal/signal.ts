/** What a signal is: a pure function of facts and policy that either fires with a weight or says nothing. */
import type { DecibanTenths, LocalisedText } from '../assessment/assessment.ts';
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

export interface Signal {
  readonly code: string;
  readonly group: SignalGroup;
  /** MUST read nothing but its arguments and MUST NOT throw for valid facts (if it does: rule f). */
  readonly weigh: (facts: Facts, policy: Policy) => Finding | undefined;
}
