/** What a subject's record tells of its hold. */
import type { RecordedHold } from '#domain';
import type { HoldRow } from '../ports/engine-store.ts';

export function recordedHold(row: HoldRow): RecordedHold {
  const { holdId, placedAt, dueAt, ceilingAt, status, ended } = row;
  const hold = { holdId, placedAt, dueAt, ceilingAt };
  if (ended === undefined || status === 'placed' || status === 'matured') return hold;
  return { ...hold, ended: { at: ended.at, end: status, actor: ended.actor } };
}
