/** From the score to the tier: the table, and the rules around it (SCORING §1, §4). */
import type { Facts } from '../facts/facts.ts';
import type { Policy } from '../policy/policy.ts';
import { isNewPerson } from '../signal/applies.ts';
import { stricterTier, tierRank, toTenths, type DecibanTenths, type Tier } from './assessment.ts';

export interface Scored {
  readonly facts: Facts;
  readonly policy: Policy;
  readonly score: DecibanTenths;
  /** Codes of the signals that fired. */
  readonly codes: ReadonlySet<string>;
  readonly failed: boolean;
}

export interface TierDecision {
  readonly tier: Tier;
  readonly ownTier: Tier;
  readonly lowered: boolean;
  /** Rule (c) raised the tier. */
  readonly heldWith: boolean;
  /** It would have been held, and the policy exempts the payee. */
  readonly exempted: boolean;
}

/**
 * (a) draws under pressure, (b) small amounts at most, (c) held with, where (b) again has the last word, (f) at least the fallback; and last
 * the policy's exemptions: a payee that is never held is at most warned of, unless it is listed.
 */
export function decideTier(scored: Scored): TierDecision {
  const { facts, policy } = scored;
  let own = tierOfScore(scored.score, policy);
  if (drawUnderPressure(scored)) own = stricterTier(own, policy.rules.drawPressure.tier);
  const most = smallAmountMost(scored);
  const limited = most === undefined ? own : milderTier(own, most);
  const { openHold } = facts;
  const joined =
    openHold !== undefined && (facts.kind === 'draw' || isNewPerson(facts))
      ? stricterTier(limited, openHold.tier)
      : limited;
  const tier = most === undefined ? joined : milderTier(joined, most);
  // What a broken signal would have said is unknown also where little money is at stake.
  const least = scored.failed ? policy.fallbacks.signalFailed : 'T0';
  const decided = {
    tier: stricterTier(tier, least),
    ownTier: stricterTier(limited, least),
    lowered: limited !== own || tier !== joined,
    heldWith: tier !== limited && tierRank(tier) > tierRank(least),
    exempted: false,
  };
  const exempt = facts.payee?.exempt === true && facts.payee.listed === undefined;
  if (!exempt || tierRank(decided.tier) <= tierRank(EXEMPT_MOST)) return decided;
  const ownTier = milderTier(decided.ownTier, EXEMPT_MOST);
  return { ...decided, tier: EXEMPT_MOST, ownTier, heldWith: false, exempted: true };
}

/** What is never held may still be warned of. */
const EXEMPT_MOST: Tier = 'T1';

/** Half-open: a tier begins at its number. */
export function tierOfScore(score: DecibanTenths, policy: Policy): Tier {
  const { T1, T2, T3, T4 } = policy.tiers;
  if (score >= toTenths(T4)) return 'T4';
  if (score >= toTenths(T3)) return 'T3';
  if (score >= toTenths(T2)) return 'T2';
  return score >= toTenths(T1) ? 'T1' : 'T0';
}

/** Rule (a): somebody on the phone, on the screen or writing pretexts makes a draw wait longer. */
function drawUnderPressure({ facts, policy, score, codes }: Scored): boolean {
  if (facts.kind !== 'draw' || score < toTenths(policy.rules.drawPressure.minDecibans)) {
    return false;
  }
  return codes.has('CO1') || codes.has('CO2') || codes.has('CO3');
}

/** Rule (b): the strictest tier for a payee who got little in a day; undefined where enough was attempted. */
function smallAmountMost({ facts, policy, codes }: Scored): Tier | undefined {
  const { below, maxTier, maxTierWithEvidence } = policy.rules.smallAmounts;
  if (facts.attempts === undefined) return undefined;
  if (facts.attempts.payee24hMinor >= below * facts.unit) return undefined;
  const any = (family: string): boolean => [...codes].some((code) => code.startsWith(family));
  const evidence = any('CD') || codes.has('CO2') || codes.has('CO3') || (any('CO') && any('CR'));
  return evidence ? maxTierWithEvidence : maxTier;
}

function milderTier(a: Tier, b: Tier): Tier {
  return tierRank(a) <= tierRank(b) ? a : b;
}
