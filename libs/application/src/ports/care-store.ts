/** What people ask and agree about holds: releases by two, appeals, police instructions, what a delay cost. */
import type { AppealKind, AppealState, Instant } from '#domain';
import type { Tx } from './unit-of-work.ts';

export type ContactChannel = 'phone' | 'branch' | 'video';

/** A contact with the payer outside the device under pressure, before anybody asks to release. */
export interface ContactRecord {
  readonly channel: ContactChannel;
  readonly at: Instant;
  /** Where it is on record: a call's or a visit's number. Opaque. */
  readonly reference: string;
}

export interface ReleaseRequest {
  readonly requestId: string;
  readonly holdId: string;
  /** Of the hold as it was asked about: once it has changed, the request is void. */
  readonly orderSequence: number;
  readonly by: string;
  readonly at: Instant;
  readonly reason: string;
  readonly contact: ContactRecord;
  readonly state: 'open' | 'approved' | 'declined' | 'withdrawn';
  readonly decided?: { readonly by: string; readonly at: Instant };
}

export interface Appeal {
  readonly appealId: string;
  readonly kind: AppealKind;
  readonly holdId: string;
  readonly payerId: string;
  readonly partition: number;
  readonly origin: 'payer' | 'staff';
  readonly receivedAt: Instant;
  readonly dueAt: Instant;
  /** What the payer wrote. Personal. */
  readonly typed?: string;
  readonly state: AppealState;
  readonly decided?: { readonly by: string; readonly at: Instant; readonly explanation: string };
}

export interface Instruction {
  readonly instructionId: string;
  readonly holdId: string;
  readonly payerId: string;
  readonly authority: string;
  readonly reference: string;
  readonly instruction: 'stop' | 'lift';
  readonly receivedAt: Instant;
  readonly validUntil: Instant;
  /** Of stops: which one of at most two. */
  readonly count: number;
  readonly by: string;
}

export const COST_KINDS = ['interest', 'fee', 'missed_deadline', 'other'] as const;

/** What waiting cost somebody (UK PSRs 2017 reg. 94A: the provider bears interest and charges). */
export interface DelayCost {
  readonly costId: string;
  readonly holdId: string;
  readonly kind: (typeof COST_KINDS)[number];
  readonly currency: string;
  readonly minor: number;
  readonly at: Instant;
  readonly by: string;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string;
}

export interface CareStore {
  /** Keeps a new request; false where the hold has an open one, or this one is known already. */
  addReleaseRequest(tx: Tx, request: ReleaseRequest): Promise<boolean>;
  lockReleaseRequest(tx: Tx, requestId: string): Promise<ReleaseRequest | undefined>;
  /** Throws `InvariantBroken` where the one who asked would agree. */
  decideReleaseRequest(tx: Tx, request: ReleaseRequest): Promise<void>;
  releaseRequest(requestId: string): Promise<ReleaseRequest | undefined>;
  releaseRequestsOf(holdIds: readonly string[]): Promise<readonly ReleaseRequest[]>;

  /** Keeps new appeals; those known already are passed over. Returns which were new, by id. */
  addAppeals(tx: Tx, appeals: readonly Appeal[]): Promise<ReadonlySet<string>>;
  lockAppeal(tx: Tx, appealId: string): Promise<Appeal | undefined>;
  decideAppeal(tx: Tx, appeal: Appeal): Promise<void>;
  appeal(appealId: string): Promise<Appeal | undefined>;
  /** Open ones, the next due first, or those of a hold. */
  appeals(query: {
    readonly holdId?: string;
    readonly dueBefore?: Instant;
    readonly limit: number;
    readonly cursor?: string;
  }): Promise<Page<Appeal>>;

  /** Stops followed before for this payer and hold. MUST be asked under the hold's lock. */
  countStops(tx: Tx, holdId: string): Promise<number>;
  /** False where it is known already. */
  addInstruction(tx: Tx, instruction: Instruction): Promise<boolean>;
  instruction(instructionId: string): Promise<Instruction | undefined>;
  /** The newest first. */
  instructions(query: {
    readonly limit: number;
    readonly cursor?: string;
  }): Promise<Page<Instruction>>;

  /** False where it is known already. */
  addCost(tx: Tx, cost: DelayCost): Promise<boolean>;
  costsOf(holdId: string): Promise<readonly DelayCost[]>;
}
