/** Links to the payer page and what was answered behind them. Tokens and cookies are known here by their hashes alone. */
import type { Instant, Locale, PayerAnswer } from '#domain';
import type { Tx } from './unit-of-work.ts';

/**
 * What a link is for. `stop`: see the hold, cancel, answer, ask for help. `reconfirm`: that, and confirm after `dueAt`; only for a session that
 * the platform vouches for.
 */
export type LinkPurpose = 'stop' | 'reconfirm';

export interface PayerLink {
  /** SHA-256 of the token, hex. */
  readonly tokenHash: string;
  readonly holdId: string;
  readonly payerId: string;
  readonly purpose: LinkPurpose;
  /** The platform's own session, which it vouches for; there for `reconfirm`. */
  readonly platformSession?: string;
  readonly locale: Locale;
  readonly mintedAt: Instant;
  readonly expiresAt: Instant;
}

/** A page that somebody has open, on one hold. */
export interface PageSession {
  readonly sessionHash: string;
  readonly holdId: string;
  readonly payerId: string;
  readonly purpose: LinkPurpose;
  readonly platformSession?: string;
  readonly locale: Locale;
}

export interface GivenAnswer {
  readonly answer: PayerAnswer;
  readonly at: Instant;
}

export interface PayerStore {
  saveLink(tx: Tx, link: PayerLink): Promise<void>;
  /**
   * Spends a link and opens its session until `endsAt`. Undefined, and nothing is changed, where the link is unknown, expired or spent: of two
   * who try at once one gets it.
   */
  spendLink(
    tx: Tx,
    link: {
      readonly tokenHash: string;
      readonly sessionHash: string;
      readonly now: Instant;
      readonly endsAt: Instant;
    },
  ): Promise<PageSession | undefined>;
  /** Undefined where it is unknown or over. */
  session(sessionHash: string, now: Instant): Promise<PageSession | undefined>;
  /** Keeps when this session last gave this answer; false where that was less than `againMs` before. */
  noteAnswer(
    tx: Tx,
    answer: GivenAnswer & { readonly sessionHash: string; readonly againMs: number },
  ): Promise<boolean>;
  answers(sessionHash: string): Promise<readonly GivenAnswer[]>;
  /** What the platform says of the payer's language. */
  localeOf(payerId: string): Promise<string | undefined>;
}
