/** Names of staff for everything that shows who did something. */
import type { Clock, SessionStore } from '#application';
import type { Person } from '../api/shapes.ts';

export interface StaffNames {
  person(userId: string): Person;
}

const FRESH_MS = 5_000;

/** Reads the staff at most every few seconds; somebody new has their id for a name until then. */
export function staffNames(sessions: SessionStore, clock: Clock): () => Promise<StaffNames> {
  let readAt = Number.NEGATIVE_INFINITY;
  let names = new Map<string, string>();
  return async () => {
    if (clock.now() - readAt > FRESH_MS) {
      const staff = await sessions.staff();
      names = new Map(staff.map(({ userId, name }) => [userId, name]));
      readAt = clock.now();
    }
    return { person: (userId) => ({ userId, name: names.get(userId) ?? userId }) };
  };
}
