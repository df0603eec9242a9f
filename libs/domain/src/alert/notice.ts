/** What the payer is told: which script, this payment's figures, money first, one instruction (DETECTION §1.4). */
import type { LocalisedText, Tier, WeighedReason } from '../assessment/assessment.ts';
import { OUTCOME_OF_TIER } from '../assessment/assessment.ts';
import type { SubjectEvent } from '../event/event.ts';
import type { Facts } from '../facts/facts.ts';
import type { Locale, Notice } from '../journal/bodies.ts';
import { MINUTE_MS, type Instant } from '../kernel/instant.ts';
import { CURRENCY_DIGITS, type Money } from '../kernel/money.ts';
import { money } from '../signal/wording.ts';

export const NOTICE_IDS = [
  'code_as_amount',
  'number_as_amount',
  'refund_pretext',
  'refund_ceiling',
  'refund_brand',
  'borrow_then_send',
  'held',
  'draw_held',
  'reminder',
  'reminder_draw',
  'trusted_contact',
  'after_loss',
  'warning',
  'warning_call',
  'warning_code',
  'warning_borrow',
] as const;
export type NoticeId = (typeof NOTICE_IDS)[number];

/** The scripts of what is held, as far as the signals alone tell them. */
export const HELD_SCRIPTS = [
  'code_as_amount',
  'number_as_amount',
  'refund_pretext',
  'borrow_then_send',
  'held',
  'draw_held',
] as const satisfies readonly NoticeId[];
export type HeldScript = (typeof HELD_SCRIPTS)[number];

export interface NoticeTemplate {
  readonly text: LocalisedText;
  readonly question?: LocalisedText;
}

export type NoticeAction = 'cancel' | 'cancel_draw' | 'coached_yes' | 'coached_no' | 'appeal';

/** Texts as data: read from a file by `libs/contracts`. Names in braces are filled in. */
export interface NoticeCatalogue {
  readonly version: string;
  /** Of the clock that payers read. */
  readonly utcOffsetMinutes: number;
  /** Of brands that callers say they are, by the name on the policy's list: as registered, never as a caller gave them. */
  readonly officialNumbers: Readonly<
    Record<string, { readonly name: LocalisedText; readonly number: string }>
  >;
  readonly actions: Readonly<Record<NoticeAction, LocalisedText>>;
  readonly words: Readonly<Record<'payee' | 'payee_tail' | 'at', LocalisedText>>;
  readonly templates: Readonly<Record<NoticeId, NoticeTemplate>>;
}

export interface NoticeRequest {
  readonly subject: SubjectEvent;
  readonly facts: Facts;
  readonly tier: Tier;
  readonly reasons: readonly Pick<WeighedReason, 'code' | 'tenths'>[];
  readonly locale: Locale;
  /** Of the hold, where one is placed. */
  readonly dueAt?: Instant;
}

/** The notice of a warned or held subject; undefined for what is simply sent. Never contains a code, an account or a rule's id. */
export function noticeFor(request: NoticeRequest, catalogue: NoticeCatalogue): Notice | undefined {
  const outcome = OUTCOME_OF_TIER[request.tier];
  if (outcome === 'allow') return undefined;
  const values = valuesOf(request, catalogue);
  const id = outcome === 'hold' ? tellFigures(chooseHeld(request), values) : chooseWarning(request);
  const { text, question } = catalogue.templates[id];
  const { locale } = request;
  return {
    template: id,
    version: catalogue.version,
    locale,
    text: fillTemplate(text[locale], values),
    ...(question === undefined ? {} : { question: fillTemplate(question[locale], values) }),
    actions: actionsOf(request, question !== undefined).map((action) => ({
      action: action === 'cancel_draw' ? 'cancel' : action,
      label: catalogue.actions[action][locale],
    })),
  };
}

function chooseHeld({ facts, reasons }: NoticeRequest): HeldScript {
  const fired = reasons.filter((reason) => reason.tenths > 0 || reason.code === 'CDr');
  return heldScript(
    facts.kind,
    fired.map(({ code }) => code),
  );
}

/**
 * The most telling script, not the heaviest signal: the payer should recognise what is being done to them. `codes` are those of the signals
 * that weighed; mitigations among them change nothing but CDr, which says that the amount equals a code by chance.
 */
export function heldScript(kind: 'transfer' | 'draw', codes: readonly string[]): HeldScript {
  if (kind === 'draw') return 'draw_held';
  const fired = new Set(codes);
  if (!fired.has('CDr') && (fired.has('CD1') || fired.has('CD2'))) return 'code_as_amount';
  if (fired.has('CD0') || fired.has('CD3') || fired.has('CD5')) return 'number_as_amount';
  if (fired.has('CO3')) return 'refund_pretext';
  return fired.has('CR1') ? 'borrow_then_send' : 'held';
}

