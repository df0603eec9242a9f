/** What shadow mode would have held was not held: the day a policy goes live, nothing may be held with it. */
import type { Policy } from '#domain';
import type { StoredSubject } from '../ports/engine-store.ts';

/**
 * The record as the live engine must read it. A subject decided `hold` without a hold was decided in shadow mode: its money went, so it is no
 * open hold (rule c) and nothing was evaded (CO6). It counts as allowed and so, while it can be stopped, late evidence may hold it.
 */
export function asItWas(subject: StoredSubject, mode: Policy['mode']): StoredSubject {
  const { effect, assessed, hold } = subject;
  if (mode === 'shadow' || effect.outcome !== 'hold' || hold !== undefined) return subject;
  return {
    ...subject,
    effect: { outcome: 'allow', tier: 'T0', ownTier: 'T0' },
    assessed: { ...assessed, outcome: 'allow' },
  };
}
