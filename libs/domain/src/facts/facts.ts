/**
 * Everything the weights look at, as a JSON record that can be journaled in the clear: no account, no subject id, no typed text,
 * no code. Evidence is named by index into a separate list of references, which is personal.
 */
import type { Tier } from '../assessment/assessment.ts';
import type { PayeeKind } from '../event/event.ts';
import type { Instant } from '../kernel/instant.ts';

/** Index into the list of evidence references that goes with the facts. */
export type Ref = number;

// Type aliases, not interfaces: only these are assignable to `Json` without a cast.

export type PayeeFacts = {
  readonly kind: PayeeKind;
  /** Ownership `own` and nothing makes that doubtful (SCORING §1, M1). */
  readonly own: boolean;
  /** Card or wallet of somebody else, or an own one that is doubtful. */
  readonly person: boolean;
  readonly isNew: boolean;
  /** The acquaintance is known to have begun within the last day, before this transfer. */
  readonly newToday: boolean;
  readonly declaredContact: boolean;
  readonly refundable: boolean;
  readonly paidCount?: number;
  /** Since the first payment. */
  readonly knownForMs?: number;
  readonly accountAgeDays?: number;
  readonly nameMatch?: 'match' | 'mismatch' | 'unknown';
  /** Why ownership `own` is not believed. */
  readonly ownDoubt?: 'screen_share' | 'name_mismatch' | 'added_in_call';
  readonly listed?: 'policy' | 'console';
  /** On the policy's list of exemptions, and no person. */
  readonly exempt?: true;
  /** Staff vouched for it. `addedToday`: the payer added it, or some account that is not named, within a day. */
  readonly quiet?: { readonly until: Instant; readonly addedToday: boolean };
  /** Borrowed-and-repaid payments to this payee before (M8). */
  readonly habit?: number;
  readonly numbers?: {
    readonly newPayers24h: number;
    readonly fastCashOut: boolean;
    readonly readAt: Instant;
  };
};

/** Borrowed money that this transfer would send, newest draw first. */
export type TracedFacts = {
  readonly minor: number;
  /** Of the newest draw it takes from. */
  readonly ageMs: number;
  readonly parts: readonly TracedPart[];
};

export type TracedPart = {
  readonly lender: string;
  readonly product: string;
  readonly minor: number;
  /** What was drawn at the time. */
  readonly drawnMinor: number;
  readonly ageMs: number;
  readonly ref: Ref;
};

/** The draws of 24 h of one product, each `drawId` once, cancelled ones left out. */
export type ProductDraws = {
  readonly lender: string;
  readonly product: string;
  readonly count: number;
  readonly minor: number;
  /** The part of `minor` that was paid out. */
  readonly paidMinor: number;
  /** As reported last. */
  readonly limit?: number;
  /** A first draw ever, or one on a line opened in the same session: the events that say so. */
  readonly firstDraw: readonly Ref[];
  readonly lineOpened: readonly Ref[];
  readonly refs: readonly Ref[];
};

/** Sums include the transfer itself. Attempted: requested and neither failed nor cancelled. */
export type AttemptFacts = {
  readonly payee24hMinor: number;
  readonly payee24h: readonly Ref[];
  readonly payee60min: readonly Ref[];
  /** Requests to the payee in 60 min, also those that were cut from the references. */
  readonly payee60minCount: number;
  readonly others24hMinor: number;
  /** Sent in 24 h to others and not borrowed, without this transfer. */
  readonly ownMoneySent24hMinor: number;
  readonly payee2hMinor: number;
};

/** An earlier request of the last hour, failed ones included. */
export type RecentAmount = {
  readonly minor: number;
  readonly samePayee: boolean;
  readonly newPerson: boolean;
  /** Chosen by a shop or read from a picture, not by the payer. */
  readonly given: boolean;
  readonly ref: Ref;
};

