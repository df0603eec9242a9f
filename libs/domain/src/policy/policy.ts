/**
 * The numbers of SCORING as data: weights, caps, windows, tiers, durations, catalogues. Read from a file by `libs/contracts`;
 * every field is described in `libs/contracts/schemas/policy.schema.json`.
 */
import type { Tier } from '../assessment/assessment.ts';
import type { AppealTerms } from '../care/appeal.ts';
import type { HoldProfile, ProfileName } from './hold-profile.ts';

export type Decibans = number;
export type FamilyName = 'CR' | 'CD' | 'PY' | 'CO' | 'DR';
export type HeldTier = 'T2' | 'T3' | 'T4';

/** Amounts are whole units of the transfer's currency (yuan). Shares are in percent. */
export interface SignalPolicy {
  readonly CR1: {
    readonly sharePercent: number;
    readonly steps: readonly { readonly withinMinutes: number; readonly decibans: Decibans }[];
  };
  readonly CR2: { readonly decibans: Decibans };
  readonly CR3: { readonly lenders: number; readonly decibans: Decibans };
  readonly CR4: { readonly sharePercent: number; readonly decibans: Decibans };
  readonly CD0: { readonly minDigits: number; readonly decibans: Decibans };
  readonly CD1: { readonly byDigits: readonly DigitWeight[] };
  readonly CD2: { readonly byDigits: readonly DigitWeight[] };
  readonly CD3: { readonly decibans: Decibans };
  readonly CD4: {
    readonly minDigits: number;
    readonly decibans: Decibans;
    readonly secondDecibans: Decibans;
  };
  readonly CD5: { readonly minDigits: number; readonly decibans: Decibans };
  readonly CDr: { readonly decibans: Decibans };
  readonly PY1: { readonly decibans: Decibans };
  readonly PY2: { readonly belowDays: number; readonly decibans: Decibans };
  readonly PY3: { readonly newPayers: number; readonly decibans: Decibans };
  readonly PY4: { readonly decibans: Decibans };
  readonly PY6: { readonly decibans: Decibans };
  readonly CO1: {
    readonly minMinutes: number;
    readonly callsInRow: number;
    readonly fadeMinutes: number;
    readonly decibans: Decibans;
  };
  readonly CO2: { readonly afterMinutes: number; readonly decibans: Decibans };
  readonly CO3: {
    readonly decibans: Decibans;
    readonly moreDecibans: Decibans;
    readonly timesOrders: number;
  };
  readonly CO4: { readonly decibans: Decibans };
  readonly CO5: {
    readonly confirmsCancelled: number;
    readonly screenshots: number;
    readonly decibans: Decibans;
  };
  readonly CO6: { readonly decibans: Decibans };
  readonly CO7: { readonly decibans: Decibans };
  readonly DR1: {
    readonly sharePercent: number;
    readonly decibans: Decibans;
    readonly highSharePercent: number;
    readonly highDecibans: Decibans;
    readonly minAmount: number;
  };
  readonly DR2: { readonly attempts: number; readonly decibans: Decibans };
  readonly DR3: { readonly sharePercent: number; readonly decibans: Decibans };
  readonly DR4: { readonly decibans: Decibans };
  readonly DR5: {
    readonly minAmount: number;
    readonly decibans: Decibans;
    readonly highAmount: number;
    readonly highDecibans: Decibans;
  };
  readonly DR6: { readonly sharePercent: number; readonly decibans: Decibans };
  readonly USER_YES: { readonly decibans: Decibans };
  readonly LISTED: { readonly decibans: Decibans };
  readonly WATCH: { readonly decibans: Decibans };
  readonly M1: { readonly decibans: Decibans };
  readonly M2: { readonly payments: number; readonly days: number; readonly decibans: Decibans };
  readonly M3: { readonly decibans: Decibans };
  readonly M4: { readonly decibans: Decibans };
  readonly M5: { readonly decibans: Decibans };
  readonly M6: { readonly decibans: Decibans };
  readonly M8: { readonly payments: number; readonly decibans: Decibans };
  readonly M9: { readonly decibans: Decibans };
  readonly QUIET: { readonly decibans: Decibans };
}

/** The weight from `digits` on, until the next entry. */
export interface DigitWeight {
  readonly digits: number;
  readonly decibans: Decibans;
}

export interface WindowPolicy {
  readonly skewSeconds: number;
  readonly evidenceHours: number;
  readonly ordersDays: number;
  readonly maxEvents: number;
  readonly dayHours: number;
  readonly hourMinutes: number;
  readonly sessionGapMinutes: number;
  readonly sessionMinMinutes: number;
  readonly poolHours: number;
  readonly callMaxHours: number;
  readonly callBackMinutes: number;
  readonly screenShareMaxHours: number;
  readonly balanceSeconds: number;
  readonly screenshotMinutes: number;
  readonly creditViewedMinutes: number;
  readonly savingsMinutes: number;
  readonly receivedMinutes: number;
  /** A hold joins the payer's case whose last hold was requested at most so long before. */
  readonly episodeHours: number;
}

export interface Policy {
  readonly id: string;
  readonly version: string;
  /** SHA-256 of the file's canonical JSON, hex. Not in the file. */
  readonly digest: string;
  readonly mode: 'live' | 'shadow';
  /** The one of `holds` that new holds are placed under. */
  readonly profile: ProfileName;
  /** Half-open: the least S of each tier above T0. */
  readonly tiers: {
    readonly T1: Decibans;
    readonly T2: Decibans;
    readonly T3: Decibans;
    readonly T4: Decibans;
  };
  readonly caps: Readonly<Record<FamilyName, Decibans>>;
  readonly windows: WindowPolicy;
  readonly credit: {
    /** For payees that are no persons the CR family counts from this sum in 24 h. */
    readonly minAmountOtherPayees: number;
  };
  readonly codes: {
    readonly minAmount: number;
    readonly freshMinutes: number;
    readonly decibansPerDoubling: Decibans;
    readonly luckyAmounts: readonly number[];
    /** Last two digits that prices have. */
    readonly priceEndings: readonly string[];
  };
  readonly pretexts: { readonly words: readonly string[]; readonly brands: readonly string[] };
  /** Account tokens on an authority or industry list. */
  readonly listedPayees: readonly string[];
  readonly exemptions: {
    /** Account tokens of billers, authorities, schools: never held, at most warned of. Never a person's. */
    readonly payees: readonly string[];
  };
  readonly catalogue: readonly ProductName[];
  readonly signals: SignalPolicy;
  readonly rules: {
    readonly drawPressure: { readonly minDecibans: Decibans; readonly tier: Tier };
    readonly smallAmounts: {
      readonly below: number;
      readonly maxTier: Tier;
      readonly maxTierWithEvidence: Tier;
    };
  };
  /** Every profile, since holds of an earlier one may still wait. */
  readonly holds: Readonly<Record<ProfileName, HoldProfile>>;
  readonly appeals: AppealTerms;
  readonly fallbacks: { readonly signalFailed: Tier; readonly inputRefused: Tier };
}

/** How a credit product is called in texts. Unknown ones still count, under a general name. */
export interface ProductName {
  readonly lender: string;
  readonly product: string;
  readonly zh: string;
  readonly en: string;
}
