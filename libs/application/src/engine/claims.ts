/** Taking over partitions: the epoch, where to read on, and whether the log still has it (DESIGN, property 2). */
import type { EngineStore, PartitionLease } from '../ports/engine-store.ts';
import type { InputLog, TopicBounds, TopicPosition } from '../ports/input-log.ts';

export interface Claimed {
  readonly leases: readonly PartitionLease[];
  /** Where the log is to be read on. */
  readonly readFrom: readonly TopicPosition[];
  /** Partitions that must not be read on, with one line that says what to do. */
  readonly stopped: readonly { readonly partition: number; readonly reason: string }[];
}

/** Claims the partitions and checks their positions against the log. Throws `TransientFault` when either cannot be reached. */
export async function claimPartitions(
  store: EngineStore,
  log: Pick<InputLog, 'bounds'>,
  instanceId: string,
  partitions: readonly number[],
): Promise<Claimed> {
  const claimed = await store.claim(instanceId, partitions);
  const bounds = await log.bounds(partitions);
  const leases: PartitionLease[] = [];
  const readFrom: TopicPosition[] = [];
  const stopped: { partition: number; reason: string }[] = [];
  for (const lease of claimed) {
    const reason = misfit(lease, bounds);
    if (reason !== undefined) {
      stopped.push({ partition: lease.partition, reason });
      continue;
    }
    leases.push(lease);
    for (const position of lease.positions) {
      const start = boundOf(position, bounds)?.start ?? 0;
      readFrom.push({ ...position, nextOffset: Math.max(position.nextOffset, start) });
    }
  }
  return { leases, readFrom, stopped };
}

function boundOf(position: TopicPosition, bounds: readonly TopicBounds[]): TopicBounds | undefined {
  const { topic, partition } = position;
  return bounds.find((one) => one.topic === topic && one.partition === partition);
}

/**
 * Why a partition must not be read on. What was never read begins where the log begins; gaps inside the log are legal; a lost
 * beginning or end is not, because records would be passed over or decided twice unseen.
 */
function misfit(lease: PartitionLease, bounds: readonly TopicBounds[]): string | undefined {
  for (const position of lease.positions) {
    const { topic, partition, nextOffset } = position;
    const name = `${topic}[${partition}]`;
    const bound = boundOf(position, bounds);
    if (bound === undefined) return `${name}: the broker does not know it; create the topics`;
    if (nextOffset > bound.end) {
      return `${name}: stored position ${nextOffset} lies behind the log's end ${bound.end}: the log lost records; restore it, or reset the position by hand`;
    }
    if (nextOffset !== 0 && nextOffset < bound.start) {
      return `${name}: stored position ${nextOffset} lies before the log's start ${bound.start}: records were deleted unread; restore them, or reset the position by hand`;
    }
  }
  return undefined;
}
