/** The co-partition assigner as kafkajs wants it: claims travel in the member's metadata, the leader spreads the units. */
import kafkajs from 'kafkajs';
import type { Assigner, Cluster, PartitionAssigner } from 'kafkajs';
import { type GroupMemberClaim, assignUnits } from './assign-units.ts';

export const ASSIGNER_NAME = 'LengjingCoPartition';
const VERSION = 0;

export interface AssignerHooks {
  /** Partitions this member has now, to be kept if possible. */
  readonly held: () => readonly number[];
  /** A join begins. More than one before an assignment means that a generation may have passed without us. */
  readonly joining: () => void;
  /** The member's cluster client, once: where fetches can be watched. */
  readonly opened: (cluster: Cluster) => void;
}

export function makeCoPartitionAssigner(hooks: AssignerHooks): PartitionAssigner {
  return ({ cluster }): Assigner => {
    hooks.opened(cluster);
    return {
      name: ASSIGNER_NAME,
      version: VERSION,
      protocol({ topics }) {
        hooks.joining();
        const userData = encodeClaim(hooks.held());
        const metadata = kafkajs.AssignerProtocol.MemberMetadata.encode({
          version: VERSION,
          topics,
          userData,
        });
        return { name: ASSIGNER_NAME, metadata };
      },
      async assign({ members, topics }) {
        const partitionCount = equalPartitionCount(
          new Map(topics.map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).length])),
        );
        const claims = members.map(({ memberId, memberMetadata }): GroupMemberClaim => ({
          memberId,
          previous: decodeClaim(memberMetadata),
        }));
        return [...assignUnits(claims, partitionCount)].map(([memberId, units]) => ({
          memberId,
          memberAssignment: kafkajs.AssignerProtocol.MemberAssignment.encode({
            version: VERSION,
            assignment: Object.fromEntries(topics.map((topic) => [topic, [...units]])),
            userData: Buffer.alloc(0),
          }),
        }));
      },
    };
  };
}

/** The one partition count of all topics; throws one line that names every topic with its count (0: it does not exist). */
export function equalPartitionCount(counts: ReadonlyMap<string, number>): number {
  const distinct = new Set(counts.values());
  const [count = 0] = distinct;
  if (distinct.size === 1 && count > 0) return count;
  const list = [...counts].map(([topic, n]) => `${topic} ${n === 0 ? 'missing' : n}`).join(', ');
  throw new kafkajs.KafkaJSNonRetriableError(
    `input topics must all exist with the same number of partitions, but there is: ${list}; create or recreate them as deploy/topics.yml says`,
  );
}

function encodeClaim(partitions: readonly number[]): Buffer {
  return Buffer.from(JSON.stringify(partitions));
}

/** A member's claim; nothing where it is not readable, which costs stickiness and nothing else. */
function decodeClaim(metadata: Buffer): readonly number[] {
  try {
    const decoded = kafkajs.AssignerProtocol.MemberMetadata.decode(metadata);
    const claim: unknown = JSON.parse(decoded?.userData.toString('utf8') ?? '[]');
    return Array.isArray(claim) ? claim.filter((one): one is number => Number.isInteger(one)) : [];
  } catch {
    return [];
  }
}