export type CodeMatchFacts = {
  readonly form: 'full' | 'prefix';
  readonly as: 'yuan' | 'fen' | 'yuan_part';
  /** Of the whole code or of the prefix, as sent. */
  readonly digits: number;
  /** 0 for what an issuer reports as matched. */
  readonly ageMs: number;
  readonly ref: Ref;
};

export type CallFacts = {
  readonly durationMs: number;
  /** 0 while it runs. */
  readonly sinceEndMs: number;
  readonly running: boolean;
  /** Position in a row of call-backs: 1 for a call of its own. */
  readonly inRow: number;
  readonly refs: readonly Ref[];
};

export type ScreenFacts = {
  readonly kind: 'share' | 'remote_control';
  /** 0 while it is active. */
  readonly sinceEndMs: number;
  readonly refs: readonly Ref[];
};

export type PretextFacts = {
  /** From the policy's list, never the payer's own text. */
  readonly word: string;
  readonly brand?: string;
  /** 0 for the subject's own remark; otherwise of the transfer that carried it. */
  readonly ageMs: number;
  /** What was ordered from shops in 7 days; missing where no order was reported. */
  readonly orders7dMinor?: number;
  /** Attempts of 24 h to persons, the subject included. */
  readonly persons24hMinor: number;
  readonly ref: Ref;
};

export type Facts = {
  readonly v: 1;
  readonly kind: 'transfer' | 'draw';
  readonly at: Instant;
  readonly self: Ref;
  readonly currency: string;
  /** Minor units in one unit of the currency: 100 for yuan. */
  readonly unit: number;
  readonly amount: number;
  readonly windowTruncated: boolean;
  readonly payerRole?: 'consumer' | 'merchant';
  readonly fundedByCredit?: boolean;
  readonly input?: {
    readonly mode: 'typed' | 'pasted' | 'scanned' | 'order';
    readonly leadingZero: boolean;
    readonly digits: number;
  };
  readonly order?: { readonly amountGiven: boolean; readonly amountEqual: boolean };
  readonly liquidBefore?: number;
  readonly p99Amount?: number;
  readonly payee?: PayeeFacts;
  readonly traced?: TracedFacts;
  readonly draws?: readonly ProductDraws[];
  readonly attempts?: AttemptFacts;
  readonly recentAmounts?: readonly RecentAmount[];
  readonly codes?: { readonly distinct24h: number; readonly matches: readonly CodeMatchFacts[] };
  /** Earlier transfers to the payee that came back or were rejected in 24 h. */
  readonly returned?: readonly Ref[];
  readonly calls?: readonly CallFacts[];
  readonly screens?: readonly ScreenFacts[];
  readonly pretext?: PretextFacts;
  readonly loginElsewhere?: readonly Ref[];
  readonly confirmCancelled?: readonly Ref[];
  /** Balance looked at just after a request. */
  readonly balanceAfterRequest?: readonly Ref[];
  /** The fullest burst of screenshots in session. */
  readonly screenshots?: readonly Ref[];
  /** Held transfers of 72 h that this one may evade: to another payee, or to the same payee with more. */
  readonly heldOtherPayee?: readonly Ref[];
  readonly heldSamePayeeMore?: readonly Ref[];
  readonly creditViewed?: readonly Ref[];
  readonly savings?: { readonly sharePercent: number; readonly ageMs: number; readonly ref: Ref };
  readonly bindFailed?: readonly Ref[];
  readonly cardBound?: readonly Ref[];
  /** Failed, held or cancelled attempts to the payee in session from another funding source. */
  readonly fundingSwitched?: readonly Ref[];
  readonly received?: { readonly minor: number; readonly refs: readonly Ref[] };
  readonly userYes?: readonly Ref[];
  readonly watch?: readonly Ref[];
  /** The open hold of the payer that is strictest by its own assessment. */
  readonly openHold?: { readonly tier: Tier; readonly ref: Ref };
};
