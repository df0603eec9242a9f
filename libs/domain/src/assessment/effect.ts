/** What a new assessment does to what the processor was told: rule (e). */
import type { RecordedSubject } from '../evidence/payer-window.ts';
import { tierRank, type Assessment } from './assessment.ts';

/**
 * `first`: nothing was decided yet. `stricter`: the tier is above the strictest one given, and the subject can still be stopped: a
 * superseding decision. `none`: milder, equal, or too late; nothing changes for the processor.
 */
export type Effect = 'first' | 'stricter' | 'none';

export function decideEffect(
  recorded: RecordedSubject | undefined,
  assessment: Pick<Assessment, 'tier'>,
  stoppable: boolean,
): Effect {
  if (recorded === undefined) return 'first';
  const stricter = tierRank(assessment.tier) > tierRank(recorded.effect.tier);
  return stricter && stoppable ? 'stricter' : 'none';
}
