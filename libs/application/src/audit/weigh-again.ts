/** A journaled decision weighed again: years later, from its facts and the policy that its digest names, nothing else. */
import { SCORER, weigh, type DecisionBody, type Policy, type SealedEntry } from '#domain';

export type WeighedAgain =
  | { readonly kind: 'identical' }
  | { readonly kind: 'different'; readonly differences: readonly string[] }
  /** The input was refused: the fallback decided, there were no facts. */
  | { readonly kind: 'nothing_to_weigh' }
  | { readonly kind: 'policy_missing'; readonly version: string; readonly digest: string }
  | { readonly kind: 'other_scorer'; readonly scorer: string };

export function decisionBodyOf(entry: SealedEntry): DecisionBody {
  const { body } = JSON.parse(entry.canonical) as { readonly body: DecisionBody };
  return body;
}

/** Compares outcome, tier, score and reasons. `policies` are candidates; the one with the journaled digest is taken. */
export function weighAgain(body: DecisionBody, policies: readonly Policy[]): WeighedAgain {
  if (body.facts === null) return { kind: 'nothing_to_weigh' };
  if (body.scorer !== SCORER) return { kind: 'other_scorer', scorer: body.scorer };
  const policy = policies.find(({ digest }) => digest === body.policy.digest);
  if (policy === undefined) {
    return { kind: 'policy_missing', version: body.policy.version, digest: body.policy.digest };
  }
  const again = weigh(body.facts, policy);
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['outcome', body.outcome, again.outcome],
    ['tier', body.tier, again.tier],
    ['own tier', body.ownTier, again.ownTier],
    ['lowered', body.lowered, again.lowered],
    ['score', body.score, again.score],
    ['reasons', plainReasons(body.reasons), plainReasons(again.reasons)],
  ];
  const differences = pairs
    .map(([name, then, now]) => [name, JSON.stringify(then), JSON.stringify(now)] as const)
    .filter(([, then, now]) => then !== now)
    .map(([name, then, now]) => `${name}: journaled ${then}, weighed again ${now}`);
  return differences.length === 0 ? { kind: 'identical' } : { kind: 'different', differences };
}

function plainReasons(reasons: DecisionBody['reasons']): object {
  return reasons.map(({ code, tenths, refs, text }) => [
    code,
    tenths,
    refs,
    text['zh-CN'],
    text.en,
  ]);
}
