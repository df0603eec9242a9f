/** What the scorer concludes about one subject: score, tier, outcome and the reasons that add up to it. */
import type { Facts, Ref } from '../facts/facts.ts';
import type { SubjectRef } from '../subject/subject.ts';

export const TIERS = ['T0', 'T1', 'T2', 'T3', 'T4'] as const;
export type Tier = (typeof TIERS)[number];

export function tierRank(tier: Tier): number {
  return TIERS.indexOf(tier);
}

/** The stricter of two tiers. */
export function stricterTier(a: Tier, b: Tier): Tier {
  return tierRank(a) >= tierRank(b) ? a : b;
}

/** There is no default outcome: what has not been decided is not allowed (DESIGN, property 5). */
export type Outcome = 'allow' | 'warn' | 'hold';

export const OUTCOME_OF_TIER: Readonly<Record<Tier, Outcome>> = {
  T0: 'allow',
  T1: 'warn',
  T2: 'hold',
  T3: 'hold',
  T4: 'hold',
};

/** Decibans × 10, an integer: weights are rounded half up to one decimal before summing (SCORING §1). */
export type DecibanTenths = number;

/** Rounds decibans half up to one decimal, as tenths: 12.34 → 123, 0.05 → 1. */
export function toTenths(decibans: number): DecibanTenths {
  return Math.floor(decibans * 10 + 0.5);
}

export interface LocalisedText {
  readonly 'zh-CN': string;
  readonly en: string;
}

/** A reason as weighed: evidence by index, so that it follows from facts and policy alone. */
export interface WeighedReason {
  readonly code: string;
  readonly tenths: DecibanTenths;
  /** Indices into the assessment's `refs`, oldest first. */
  readonly refs: readonly Ref[];
  readonly text: LocalisedText;
}

/** The part of a weighing that later subjects of the payer depend on. */
export interface Verdict {
  readonly outcome: Outcome;
  /** After rules (a), (b), (c), (f). */
  readonly tier: Tier;
  /** By its own assessment, before rule (c) raised it: what other subjects are held with. */
  readonly ownTier: Tier;
  /** Rule (b) lowered the tier: WATCH counts on the payer for 24 h. */
  readonly lowered: boolean;
}

/** `weigh(facts, policy)`: everything that follows from facts and policy alone. */
export interface Weighing extends Verdict {
  readonly score: DecibanTenths;
  /** Strongest first by magnitude of decibans, mitigations and caps included; they sum to `score`. */
  readonly reasons: readonly WeighedReason[];
}

export interface Assessment extends Weighing {
  readonly subject: SubjectRef;
  /** Not personal: journaled in the clear. Weighed again with the same policy it gives the same verdict. */
  readonly facts: Facts;
  /** Personal: what the indices in facts and reasons stand for, `<source>#<id>`. */
  readonly refs: readonly string[];
}
