/** The one match between amount and code that counts, shared by CD1, CD2, CD3 and CDr (SCORING §3, CD). */
import type { CodeMatchFacts, Facts } from '../../facts/facts.ts';
import { MINUTE_MS } from '../../kernel/instant.ts';
import type { Decibans, DigitWeight, Policy } from '../../policy/policy.ts';
import { codeApplies } from '../applies.ts';

export type MatchCode = 'CD1' | 'CD2' | 'CD3';

export interface WeighedMatch {
  readonly code: MatchCode;
  readonly match: CodeMatchFacts;
  /** Above 0. */
  readonly decibans: Decibans;
}

/**
 * The heaviest match; of equally heavy ones the first. A code weighs fully while it is fresh, then less with every doubling of its
 * age, and less the more codes were seen: with many codes some amount matches by chance.
 */
export function bestMatch(facts: Facts, policy: Policy): WeighedMatch | undefined {
  const { codes } = facts;
  if (codes === undefined || !codeApplies(facts, policy)) return undefined;
  const chance = 10 * Math.log10(Math.max(1, codes.distinct24h));
  let best: WeighedMatch | undefined;
  for (const match of codes.matches) {
    const code = codeOf(match);
    const base = baseWeight(code, match.digits, policy);
    const decibans = Math.max(0, base - fading(match.ageMs, policy)) - chance;
    if (decibans > (best?.decibans ?? 0)) best = { code, match, decibans };
  }
  return best;
}

function codeOf(match: CodeMatchFacts): MatchCode {
  if (match.form === 'prefix' || match.as === 'yuan_part') return 'CD3';
  return match.as === 'yuan' ? 'CD1' : 'CD2';
}

function baseWeight(code: MatchCode, digits: number, policy: Policy): Decibans {
  if (code === 'CD3') return policy.signals.CD3.decibans;
  const step = policy.signals[code].byDigits.findLast((one: DigitWeight) => one.digits <= digits);
  return step?.decibans ?? 0;
}

/** What age takes off. */
function fading(ageMs: number, policy: Policy): Decibans {
  const fresh = policy.codes.freshMinutes * MINUTE_MS;
  return ageMs <= fresh ? 0 : policy.codes.decibansPerDoubling * Math.log2(ageMs / fresh);
}
