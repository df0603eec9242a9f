/** Text that people type: never a reason to refuse, cleaned and cut instead (CONTRACT, Refusing). */

/** Longest texts kept, in UTF-16 code units. */
export const TYPED_TEXT_MAX = {
  remark: 500,
  displayName: 100,
  answer: 2_000,
  /** Looked at, never kept. */
  amountInput: 100,
} as const;

const PLAIN = /^[\x20-\x7e]*$/;
/** Control characters, line and paragraph separators, and the invisible ones that split words or turn their direction. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The text without invisible characters, well-formed (a lone surrogate becomes U+FFFD), at most `max` code units, no pair cut apart. */
export function cleanText(text: string, max: number): string {
  if (text.length <= max && PLAIN.test(text)) return text;
  const clean = text.toWellFormed().replace(UNSEEN, '');
  if (clean.length <= max) return clean;
  const last = clean.charCodeAt(max - 1);
  return clean.slice(0, last >= 0xd800 && last <= 0xdbff ? max - 1 : max);
}
