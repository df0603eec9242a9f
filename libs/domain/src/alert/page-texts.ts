/** What stands on the payer page, as data: read from a file by `libs/contracts`, linted like the alerts. */
import type { LocalisedText } from '../assessment/assessment.ts';
import type { HeldScript } from './notice.ts';

/** What the caller will say next, and what is true (DETECTION §2.3: scammers explain warnings away beforehand). */
export interface CallerLine {
  readonly line: LocalisedText;
  readonly truth: LocalisedText;
}

export interface ScriptTexts {
  readonly happening: LocalisedText;
  readonly says: readonly CallerLine[];
}

export const PAGE_WORDS = [
  'brand',
  'other_language',
  'hang_up',
  'hang_up_text',
  'stopped_transfer',
  'stopped_draw',
  'transfer',
  'draw',
  'happening',
  'says',
  'cancel_transfer',
  'cancel_draw',
  'cancel_transfer_text',
  'cancel_draw_text',
  'question',
  'why',
  'until_reconfirm',
  'until_release',
  'until_reject',
  'matured',
  'reconfirm',
  'reconfirm_text',
  'reconfirm_check',
  'reconfirm_button',
  'reconfirm_asked',
  'reconfirm_refused',
  'reconfirm_elsewhere',
  'help',
  'help_text',
  'help_96110',
  'help_110',
  'appeal',
  'appeal_text',
  'appeal_label',
  'appeal_button',
  'appeal_taken',
  'explain_button',
  'explain_taken',
  'answered_no',
  'cancelled_transfer',
  'cancelled_draw',
  'cancelled_transfer_text',
  'cancelled_draw_text',
  'next',
  'next_1',
  'next_2',
  'next_3',
  'released_transfer',
  'released_draw',
  'released_text',
  'expired_transfer',
  'expired_draw',
  'expired_text',
  'open',
  'open_text',
  'open_button',
  'dead_link',
  'dead_link_text',
  'failed',
  'failed_text',
] as const;
export type PageWord = (typeof PAGE_WORDS)[number];

export interface PageTexts {
  readonly version: string;
  readonly words: Readonly<Record<PageWord, LocalisedText>>;
  readonly scripts: Readonly<Record<HeldScript, ScriptTexts>>;
  /** In the payer's words, by the code of the signal; what is not here is not told. */
  readonly reasons: Readonly<Record<string, LocalisedText>>;
}
