/** What is known about each transfer because we wrote it: the truth that the scorer never sees. */
import type { Evasion } from './scams/evasions.ts';

export interface TransferLabel {
  readonly transferId: string;
  readonly label: 'scam' | 'legit';
  /**
   * The scam's script; `life:<what>` for ordinary payments, `base:amlsim` for public data, `lookalike:<what>` for honest ones that resemble a scam,
   * `mule:pass-on` for stolen money that moves on (nobody is under pressure there, and nobody honest is kept waiting).
   */
  readonly script: string;
  readonly payerId: string;
  /** Scams only: transfers of one victim's one afternoon, or fortnight. */
  readonly episode?: string;
  readonly evasions?: readonly Evasion[];
}

/** As a transfer's, for a draw: kept inside the evaluation, since the labels' format knows transfers only. */
export interface DrawLabel {
  readonly drawId: string;
  readonly label: 'scam' | 'legit';
  readonly script: string;
}
