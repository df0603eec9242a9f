/** What is known of payees across payers (SCORING PY3), and how a partition learns that more has become known. */
import type { Instant, PayeeActivityChange, PayeeNumbers, SubjectRef } from '#domain';
import type { Tx } from './unit-of-work.ts';

export interface PayeeRequest {
  readonly payeeId: string;
  /** The payer who asks, left out of the count. */
  readonly payerId: string;
  /** Event time of the subject; less than a day before or after it counts. */
  readonly at: Instant;
}

/** A decided transfer of whose payee too little was known for PY3, and enough is known now. */
export interface TurnedSubject {
  readonly partition: number;
  readonly payerId: string;
  readonly subject: SubjectRef;
  readonly requestedAt: Instant;
}

export interface PayeeTurns {
  readonly subjects: readonly TurnedSubject[];
  /** How far the partitions have read what becomes known; undefined where there was nothing new. */
  readonly readTo?: number;
  /** There is more than one call returns: ask again. */
  readonly more: boolean;
}

export interface PayeeStore {
  /**
   * In the order of the requests, from committed rows of any partition. Other payers are counted up to `countTo`. Reads a bounded
   * number of index entries per request, however busy the payee.
   */
  payeeNumbers(
    tx: Tx,
    requests: readonly PayeeRequest[],
    countTo: number,
  ): Promise<readonly PayeeNumbers[]>;
  /** A repeat changes nothing. Waits for no other payer's transaction. */
  savePayeeActivity(tx: Tx, change: PayeeActivityChange): Promise<void>;
  /**
   * Decided transfers of these partitions whose payees have turned since the partitions last kept how far they had read. Whatever was
   * committed by then is seen, now or at a later call, whichever transaction began first; a subject may be returned again until it is
   * kept. `newPayers` is the policy's.
   */
  payeeTurns(tx: Tx, partitions: readonly number[], newPayers: number): Promise<PayeeTurns>;
  /** Keeps how far the partitions have read, and watches the payees of these subjects no longer: MUST come before they are saved. */
  keepPayeeTurns(tx: Tx, partitions: readonly number[], turns: PayeeTurns): Promise<void>;
}
