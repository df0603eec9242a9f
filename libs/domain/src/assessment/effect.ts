/** What a new assessment does to what the processor was told: rule (e). */
import type { RecordedSubject } from '../evidence/payer-window.ts';
import { tierRank, type Assessment } from './assessment.ts';

export type Effect = { readonly kind: 'first' } | { readonly kind: 'stricter' } | { readonly kind: 'none' };

/** A decision is made the first time and whenever the tier became stricter than the strictest one given; milder changes nothing. */
export function decideEffect(
  recorded: RecordedSubject | undefined,
  assessment: Pick<Assessment, 'tier'>,
): Effect {
  if (recorded === undefined) return { kind: 'first' };
  return tierRank(assessment.tier) > tierRank(recorded.effect.tier)
    ? { kind: 'stricter' }
    : { kind: 'none' };
}
