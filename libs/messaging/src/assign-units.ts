/**
 * Who reads which partition. Partition k of every input topic is one unit: an account's events lie on the same k of all
 * topics, so whoever has one must have all.
 */

export interface GroupMemberClaim {
  readonly memberId: string;
  /** What the member had until now; nothing for a new one. */
  readonly previous: readonly number[];
}

/**
 * Spreads partitions 0 … `partitionCount` − 1 over the members. Every partition goes to exactly one member, numbers differ
 * by one at most, as few as possible move, and the result depends on the set of claims only, not on their order.
 */
export function assignUnits(
  claims: readonly GroupMemberClaim[],
  partitionCount: number,
): ReadonlyMap<string, readonly number[]> {
  const members = claims.toSorted(byId);
  const held = heldBy(members, partitionCount);
  const kept = keepUpToShare(held, partitionCount);
  const taken = new Set([...kept.values()].flat());
  for (let partition = 0; partition < partitionCount; partition += 1) {
    if (!taken.has(partition)) leastLoaded(kept)?.push(partition);
  }
  return new Map([...kept].map(([id, units]) => [id, units.toSorted((a, b) => a - b)]));
}

/** Claims that make sense. Two members may claim the same partition when one was away: the first by id keeps it. */
function heldBy(
  members: readonly GroupMemberClaim[],
  partitionCount: number,
): Map<string, number[]> {
  const claimed = new Set<number>();
  const held = new Map<string, number[]>();
  for (const { memberId, previous } of members) {
    const own = [...new Set(previous)]
      .filter(
        (one) => Number.isInteger(one) && one >= 0 && one < partitionCount && !claimed.has(one),
      )
      .toSorted((a, b) => a - b);
    own.forEach((one) => claimed.add(one));
    held.set(memberId, own);
  }
  return held;
}

/** The larger shares go to those who hold most, so that fewer partitions move. */
function keepUpToShare(
  held: ReadonlyMap<string, readonly number[]>,
  partitionCount: number,
): Map<string, number[]> {
  const share = Math.floor(partitionCount / Math.max(1, held.size));
  const larger = partitionCount - share * held.size;
  const byHolding = [...held].toSorted(([, a], [, b]) => b.length - a.length);
  const sizes = new Map(byHolding.map(([id], rank) => [id, rank < larger ? share + 1 : share]));
  return new Map([...held].map(([id, units]) => [id, units.slice(0, sizes.get(id))]));
}

function leastLoaded(kept: ReadonlyMap<string, number[]>): number[] | undefined {
  let least: number[] | undefined;
  for (const units of kept.values()) {
    if (least === undefined || units.length < least.length) least = units;
  }
  return least;
}

function byId(a: GroupMemberClaim, b: GroupMemberClaim): number {
  if (a.memberId === b.memberId) return 0;
  return a.memberId < b.memberId ? -1 : 1;
}