/** A refund that is told with figures or with a number to call is more than its name (DETECTION §1.4 D, F). */
function tellFigures(script: HeldScript, values: Readonly<Record<string, string>>): NoticeId {
  if (script !== 'refund_pretext') return script;
  if (values['ordered'] !== undefined) return 'refund_ceiling';
  return values['number'] === undefined ? script : 'refund_brand';
}

function chooseWarning({ reasons }: NoticeRequest): NoticeId {
  const strongest = reasons.find((reason) => reason.tenths > 0)?.code ?? '';
  if (strongest.startsWith('CD')) return 'warning_code';
  if (strongest.startsWith('CR')) return 'warning_borrow';
  return strongest === 'CO1' || strongest === 'CO2' ? 'warning_call' : 'warning';
}

function actionsOf({ facts, tier }: NoticeRequest, asks: boolean): readonly NoticeAction[] {
  if (OUTCOME_OF_TIER[tier] !== 'hold') return [];
  const cancel = facts.kind === 'draw' ? 'cancel_draw' : 'cancel';
  return asks ? [cancel, 'coached_yes', 'coached_no', 'appeal'] : [cancel, 'appeal'];
}

function valuesOf(
  { subject, facts, locale, dueAt }: NoticeRequest,
  catalogue: NoticeCatalogue,
): Readonly<Record<string, string>> {
  const { words } = catalogue;
  const displayName =
    subject.kind === 'transfer.requested' ? (subject.payee.displayName ?? '') : '';
  const tail = /(\d{4})\D*$/.exec(displayName)?.[1];
  return {
    amount: money(facts.amount, facts)[locale],
    borrowed: money(facts.traced?.minor ?? facts.amount, facts)[locale],
    payee:
      tail === undefined ? words.payee[locale] : fillTemplate(words.payee_tail[locale], { tail }),
    due: dueAt === undefined ? '' : payerTime(dueAt, locale, catalogue),
    ...refundValues(facts, locale, catalogue),
  };
}

/** What was ordered from shops, where the “refund” is more than that; and where to call the brand that is named. */
function refundValues(
  facts: Facts,
  locale: Locale,
  { officialNumbers }: NoticeCatalogue,
): Readonly<Record<string, string>> {
  const { orders7dMinor, brand = '' } = facts.pretext ?? {};
  const official = Object.hasOwn(officialNumbers, brand) ? officialNumbers[brand] : undefined;
  return {
    ...(orders7dMinor === undefined || orders7dMinor >= facts.amount
      ? {}
      : { ordered: money(orders7dMinor, facts)[locale] }),
    ...(official === undefined ? {} : { brand: official.name[locale], number: official.number }),
  };
}

/** What is told about a hold apart from its decision: a reminder, a word to a trusted contact, what to do after a loss. */
export function holdNotice(
  id: 'reminder' | 'reminder_draw' | 'trusted_contact' | 'after_loss',
  hold: { readonly amount: Money; readonly dueAt: Instant; readonly locale: Locale },
  catalogue: NoticeCatalogue,
): Notice {
  const { amount, dueAt, locale } = hold;
  const values = {
    amount: payerMoney(amount, locale),
    payee: catalogue.words.payee[locale],
    due: payerTime(dueAt, locale, catalogue),
  };
  return {
    template: id,
    version: catalogue.version,
    locale,
    text: fillTemplate(catalogue.templates[id].text[locale], values),
    actions: [],
  };
}

/** “6,919元”, “¥6,919”: an amount as the payer reads it. */
export function payerMoney({ currency, minor }: Money, locale: Locale): string {
  return money(minor, { currency, unit: 10 ** (CURRENCY_DIGITS[currency] ?? 2) })[locale];
}

/** “11月24日21:25”: a time on the payer's clock. */
export function payerTime(at: Instant, locale: Locale, catalogue: NoticeCatalogue): string {
  return fillTemplate(catalogue.words.at[locale], clockOf(at, catalogue.utcOffsetMinutes));
}

/** Month, day and time on the payer's clock. */
function clockOf(at: Instant, utcOffsetMinutes: number): Record<string, string> {
  const iso = new Date(at + utcOffsetMinutes * MINUTE_MS).toISOString();
  return {
    month: String(Number(iso.slice(5, 7))),
    day: String(Number(iso.slice(8, 10))),
    time: iso.slice(11, 16),
  };
}

/** The text with the names in braces filled in. */
export function fillTemplate(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
