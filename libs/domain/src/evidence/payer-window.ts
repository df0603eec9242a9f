/** The evidence of one payer as the scorer receives it: a value that stores and the simulated log build alike. */
import type { Instant } from '../kernel/instant.ts';
import type { PlatformEvent, SubjectEvent } from '../event/event.ts';
import type { Outcome, Tier } from '../assessment/assessment.ts';
import type { HoldActor, HoldEnd } from '../hold/hold.ts';
import type { PayeeQuiet } from '../quiet/quiet.ts';
import type { SubjectRef } from '../subject/subject.ts';

/** What is on record about a subject that was decided before. */
export interface RecordedSubject {
  readonly subject: SubjectRef;
  /** Event time of the request. */
  readonly requestedAt: Instant;
  /** Sequence of the last decision made: 1, 2, … */
  readonly sequence: number;
  /** The strictest decision made while the subject could be stopped: what the processor was told. */
  readonly effect: {
    readonly outcome: Outcome;
    readonly tier: Tier;
    /** Of the assessment behind it. Where it is not on record, `tier` stands in for it (rule c). */
    readonly ownTier?: Tier;
  };
  /** The last assessment over the evidence then known, which late evidence may have made milder than the effect. */
  readonly assessed: {
    readonly outcome: Outcome;
    readonly tier: Tier;
    readonly ownTier: Tier;
    readonly lowered: boolean;
  };
  /** Of a subject that was held: the case it belongs to, for good. */
  readonly caseId?: string;
  readonly hold?: RecordedHold;
  /** Payee of a transfer to a person of whom too little was known for PY3 when it was last assessed; more may become known. */
  readonly watchedPayee?: string;
  /** The request itself, of held subjects: holds are never cut from a window, however old or crowded it is (SCORING §1). */
  readonly request?: SubjectEvent;
}

export interface RecordedHold {
  readonly holdId: string;
  readonly placedAt: Instant;
  readonly dueAt: Instant;
  readonly ceilingAt: Instant;
  readonly ended?: { readonly at: Instant; readonly end: HoldEnd; readonly actor: HoldActor };
}

/** Payee numbers across payers, read from committed rows of any partition (SCORING PY3). */
export interface PayeeNumbers {
  readonly readAt: Instant;
  /**
   * Distinct other payers for whom the payee was new and who attempted ≥ ¥300 each in 24 h, less than a day before or after the
   * transfer; counted up to a small maximum.
   */
  readonly newPayers24h: number;
  /** ≥ 80 % of ≥ ¥1,000 received from ≥ 2 payers in 24 h left within 10 min of the payment it came with. */
  readonly fastCashOut: boolean;
}

/** Sums of attempts that were cut from a window that is too long, per payee and hour (SCORING §1). */
export interface CutSum {
  readonly payeeId: string;
  /** Start of the hour. */
  readonly hour: Instant;
  readonly count: number;
  readonly minor: number;
  /** Of `minor`; always given by the stores. */
  readonly currency?: string;
  readonly own: boolean;
}

export interface PayerWindow {
  readonly payerId: string;
  /** Distinct events of 72 h (orders: 7 days) sorted by `compareEvents`; the subjects to assess are among them. */
  readonly events: readonly PlatformEvent[];
  /** By `subjectKey`. */
  readonly recorded: ReadonlyMap<string, RecordedSubject>;
  /** Of the payees of transfers, as of each transfer, by `subjectKey`. A transfer that is missing has no numbers: 0 dB. */
  readonly payees: ReadonlyMap<string, PayeeNumbers>;
  /**
   * Payments to the payee within 24 h of a draw that was repaid later, of 12 months before each transfer, by `subjectKey` (M8).
   * Missing: 0 dB.
   */
  readonly habits?: ReadonlyMap<string, number>;
  readonly cut: readonly CutSum[];
  readonly windowTruncated: boolean;
  /** Payees on an authority or industry list that operations keep beside the policy's own. */
  readonly listedPayees: ReadonlySet<string>;
  /** Payees of the payer that staff vouched for, ended ones too. Missing: none. */
  readonly quiets?: readonly PayeeQuiet[];
}
