/**
 * What each type of entry says: `body` stands in the leaf, `personal` only as commitments. Times are RFC 3339 texts as on the wire,
 * scores and weights integers of tenths of a deciban. Described for auditors in `docs/journal.md`.
 */
import type { Outcome, Tier } from '../assessment/assessment.ts';
import type { InputTopic, HoldAcknowledged, PayerResponded } from '../event/event.ts';
import type { Facts } from '../facts/facts.ts';
import type { ExpiryAction, HoldActor, HoldOrder } from '../hold/hold.ts';
import type { RecallReason } from '../hold/recall.ts';
import type { DeadLetter, RefusalCode } from '../input/input.ts';

// Type aliases, not interfaces: only these are assignable to `Json` without a cast.

export type Locale = 'zh-CN' | 'en';

/** Safe to show the payer (CONTRACT, Outputs). */
export type Notice = {
  readonly template: string;
  readonly version: string;
  readonly locale: Locale;
  readonly text: string;
  readonly question?: string;
  readonly actions: readonly { readonly action: string; readonly label: string }[];
};

/** Whom and what an entry is about: always personal. */
export type SubjectOfEntry = { readonly source: string; readonly id: string };

export type JournaledReason = {
  readonly code: string;
  readonly tenths: number;
  /** Indices into the decision's personal `refs`. */
  readonly refs: readonly number[];
  readonly text: { readonly 'zh-CN': string; readonly en: string };
};

export type DecisionBody = {
  readonly decisionId: string;
  readonly sequence: number;
  readonly supersedes?: string;
  readonly subjectKind: 'transfer' | 'draw';
  readonly mode: 'live' | 'shadow';
  readonly outcome: Outcome;
  readonly tier: Tier;
  readonly ownTier: Tier;
  readonly lowered: boolean;
  readonly score: number;
  readonly reasons: readonly JournaledReason[];
  /** Null where the input was refused: there was nothing to gather facts from. */
  readonly facts: Facts | null;
  /** Of what is held, in shadow mode of what would be: the case it belongs to. */
  readonly caseId?: string;
  readonly hold?: {
    readonly holdId: string;
    readonly dueAt: string;
    readonly ceilingAt: string;
    readonly expiryAction: ExpiryAction;
  };
  /** In shadow mode, of outcome `hold`: until when it would have waited. */
  readonly wouldHold?: { readonly dueAt: string; readonly ceilingAt: string };
  readonly context: {
    /** Input topics that never spoke on the payer's partition, or stopped, as of the request. */
    readonly missingFeeds: readonly string[];
    /** Of them those that spoke once; absent where none. */
    readonly stoppedFeeds?: readonly string[];
    /** From the request's broker time to the decision. */
    readonly lagMs: number;
    readonly windowTruncated: boolean;
  };
  /** Absent for draws. */
  readonly iso20022?: string;
  readonly policy: { readonly id: string; readonly version: string; readonly digest: string };
  readonly scorer: string;
  readonly decidedAt: string;
  readonly late?: true;
};

export type DecisionPersonal = {
  readonly payer: string;
  readonly subject: SubjectOfEntry;
  readonly refs: readonly string[];
  readonly notice?: Notice;
};

export type HoldBody = {
  readonly holdId: string;
  readonly subjectKind: 'transfer' | 'draw';
  readonly decisionId: string;
  readonly caseId?: string;
  readonly tier: Tier;
  readonly order: HoldOrder;
  readonly orderSequence: number;
  /** 1, and one more each time the same order is sent again. */
  readonly attempt: number;
  readonly actor: HoldActor;
  readonly reason: string;
  readonly dueAt: string;
  readonly ceilingAt: string;
  readonly expiryAction: ExpiryAction;
  /** Absent for draws. */
  readonly iso20022?: string;
};

export type HoldPersonal = {
  readonly payer: string;
  readonly subject: SubjectOfEntry;
  /** Staff or machine client who did it. */
  readonly by?: string;
};

export type AlertBody = {
  readonly alertId: string;
  readonly holdId?: string;
  readonly decisionId: string;
  readonly audience: 'payer' | 'trusted_contact';
  readonly channel: string;
  readonly locale: Locale;
  readonly template: string;
  readonly version: string;
};

export type AlertPersonal = {
  readonly payer: string;
  readonly contactRef?: string;
  readonly notice: Notice;
};

/** What a payer answered on the page: read back as `payer.responded`, so that the engine judges it as any answer. */
export type AnsweredBody = {
  readonly holdId: string;
  readonly answer: PayerResponded['answer'];
  /** Version of the texts that stood on the page. */
  readonly page: string;
};

export type AnsweredPersonal = {
  readonly payer: string;
  /** The session that the platform vouched for when it asked for the link. */
  readonly session?: string;
  readonly text?: string;
};

/** One per partition and batch: leaving something out shows. */
export type BatchBody = {
  /** Offsets consumed, `from` inclusive, `to` exclusive. Offsets inside that hold no record are the log's own. */
  readonly ranges: readonly {
    readonly topic: InputTopic;
    readonly from: number;
    readonly to: number;
    /** Records among them. */
    readonly records: number;
  }[];
  readonly counts: {
    readonly kept: number;
    readonly repeated: number;
    readonly ignored: number;
    readonly refused: number;
    readonly decided: number;
    readonly superseded: number;
  };
};

export type RefusedBody = {
  readonly topic: InputTopic;
  readonly partition: number;
  readonly offset: number;
  readonly code: RefusalCode;
};

export type RefusedPersonal = { readonly letter: DeadLetter };

export type AcknowledgedBody = {
  readonly holdId: string;
  readonly orderSequence: number;
  readonly order: HoldAcknowledged['order'];
  readonly result: HoldAcknowledged['result'];
};

export type AcknowledgedPersonal = { readonly payer: string };

/** `payee.quieted` and `payee.quiet-ended`: staff vouch for a payee, or take it back. */
export type QuietBody = { readonly quietId: string; readonly from: string; readonly until: string };

export type QuietPersonal = {
  readonly payer: string;
  readonly payee: string;
  /** Typed by staff. */
  readonly reason: string;
  readonly by: string;
};

/** An order that people have to look at: not acknowledged after every attempt, or answered with something else than obedience. */
export type OrderRaisedBody = {
  readonly holdId: string;
  readonly order: HoldOrder;
  readonly orderSequence: number;
  readonly attempt: number;
  readonly because: 'unacknowledged' | 'unknown_subject' | 'other_order' | 'too_late';
};

export type OrderRaisedPersonal = { readonly payer: string };

/** The money had left: it is asked back. At most one per hold. */
export type RecallBody = {
  readonly holdId: string;
  readonly subjectKind: 'transfer' | 'draw';
  readonly decisionId: string;
  readonly reason: RecallReason;
  /** Absent for draws. */
  readonly iso20022?: string;
};

export type RecallPersonal = {
  readonly payer: string;
  readonly subject: SubjectOfEntry;
  readonly by?: string;
};
