/** What the clock does to holds: at `dueAt` they mature or end as the profile says, at the ceiling they expire. */
import { decideHold, type EntryDraft, type HoldCommand, type Instant, type Policy } from '#domain';
import { holdDraft } from '../engine/drafts.ts';
import type { Clock } from '../ports/clock.ts';
import type { HoldRow } from '../ports/engine-store.ts';
import type { HoldStore } from '../ports/hold-store.ts';
import type { JournalStore } from '../ports/journal-store.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export interface HoldDeps {
  readonly unitOfWork: UnitOfWork;
  readonly holds: HoldStore;
  readonly journal: JournalStore;
  readonly clock: Clock;
  readonly policy: () => Policy;
}

/**
 * Brings at most `limit` due holds to where the clock wants them, each with its order in the journal, and returns how many. Any number of
 * workers may run it: a hold that one of them has is passed over by the others.
 */
export function endDueHolds(deps: HoldDeps, limit: number): Promise<number> {
  return deps.unitOfWork.run(async (tx) => {
    const now = deps.clock.now();
    const due = await deps.holds.lockDue(tx, now, limit);
    if (due.length === 0) return 0;
    const { profile } = deps.policy();
    const changed: HoldRow[] = [];
    const drafts = new Map<number, EntryDraft[]>();
    for (const hold of due) {
      const verdict = decideHold(hold, dueCommand(hold, now), now);
      if (!verdict.ok) continue;
      changed.push(verdict.hold);
      const { change, actor, reason } = verdict;
      const draft = holdDraft({ hold: verdict.hold, change, actor, reason, profile }, now);
      const ofChain = drafts.get(hold.partition) ?? [];
      drafts.set(hold.partition, [...ofChain, draft]);
    }
    await Promise.all([deps.holds.save(tx, changed), deps.journal.append(tx, drafts)]);
    return changed.length;
  });
}

function dueCommand(hold: HoldRow, now: Instant): HoldCommand {
  if (now >= hold.ceilingAt) return { type: 'expire' };
  switch (hold.expiryAction) {
    case 'reconfirm':
      return { type: 'mature' };
    case 'release':
      return { type: 'release', actor: 'clock' };
    case 'reject':
      return { type: 'expire' };
  }
}
