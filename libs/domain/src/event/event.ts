/**
 * What platforms report, after the wire has been read: one type per event of the contract, already validated, cleaned of
 * typed secrets, with money in minor units and times in epoch milliseconds. Nothing downstream sees raw input.
 */
import type { Instant } from '../kernel/instant.ts';
import type { Money } from '../kernel/money.ts';

/** The input topics, in the order in which equal times are taken (SCORING §1): context first, then draws, then transfers. */
export const INPUT_TOPICS = [
  'payer.profiles',
  'session.signals',
  'identity.codes',
  'holds.responses',
  'credit.draws',
  'payments.transfers',
] as const;
export type InputTopic = (typeof INPUT_TOPICS)[number];

export interface Payer {
  readonly accountId: string;
  readonly sessionId?: string;
  readonly deviceId?: string;
  readonly role?: 'consumer' | 'merchant';
}

export type PayeeKind = 'bank_card' | 'wallet' | 'merchant' | 'institution' | 'lender';

export interface Payee {
  readonly accountId: string;
  readonly kind: PayeeKind;
  readonly ownership: 'own' | 'other';
  readonly firstPaidAt?: Instant;
  readonly paidCount?: number;
  readonly accountAgeDays?: number;
  readonly nameMatch?: 'match' | 'mismatch' | 'unknown';
  readonly declaredContact?: boolean;
  readonly refundable?: boolean;
  /** Masked by the platform; shown to the payer and to operations, never journaled in the clear. */
  readonly displayName?: string;
}

/** What is kept of `amountInput.raw`: never the text itself (CONTRACT, Codes). */
export interface AmountInput {
  readonly mode: 'typed' | 'pasted' | 'scanned' | 'order';
  /** The cleaned text starts with 0. */
  readonly leadingZero: boolean;
  /** Digits before any decimal point after NFKC and removal of spaces, commas and ¥. */
  readonly digits: number;
}

export type FundingSource = 'balance' | 'yuebao' | 'bank_card' | 'credit';

export interface EventHeader {
  readonly source: string;
  readonly id: string;
  readonly time: Instant;
  /** The source's time lay more than 10 min after the broker's and was replaced by it (SCORING §1). */
  readonly timeClamped?: true;
  readonly payer: Payer;
}

export interface TransferRequested extends EventHeader {
  readonly kind: 'transfer.requested';
  readonly transferId: string;
  readonly payee: Payee;
  readonly amount: Money;
  readonly amountInput?: AmountInput;
  readonly fundingSource: FundingSource;
  readonly remark?: string;
  readonly order?: {
    readonly ref: string;
    readonly amount?: Money;
    readonly kind?: 'purchase' | 'bill' | 'contract' | 'repayment';
  };
  readonly profile?: { readonly liquidBefore?: Money; readonly p99Amount?: Money };
  readonly decideBy?: Instant;
}

export type TransferFailureReason =
  'insufficient_funds' | 'payee_rejected' | 'returned' | 'limit' | 'other';

export interface TransferEnded extends EventHeader {
  readonly kind: 'transfer.settled' | 'transfer.failed' | 'transfer.cancelled';
  readonly transferId: string;
  readonly reason?: TransferFailureReason;
}

export interface FundsReceived extends EventHeader {
  readonly kind: 'funds.received';
  readonly amount: Money;
  readonly from: {
    readonly accountId: string;
    readonly kind: PayeeKind;
    readonly ownership: 'own' | 'other';
  };
}

export interface MerchantOrdered extends EventHeader {
  readonly kind: 'merchant.ordered';
  readonly amount: Money;
  readonly merchant: { readonly accountId: string };
  readonly orderRef?: string;
}

export interface CreditContext extends EventHeader {
  readonly kind: 'credit.line-opened' | 'credit.limit-viewed';
  readonly lender: string;
  readonly product: string;
  readonly limit?: Money;
}

export interface CreditDraw extends EventHeader {
  readonly kind: 'credit.draw-requested' | 'credit.drawn' | 'credit.draw-cancelled';
  readonly drawId: string;
  readonly lender: string;
  readonly product: string;
  readonly amount: Money;
  readonly limit?: Money;
  readonly instalments?: number;
  readonly firstDraw?: boolean;
  readonly disburseTo?: 'balance' | 'own_card';
  readonly decideBy?: Instant;
}

export interface CreditRepaid extends EventHeader {
  readonly kind: 'credit.repaid';
  readonly lender: string;
  readonly product: string;
  readonly amount: Money;
}

export interface CodeDigest {
  readonly form: 'full' | 'prefix';
  /** Digits as sent, before leading zeros were removed. */
  readonly digits: number;
  /** Unpadded base64url of HMAC-SHA-256(key, codeId + ":" + canonical digits). */
  readonly digest: string;
}

export interface CodeObserved extends EventHeader {
  readonly kind: 'code.observed';
  readonly codeId: string;
  readonly origin: 'issued' | 'sms' | 'page';
  readonly digits: number;
  readonly keyId: string;
  readonly digests: readonly CodeDigest[];
  readonly expiresAt: Instant;
}

