/** The consumer group of the simulated log: who is in, who has what, and who does not know it yet. */
import type { SimulatedMember } from './log-member.ts';

interface Membership {
  readonly member: SimulatedMember;
  /** What the group thinks the member has. */
  given: readonly number[];
  /** Partitions that were the member's without interruption since it last heard from the group. */
  kept: Set<number>;
  /** It has not heard of its latest assignment. */
  pending: boolean;
}

export class SimulatedGroup {
  readonly #partitionCount: number;
  readonly #members = new Map<string, Membership>();
  /** Out of the group without knowing it. */
  readonly #expelled = new Set<SimulatedMember>();
  /** Killed; the group has not noticed. */
  readonly #dead = new Set<SimulatedMember>();

  constructor(partitionCount: number) {
    this.#partitionCount = partitionCount;
  }

  join(member: SimulatedMember): void {
    this.#members.set(member.id, { member, given: [], kept: new Set(), pending: true });
    this.#rebalance();
  }

  leave(member: SimulatedMember): void {
    this.#expelled.delete(member);
    this.#dead.delete(member);
    if (this.#members.get(member.id)?.member === member) {
      this.#members.delete(member.id);
      this.#rebalance();
    }
  }

  /** The session ran out although the instance lives: others get its partitions before it learns of that. */
  expel(member: SimulatedMember): void {
    if (this.#members.get(member.id)?.member !== member) return;
    this.leave(member);
    this.#expelled.add(member);
  }

  markDead(member: SimulatedMember): void {
    this.#expelled.delete(member);
    if (this.#members.get(member.id)?.member === member) this.#dead.add(member);
  }

  /** What may happen next in the group, each once. */
  events(): readonly (() => void)[] {
    return [
      ...[...this.#members.values()]
        .filter((one) => one.pending && !this.#dead.has(one.member))
        .map((one) => () => this.#notify(one)),
      ...[...this.#expelled].map((member) => () => this.#readmit(member)),
      ...[...this.#dead].map((member) => () => this.leave(member)),
    ];
  }

  #notify(membership: Membership): void {
    membership.pending = false;
    const { member, given, kept } = membership;
    membership.kept = new Set(given);
    member.assign(given, kept);
  }

  #readmit(member: SimulatedMember): void {
    this.#expelled.delete(member);
    member.assign([], new Set());
    if (member.isReading) this.join(member);
  }

  /** As the assigner of the Kafka adapter: balanced, nobody loses more than has to move. */
  #rebalance(): void {
    const members = [...this.#members.values()].toSorted((a, b) => b.given.length - a.given.length);
    const share = Math.floor(this.#partitionCount / Math.max(1, members.length));
    const larger = this.#partitionCount % Math.max(1, members.length);
    const next = members.map((one, rank) => one.given.slice(0, rank < larger ? share + 1 : share));
    const taken = new Set(next.flat());
    for (let partition = 0; partition < this.#partitionCount && next.length > 0; partition += 1) {
      if (taken.has(partition)) continue;
      next.reduce((least, one) => (one.length < least.length ? one : least)).push(partition);
    }
    members.forEach((one, rank) => {
      const given = next[rank] ?? [];
      one.kept = new Set(given.filter((partition) => one.kept.has(partition)));
      one.pending ||=
        given.length !== one.given.length ||
        given.some((partition) => !one.given.includes(partition));
      one.given = given.toSorted((a, b) => a - b);
    });
  }
}
