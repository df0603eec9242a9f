/** Versions of the policy, which of them is live, and what a version beside the live one decides. */
import type { CaseLabel, DecisionBody, Instant, PolicyState, Tier } from '#domain';
import type { Tx } from './unit-of-work.ts';

export interface PolicyVersion {
  readonly policyVersionId: string;
  readonly policyId: string;
  readonly version: string;
  readonly digest: string;
  readonly state: PolicyState;
  readonly title: string;
  readonly author: string;
  readonly createdAt: Instant;
  readonly submittedAt?: Instant;
  readonly shadowAt?: Instant;
  readonly approver?: string;
  readonly activatedAt?: Instant;
  readonly retiredAt?: Instant;
  readonly basedOn?: string;
  /** `file`: what the programs were started with, recorded so that it can be compared and gone back to. */
  readonly origin: 'file' | 'console';
}

/** A decision on record with what is needed to weigh it again. */
export interface DecidedBefore {
  readonly decision: DecisionBody;
  readonly label?: CaseLabel;
  readonly caseId?: string;
}

export interface BesideDecision {
  readonly decisionId: string;
  readonly holdId?: string;
  readonly kind: 'transfer' | 'draw';
  readonly minor: number;
  readonly currency: string;
  readonly at: Instant;
  readonly before: Tier;
  readonly after: Tier;
}

export interface ShadowCount {
  readonly before: Tier;
  readonly after: Tier;
  readonly count: number;
}

export interface PolicyStore {
  /** Newest first, at most 200. */
  list(): Promise<readonly PolicyVersion[]>;
  find(id: string): Promise<PolicyVersion | undefined>;
  documentOf(id: string): Promise<string | undefined>;
  /** The live version; cheap, so that every program may ask every second. */
  live(): Promise<Pick<PolicyVersion, 'policyVersionId' | 'digest' | 'origin'> | undefined>;
  /** The version that runs beside the live one. */
  beside(): Promise<PolicyVersion | undefined>;

  /** All changes of versions happen under one lock, so that one at most is live. */
  lockAll(tx: Tx): Promise<readonly PolicyVersion[]>;
  save(tx: Tx, version: PolicyVersion, document?: string): Promise<void>;

  /** The newest decisions made at or after `from`, at most `limit`. */
  decisions(from: Instant, limit: number): Promise<readonly DecidedBefore[]>;

  /** Where a chain has been weighed up to under the version beside; at first the last entry before `since`, when it was put there. */
  shadowPosition(id: string, chain: number, since: Instant): Promise<number>;
  /** Decisions of a chain after a sequence, in order, and where to go on. */
  decisionsAfter(
    chain: number,
    after: number,
    limit: number,
  ): Promise<{ readonly decisions: readonly DecisionBody[]; readonly upTo: number }>;
  /** Counts every decision and keeps those that differ, unless another console already went on from `from`. */
  keepShadow(
    id: string,
    step: { readonly chain: number; readonly from: number; readonly upTo: number },
    decided: readonly BesideDecision[],
  ): Promise<void>;
  shadowReport(id: string): Promise<{
    readonly counts: readonly ShadowCount[];
    readonly examples: readonly BesideDecision[];
  }>;
}