export interface CodeMatched extends EventHeader {
  readonly kind: 'code.matched';
  readonly transferId: string;
  readonly codeId: string;
  readonly digits: number;
  readonly form: 'full' | 'prefix';
  readonly as: 'yuan' | 'fen' | 'yuan_part';
}

/** Signals the scorer reads; others are accepted on the wire and dropped there. */
export const SESSION_SIGNALS = [
  'login',
  'login_elsewhere',
  'new_device',
  'call_started',
  'call_ended',
  'screen_share_started',
  'screen_share_ended',
  'remote_control',
  'screenshot',
  'balance_viewed',
  'credit_score_viewed',
  'card_bound',
  'card_bind_failed',
  'payee_added',
  'confirm_cancelled',
  'limit_raised',
  'limit_notice',
  'warning_dismissed',
  'help_searched',
] as const;
export type SessionSignal = (typeof SESSION_SIGNALS)[number];

export interface SessionObserved extends EventHeader {
  readonly kind: 'session.observed';
  readonly signal: SessionSignal;
  readonly caller?: 'saved' | 'unsaved';
  /** `detail.accountId` of `payee_added` and `card_bound`. */
  readonly accountId?: string;
}

export interface SavingsRedeemed extends EventHeader {
  readonly kind: 'savings.redeemed';
  readonly product: string;
  readonly amount: Money;
  /** Share of the savings taken out, in hundredths: "0.95" → 95. */
  readonly sharePercent: number;
}

export interface PayerUpdated extends EventHeader {
  readonly kind: 'payer.updated';
  readonly locale?: string;
  readonly contactRefs?: Readonly<Record<string, string>>;
  readonly trustedContactRef?: string;
  readonly ageBand?: 'under18' | '18-29' | '30-44' | '45-59' | '60plus';
  readonly vulnerable?: boolean;
}

export interface HoldAcknowledged extends EventHeader {
  readonly kind: 'hold.acknowledged';
  readonly holdId: string;
  readonly orderSequence: number;
  readonly order: 'hold' | 'release' | 'cancel';
  readonly result: 'done' | 'too_late' | 'unknown_subject';
}

export type PayerAnswer =
  'cancel' | 'coached_yes' | 'coached_no' | 'reconfirm' | 'appeal' | 'explain';

export interface PayerResponded extends EventHeader {
  readonly kind: 'payer.responded';
  readonly holdId: string;
  readonly answer: PayerAnswer;
  readonly text?: string;
}

export interface InstructionReceived extends EventHeader {
  readonly kind: 'instruction.received';
  readonly holdId?: string;
  readonly authority: string;
  readonly reference: string;
  readonly instruction: 'stop' | 'lift';
  readonly validUntil: Instant;
}

export type PlatformEvent =
  | TransferRequested
  | TransferEnded
  | FundsReceived
  | MerchantOrdered
  | CreditContext
  | CreditDraw
  | CreditRepaid
  | CodeObserved
  | CodeMatched
  | SessionObserved
  | SavingsRedeemed
  | PayerUpdated
  | HoldAcknowledged
  | PayerResponded
  | InstructionReceived;

export type EventKind = PlatformEvent['kind'];

/** The topic each kind arrives on (CONTRACT, Inputs). */
export const TOPIC_OF: Readonly<Record<EventKind, InputTopic>> = {
  'transfer.requested': 'payments.transfers',
  'transfer.settled': 'payments.transfers',
  'transfer.failed': 'payments.transfers',
  'transfer.cancelled': 'payments.transfers',
  'funds.received': 'payments.transfers',
  'merchant.ordered': 'payments.transfers',
  'credit.line-opened': 'credit.draws',
  'credit.limit-viewed': 'credit.draws',
  'credit.draw-requested': 'credit.draws',
  'credit.drawn': 'credit.draws',
  'credit.draw-cancelled': 'credit.draws',
  'credit.repaid': 'credit.draws',
  'code.observed': 'identity.codes',
  'code.matched': 'identity.codes',
  'session.observed': 'session.signals',
  'savings.redeemed': 'session.signals',
  'payer.updated': 'payer.profiles',
  'hold.acknowledged': 'holds.responses',
  'payer.responded': 'holds.responses',
  'instruction.received': 'holds.responses',
};

/** `<source>#<id>`: how evidence is named in reasons (CONTRACT, Outputs). */
export function evidenceRef(event: Pick<EventHeader, 'source' | 'id'>): string {
  return `${event.source}#${event.id}`;
}

/** Events that are decided on: each gets exactly one decision with sequence 1. */
export type SubjectEvent =
  TransferRequested | (CreditDraw & { readonly kind: 'credit.draw-requested' });

export function isSubjectEvent(event: PlatformEvent): event is SubjectEvent {
  return event.kind === 'transfer.requested' || event.kind === 'credit.draw-requested';
}
