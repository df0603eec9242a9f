/** The kinds of failure that are thrown; refusals and poison records are values (STYLE, Errors). */

/** May pass by itself: retried with back-off by whoever owns the loop. */
export class TransientFault extends Error {
  override readonly name = 'TransientFault';
}

/** Another instance owns these partitions now: nothing of the transaction was kept, and the partitions are to be dropped. */
export class PartitionsFenced extends Error {
  override readonly name = 'PartitionsFenced';
  readonly partitions: readonly number[];
  constructor(partitions: readonly number[]) {
    super(`partitions ${partitions.join(', ')} are owned by another instance`);
    this.partitions = partitions;
  }
}

/** Something that cannot be is the case. Logged, and the process exits for its supervisor. */
export class InvariantBroken extends Error {
  override readonly name = 'InvariantBroken';
}
