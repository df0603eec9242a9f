/** One person as the simulation knows them: who they are, what they own, whom they pay, what their phone reports. */
import type { Instant, PayeeKind } from '#domain';
import type { Chance } from './chance.ts';
import type { PaymentHistory } from './history.ts';
import type { Ledger, Pocket } from './ledger.ts';

export type Occupation =
  'pupil' | 'student' | 'employee' | 'trader' | 'shopkeeper' | 'retired' | 'mule';

export type AgeBand = 'under18' | '18-29' | '30-44' | '45-59' | '60plus';

/** Somebody or something that can be paid. */
export interface Payee {
  readonly accountId: string;
  readonly kind: PayeeKind;
  readonly ownership: 'own' | 'other';
  /** When the account was opened; the platform knows it of most wallets and few cards. */
  readonly openedAt?: Instant;
  readonly nameMatch?: 'match' | 'mismatch' | 'unknown';
  readonly refundable?: boolean;
  readonly displayName?: string;
  /** Whoever receives the money in this stream, too. */
  readonly receiver?: Person;
}

/** Somebody in a payer's address book. */
export interface Contact {
  readonly payee: Payee;
  /** Declared to the platform as family. */
  readonly declared: boolean;
}

/** What this person's phone and version of the app report: real feeds have holes. */
export interface Reports {
  readonly sessionId: boolean;
  readonly deviceId: boolean;
  readonly role: boolean;
  readonly amountInput: boolean;
  readonly calls: boolean;
  readonly screen: boolean;
  readonly sms: boolean;
  readonly payerMoney: boolean;
}

export interface CreditLine {
  readonly lender: string;
  readonly product: string;
  readonly limit: number;
  /** In fen. */
  used: number;
  drawn: boolean;
  readonly openedAt: Instant;
}

export interface OpenSession {
  readonly id: string;
  lastUsedAt: Instant;
}

export interface Call {
  readonly caller: 'saved' | 'unsaved';
  /** The app has told the platform that it began. */
  told: boolean;
}

export interface Person {
  readonly accountId: string;
  readonly chance: Chance;
  readonly occupation: Occupation;
  readonly ageBand: AgeBand;
  readonly openedAt: Instant;
  /** In fen, after tax. */
  readonly monthlyIncome: number;
  /** Day of the month; 0 for people without a fixed one. */
  readonly payday: number;
  /** Their income arrives in the wallet, not at the bank. */
  readonly paidToWallet: boolean;
  /** Multiplies how often they do anything. */
  readonly activity: number;
  /** How fast the phone's clock runs ahead. */
  readonly deviceSkewMs: number;
  readonly reports: Reports;
  readonly usualPocket: Pocket;
  readonly usesHuabei: boolean;
  readonly ledger: Ledger;
  readonly history: PaymentHistory;
  readonly creditLines: CreditLine[];
  readonly ownCards: readonly Payee[];
  /** As others pay them. */
  readonly wallet: Payee;
  readonly family: Contact[];
  readonly friends: Contact[];
  readonly shops: Payee[];
  readonly onlineShops: Payee[];
  readonly suppliers: Payee[];
  readonly bills: Payee[];
  rent: { readonly landlord: Payee; readonly fen: number; readonly day: number } | undefined;
  deviceId: string;
  session: OpenSession | undefined;
  call: Call | undefined;
  /** In the hands of a fraudster; at most one script at a time. */
  inScam: boolean;
}
