/** What one engine batch reads and writes. Everything takes the batch's transaction. */
import type {
  CutSum,
  FeedPulse,
  FeedPulses,
  HoldState,
  InputTopic,
  Instant,
  PayeeQuiet,
  PlatformEvent,
  RecallReason,
  RecordedSubject,
  SubjectRef,
} from '#domain';
import type { HabitStore } from './habit-store.ts';
import type { Appeal } from './care-store.ts';
import type { TopicPosition } from './input-log.ts';
import type { PayeeStore } from './payee-store.ts';
import type { Tx } from './unit-of-work.ts';

/** Ownership of a partition: an epoch that only grows. A transaction under an older one fails. */
export interface PartitionLease {
  readonly partition: number;
  readonly epoch: number;
  /** One for each of the six input topics; 0 where nothing was read yet. */
  readonly positions: readonly TopicPosition[];
  /** How each topic that ever spoke on the partition speaks, as of these positions. */
  readonly feeds: FeedPulses;
}

export interface PositionAdvance extends TopicPosition {
  readonly epoch: number;
  readonly expectedOffset: number;
  /** The feed's pulse behind what was consumed, where it changed. */
  readonly pulse?: FeedPulse;
}

/** A subject that is already on record under this identity, whatever partition or payer it came with. */
export interface KnownSubject {
  readonly subject: SubjectRef;
  readonly partition: number;
  readonly payerId: string;
  readonly contentHash: string;
}

/** A subject on record with what tells its repeats from conflicts. */
export interface StoredSubject extends RecordedSubject {
  readonly contentHash: string;
}

export interface SubjectWrite {
  readonly partition: number;
  readonly payerId: string;
  readonly recorded: StoredSubject;
}

export interface WindowRequest {
  readonly partition: number;
  readonly payerId: string;
  /** Evidence from this event time on. */
  readonly from: Instant;
}

export interface WindowEvidence {
  readonly payerId: string;
  /** Newest 500 events plus every draw, call, code and hold answer in the window, unordered, possibly with repeats. */
  readonly events: readonly PlatformEvent[];
  readonly cut: readonly CutSum[];
  readonly windowTruncated: boolean;
}

export interface EvidenceWrite {
  readonly partition: number;
  readonly event: PlatformEvent;
}

/** A hold with what the engine, the worker and the console need to know of it. */
export interface HoldRow extends HoldState {
  readonly holdId: string;
  readonly partition: number;
  readonly payerId: string;
  readonly subject: SubjectRef;
  readonly payeeId?: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly reasonCodes: readonly string[];
  /** The decision that placed or last changed it. */
  readonly decisionId: string;
  /** Absent only on holds from before there were cases. */
  readonly caseId?: string;
  /** What the processor last acknowledged. */
  readonly acknowledged?: {
    readonly orderSequence: number;
    readonly result: string;
    readonly at: Instant;
  };
  /** The money had left when it was to be stopped: it is asked back (CONTRACT, `too_late`). Once per hold. */
  readonly recall?: { readonly at: Instant; readonly reason: RecallReason };
}

export interface PayerProfile {
  readonly payerId: string;
  readonly updatedAt: Instant;
  readonly locale?: string;
  readonly contactRefs?: Readonly<Record<string, string>>;
  readonly trustedContactRef?: string;
  readonly ageBand?: string;
  readonly vulnerable?: boolean;
}

export interface ResponsesRead {
  readonly partition: number;
  readonly epoch: number;
  readonly readUntil: Instant;
}

export interface EngineStore extends PayeeStore, HabitStore {
  /** Takes the partitions: raises their epochs in its own transaction, so that every older owner's next commit fails. */
  claim(instanceId: string, partitions: readonly number[]): Promise<readonly PartitionLease[]>;

  /** Subjects on record under these identities, in any partition. */
  knownSubjects(tx: Tx, subjects: readonly SubjectRef[]): Promise<readonly KnownSubject[]>;
  /** Subjects of these payers requested at or after `from`, with the state of their holds. */
  recordedSubjects(
    tx: Tx,
    requests: readonly WindowRequest[],
  ): Promise<ReadonlyMap<string, readonly StoredSubject[]>>;
  /** Evidence windows, one per request in the same order, bounded as SCORING §1 says. */
  windows(tx: Tx, requests: readonly WindowRequest[]): Promise<readonly WindowEvidence[]>;
  /** Payees that staff vouched for, ended ones too, by payer; payers without any are not in the map. */
  quiets(tx: Tx, payerIds: readonly string[]): Promise<ReadonlyMap<string, readonly PayeeQuiet[]>>;
  profiles(tx: Tx, payerIds: readonly string[]): Promise<ReadonlyMap<string, PayerProfile>>;

  /** Locks the holds in order of id and returns those that exist. */
  lockHolds(tx: Tx, holdIds: readonly string[]): Promise<ReadonlyMap<string, HoldRow>>;

  /** Keeps evidence; a repeat (same source, id and time) is passed over. Returns how many were new. */
  appendEvidence(tx: Tx, writes: readonly EvidenceWrite[]): Promise<number>;
  /** Latest event time wins, an older update is passed over. */
  saveProfiles(tx: Tx, profiles: readonly PayerProfile[]): Promise<void>;
  /** Inserts new subjects (sequence 1) and updates superseded ones. Throws `TransientFault` when another transaction just inserted one. */
  saveSubjects(tx: Tx, writes: readonly SubjectWrite[]): Promise<void>;
  /**
   * Inserts or updates whole rows. An ended hold is never changed again: the adapter throws `InvariantBroken`. Throws `TransientFault`
   * when another transaction just placed one of them.
   */
  saveHolds(tx: Tx, holds: readonly HoldRow[]): Promise<void>;

  /** Keeps new appeals; those known already are passed over. Returns which were new, by id. */
  addAppeals(tx: Tx, appeals: readonly Appeal[]): Promise<ReadonlySet<string>>;

  /** Compare-and-set of positions with the epoch. Throws `PartitionsFenced` naming the partitions that are not ours. */
  advance(tx: Tx, advances: readonly PositionAdvance[]): Promise<void>;

  /**
   * Says until when everything that was answered is read and applied. Never goes back; what another instance owns by now is passed over.
   */
  markResponsesRead(marks: readonly ResponsesRead[]): Promise<void>;

  /** Input topics for which no record was ever consumed, over all partitions: what is not connected at all. */
  unseenTopics(): Promise<readonly InputTopic[]>;
}
