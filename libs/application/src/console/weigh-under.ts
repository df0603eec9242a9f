/** What another policy would have decided: facts on record weighed again. Exact for weights, caps, tiers and rules (DESIGN, property 4). */
import { weigh, type DecisionBody, type Policy, type Tier } from '#domain';
import type { DecidedBefore, BesideDecision } from '../ports/policy-store.ts';

export type TierCounts = Readonly<Record<Tier, number>>;

export interface WeighedUnder {
  readonly decisions: number;
  /** Decided without facts: there is nothing to weigh. */
  readonly skipped: number;
  readonly before: TierCounts;
  readonly after: TierCounts;
  readonly changed: readonly { readonly decided: DecidedBefore; readonly after: Tier }[];
  readonly labelled: Readonly<Record<'scam' | 'legitimate', LabelCounts>>;
}

export interface LabelCounts {
  readonly total: number;
  readonly heldBefore: number;
  readonly heldAfter: number;
}

const TIERS: readonly Tier[] = ['T0', 'T1', 'T2', 'T3', 'T4'];
const SLICE = 200;

/** Weighs in slices and lets others go on in between, as thousands of decisions take seconds. */
export async function weighUnder(
  decided: readonly DecidedBefore[],
  policy: Policy,
  breathe: () => Promise<void>,
): Promise<WeighedUnder> {
  const before = zero();
  const after = zero();
  const labelled = { scam: noLabels(), legitimate: noLabels() };
  const changed: { decided: DecidedBefore; after: Tier }[] = [];
  let skipped = 0;
  for (const [at, one] of decided.entries()) {
    if (at % SLICE === SLICE - 1) await breathe();
    const tier = tierUnder(one.decision, policy);
    if (tier === undefined) {
      skipped += 1;
      continue;
    }
    before[one.decision.tier] += 1;
    after[tier] += 1;
    if (one.label === 'scam' || one.label === 'legitimate') {
      const counts = labelled[one.label];
      counts.total += 1;
      if (isHeld(one.decision.tier)) counts.heldBefore += 1;
      if (isHeld(tier)) counts.heldAfter += 1;
    }
    if (tier !== one.decision.tier) changed.push({ decided: one, after: tier });
  }
  return { decisions: decided.length - skipped, skipped, before, after, changed, labelled };
}

/** The tier of a decision's facts under a policy; undefined where there are none. */
export function tierUnder({ facts }: DecisionBody, policy: Policy): Tier | undefined {
  return facts === null ? undefined : weigh(facts, policy).tier;
}

/** As the version beside decides it. */
export function besideDecision(decision: DecisionBody, policy: Policy): BesideDecision | undefined {
  const { facts } = decision;
  const after = tierUnder(decision, policy);
  if (facts === null || after === undefined) return undefined;
  return {
    decisionId: decision.decisionId,
    ...(decision.hold === undefined ? {} : { holdId: decision.hold.holdId }),
    kind: decision.subjectKind,
    minor: facts.amount,
    currency: facts.currency,
    at: Date.parse(decision.decidedAt),
    before: decision.tier,
    after,
  };
}

export function tierCounts(
  counts: readonly { readonly tier: Tier; readonly count: number }[],
): Record<Tier, number> {
  const sums = zero();
  for (const { tier, count } of counts) sums[tier] += count;
  return sums;
}

function zero(): Record<Tier, number> {
  return Object.fromEntries(TIERS.map((tier) => [tier, 0])) as Record<Tier, number>;
}

function noLabels(): { total: number; heldBefore: number; heldAfter: number } {
  return { total: 0, heldBefore: 0, heldAfter: 0 };
}

function isHeld(tier: Tier): boolean {
  return tier >= 'T2';
}
