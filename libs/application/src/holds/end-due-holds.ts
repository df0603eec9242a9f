/** What the clock does to holds: at `dueAt` they wait on for a call, mature or end as the profile says; at the ceiling they end. */
import {
  dueWithCalls,
  waitsForCalls,
  type EntryDraft,
  type HoldCommand,
  type Instant,
  type PlatformEvent,
  type Policy,
} from '#domain';
import type { Clock } from '../ports/clock.ts';
import type { HoldRow } from '../ports/engine-store.ts';
import type { HoldStore } from '../ports/hold-store.ts';
import type { JournalStore } from '../ports/journal-store.ts';
import type { Tx, UnitOfWork } from '../ports/unit-of-work.ts';
import { stepHold } from './step-hold.ts';

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
    const [readUntil, due] = await Promise.all([
      deps.holds.responsesRead(tx),
      deps.holds.lockDue(tx, now, limit),
    ]);
    if (due.length === 0) return 0;
    const policy = deps.policy();
    const calls = await callsDuring(tx, deps, due, { now, policy });
    const changed: HoldRow[] = [];
    const drafts = new Map<number, EntryDraft[]>();
    for (const hold of due) {
      const command =
        waitForCall(hold, calls.get(hold.payerId) ?? [], { now, policy }) ??
        dueCommand(hold, now, readUntil.get(hold.partition) ?? 0);
      const step = stepHold({ hold, command }, now);
      if (step.step === 'refused') continue;
      changed.push(step.hold);
      const ofChain = drafts.get(hold.partition) ?? [];
      ofChain.push(step.draft);
      drafts.set(hold.partition, ofChain);
    }
    await Promise.all([deps.holds.update(tx, changed), deps.journal.append(tx, drafts)]);
    return changed.length;
  });
}

interface AsOf {
  readonly now: Instant;
  readonly policy: Policy;
}

/** Calls of the payers whose holds wait for calls to end, by payer. */
async function callsDuring(
  tx: Tx,
  deps: HoldDeps,
  due: readonly HoldRow[],
  { now, policy }: AsOf,
): Promise<ReadonlyMap<string, readonly PlatformEvent[]>> {
  const asked = due.filter((hold) => now < hold.ceilingAt && waitsForCalls(hold, policy));
  if (asked.length === 0) return new Map();
  const callMaxMs = policy.windows.callMaxHours * 3_600_000;
  const requests = asked.map(({ partition, payerId, placedAt }) => ({
    partition,
    payerId,
    from: placedAt - callMaxMs,
  }));
  return deps.holds.calls(tx, requests);
}

function waitForCall(
  hold: HoldRow,
  calls: readonly PlatformEvent[],
  { now, policy }: AsOf,
): HoldCommand | undefined {
  if (hold.status !== 'placed' || calls.length === 0) return undefined;
  const dueAt = dueWithCalls(hold, calls, now, policy);
  return dueAt > now && dueAt > hold.dueAt
    ? { type: 'extend', actor: 'clock', dueAt, reason: 'call_running' }
    : undefined;
}

function dueCommand(hold: HoldRow, now: Instant, responsesReadUntil: Instant): HoldCommand {
  switch (hold.expiryAction) {
    case 'release':
      return { type: 'release', actor: 'clock', responsesReadUntil };
    case 'reconfirm':
      return now >= hold.ceilingAt ? { type: 'expire' } : { type: 'mature' };
    case 'reject':
      return { type: 'expire' };
  }
}
