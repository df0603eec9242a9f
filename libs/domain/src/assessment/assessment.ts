/** What the scorer concludes about one subject: score, tier, outcome and the reasons that add up to it. */
import type { Facts } from '../facts/facts.ts';
import type { SubjectRef } from '../subject/subject.ts';

export const TIERS = ['T0', 'T1', 'T2', 'T3', 'T4'] as const;
export type Tier = (typeof TIERS)[number];

export function tierRank(tier: Tier): number {
  return TIERS.indexOf(tier);
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

export interface LocalisedText {
  readonly 'zh-CN': string;
  readonly en: string;
}

export interface Reason {
  readonly code: string;
  readonly tenths: DecibanTenths;
  /** `<source>#<id>` of the events behind it, oldest first. */
  readonly evidence: readonly string[];
  readonly text: LocalisedText;
}

/** `weigh(facts, policy)`: everything that follows from facts and policy alone. */
export interface Weighing {
  readonly score: DecibanTenths;
  /** After rules (a), (b), (c), (f). */
  readonly tier: Tier;
  /** By its own assessment, before rule (c) raised it: what other subjects are held with. */
  readonly ownTier: Tier;
  readonly outcome: Outcome;
  /** Rule (b) lowered the tier: WATCH counts on the payer for 24 h. */
  readonly lowered: boolean;
  /** Strongest first by magnitude of decibans, mitigations and caps included; they sum to `score`. */
  readonly reasons: readonly Reason[];
}

export interface Assessment extends Weighing {
  readonly subject: SubjectRef;
  readonly facts: Facts;
}
