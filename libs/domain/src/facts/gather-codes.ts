/** Whether the amount is a code that somebody dictated: digests compared, codes never seen (CONTRACT, Codes). */
import type { CodeMatched, CodeObserved, TransferRequested } from '../event/event.ts';
import { CURRENCY_DIGITS } from '../kernel/money.ts';
import type { CodeMatchFacts, Facts } from './facts.ts';
import { since, type Gathering } from './gathering.ts';

/** Forms shorter than this after leading zeros are removed are not looked up (CONTRACT, Codes). */
const CANONICAL_MIN = 4;

/** Digits under which an amount is looked up, without leading zeros. */
interface AmountDigits {
  /** Whole units where the decimals are zero. */
  readonly yuan?: string;
  /** Whole units where they are not. */
  readonly yuanPart?: string;
  /** Minor units. */
  readonly fen?: string;
}

/** Codes of a day and how the amount matches them; undefined where CD does not apply or no code was seen. */
export function gatherCodes(g: Gathering, transfer: TransferRequested): Facts['codes'] {
  if (!codesApply(g, transfer)) return undefined;
  const observed = since(g.timeline.codes, (code) => code.time, transfer.time - g.spans.day);
  const matched = g.late.codesMatched;
  if (observed.length === 0 && matched.length === 0) return undefined;
  const digits = digitsOf(transfer);
  const matches = [
    ...observed.flatMap((code) => matchesOf(g, code, digits)),
    ...matched.map((event) => reportedMatch(g, event)),
  ];
  const ids = new Set([...observed, ...matched].map((code) => code.codeId));
  return { distinct24h: ids.size, matches };
}

/** The family looks at amounts that the payer chose, to payees that a caller may name (SCORING §3, CD). */
function codesApply(g: Gathering, transfer: TransferRequested): boolean {
  const mode = transfer.amountInput?.mode;
  return (
    mode !== 'order' &&
    mode !== 'scanned' &&
    transfer.payee.kind !== 'lender' &&
    g.standing?.own !== true &&
    transfer.amount.minor >= g.policy.codes.minAmount * 10 ** decimalsOf(transfer)
  );
}

function decimalsOf(transfer: TransferRequested): number {
  return CURRENCY_DIGITS[transfer.amount.currency] ?? 2;
}

function digitsOf(transfer: TransferRequested): AmountDigits {
  const { minor } = transfer.amount;
  const decimals = decimalsOf(transfer);
  if (decimals === 0) return { yuan: String(minor) };
  const unit = 10 ** decimals;
  const whole = String(Math.floor(minor / unit));
  const isWhole = minor % unit === 0;
  return { [isWhole ? 'yuan' : 'yuanPart']: whole, fen: String(minor) };
}

function matchesOf(g: Gathering, code: CodeObserved, digits: AmountDigits): CodeMatchFacts[] {
  const ageMs = Math.max(0, g.subject.time - code.time);
  const matches: CodeMatchFacts[] = [];
  const whole = digestOf(g, code, digits.yuan ?? digits.yuanPart);
  const fen = digestOf(g, code, digits.fen);
  for (const one of code.digests) {
    const { form, digest } = one;
    const found = { form, digits: one.digits, ageMs };
    if (digest === whole) {
      const as = form === 'full' && digits.yuan !== undefined ? 'yuan' : 'yuan_part';
      matches.push({ ...found, as, ref: g.refs.of(code) });
    } else if (digest === fen && form === 'full') {
      matches.push({ ...found, as: 'fen', ref: g.refs.of(code) });
    }
  }
  return matches;
}

/** Undefined where no code of that many digits can be meant. */
function digestOf(g: Gathering, code: CodeObserved, text: string | undefined): string | undefined {
  if (text === undefined || text.length < CANONICAL_MIN || text.length > code.digits) return;
  return g.codeBook.digest(code.keyId, code.codeId, text);
}

function reportedMatch(g: Gathering, event: CodeMatched): CodeMatchFacts {
  const { form, as, digits } = event;
  return { form, as, digits, ageMs: 0, ref: g.refs.of(event) };
}

/** Whether there is an order behind the amount, and whether it names that amount. */
export function gatherOrder({ order, amount }: TransferRequested): Facts['order'] {
  if (order === undefined) return undefined;
  return {
    amountGiven: order.amount !== undefined,
    amountEqual: order.amount?.currency === amount.currency && order.amount.minor === amount.minor,
  };
}
