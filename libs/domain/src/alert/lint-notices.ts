/** What every text for a payer must and must not say (DETECTION §1.4; REGULATION §6, 8–11): checked one by one before they are used. */
import type { Locale } from '../journal/bodies.ts';
import { fillTemplate, type NoticeCatalogue, type NoticeId } from './notice.ts';
import type { PageTexts } from './page-texts.ts';

const LOCALES: readonly Locale[] = ['zh-CN', 'en'];
/** As long as they get: what is counted is what is sent. */
const LONGEST: Readonly<Record<Locale, Readonly<Record<string, string>>>> = {
  'zh-CN': {
    amount: '999,999.99元',
    borrowed: '999,999.99元',
    ordered: '9,999.99元',
    payee: '尾号1234',
    due: '12月28日23:59',
    brand: '拼多多',
    number: '400-000-0000',
  },
  en: {
    amount: '¥999,999.99',
    borrowed: '¥999,999.99',
    ordered: '¥9,999.99',
    payee: '***1234',
    due: '23:59 on 12/28',
    brand: 'Pinduoduo',
    number: '400-000-0000',
  },
};
const SEGMENTS_MAX = 2;

const FORBIDDEN: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a link', /https?:|www\.|\.(com|cn|net|org)\b/i],
  ['the code of a rule', /\b(?:CR|CD|PY|CO|DR|M)\d\b|CAP_|USER_YES|LISTED|HELD_WITH|\bT[0-4]\b/],
  ['a score or a threshold', /\bdB\b|deciban|分贝|评分|阈值|threshold|score/i],
  [
    'that somebody was reported',
    /举报|(?<!马)上报|可疑交易报告|suspicious (transaction )?report|reported to/i,
  ],
  ['blame', /您的错|上当|愚|your fault|stupid|fooled/i],
];
/** Digits that may stand in a text: telephone numbers that everybody knows, and times. */
const KNOWN_DIGITS =
  /96110|\b110\b|24小时|24 ?h(ours)?\b|7天|7 days|15天|15 days|15分钟|15 minutes/g;

/** Templates that stop a payment: money first, then one instruction. */
const STOPS: ReadonlySet<NoticeId> = new Set<NoticeId>([
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
]);
const MONEY: Readonly<Record<Locale, RegExp>> = {
  'zh-CN': /钱还没有(转出|借出)/,
  en: /NOT (left|been paid out)/,
};
const HANG_UP: Readonly<Record<Locale, RegExp>> = { 'zh-CN': /挂断电话/, en: /hang up/i };

/**
 * How many messages a text is sent as: 160 characters of the GSM alphabet, 70 of any other, a little less each where there are several (3GPP
 * TS 23.038, 23.040).
 */
export function smsSegments(text: string): number {
  const gsm =
    /^[\n\r !"#$%&'()*+,\-./0-9:;<=>?@A-Z_a-z£¥§¿ÄÅÆÇÉÑÖØÜßàäåæèéìñòöøùüΔΦΓΛΩΠΨΣΘΞ]*$/u.test(text);
  const [whole, part] = gsm ? [160, 153] : [70, 67];
  return text.length <= whole ? 1 : Math.ceil(text.length / part);
}

/** What is wrong with the templates, one line each with its template and language; nothing when all is well. */
export function lintNotices(catalogue: NoticeCatalogue): readonly string[] {
  return Object.entries(catalogue.templates).flatMap(([id, { text, question }]) =>
    LOCALES.flatMap((locale) => {
      const found = [
        ...lintText(text[locale], locale),
        ...lintAlert(id as NoticeId, text[locale], locale),
        ...(question === undefined ? [] : lintQuestion(question[locale], locale)),
      ];
      return found.map((fault) => `${id}, ${locale}: ${fault}`);
    }),
  );
}

/** The same for what stands on the page, which may be longer and may say twelve things. */
export function lintPageTexts(texts: PageTexts): readonly string[] {
  const all = [
    ...Object.entries(texts.words),
    ...Object.entries(texts.reasons),
    ...Object.entries(texts.scripts).flatMap(([id, { happening, says }]) => [
      [id, happening] as const,
      ...says.flatMap(({ line, truth }) => [[id, line] as const, [id, truth] as const]),
    ]),
  ];
  return all.flatMap(([id, text]) =>
    LOCALES.flatMap((locale) =>
      lintText(text[locale], locale, OTHER_LANGUAGE.has(id)).map(
        (fault) => `page ${id}, ${locale}: ${fault}`,
      ),
    ),
  );
}

/** Names the other language in that language. */
const OTHER_LANGUAGE: ReadonlySet<string> = new Set(['other_language']);

function lintText(text: string | undefined, locale: Locale, mixed = false): string[] {
  if (text === undefined || text.trim() === '') return ['is missing'];
  const found = FORBIDDEN.filter(([, pattern]) => pattern.test(text)).map(
    ([what]) => `says ${what}`,
  );
  const names = [...text.matchAll(/\{(\w*)\}/g)].map((match) => match[1] ?? '');
  const unknown = names.filter((name) => !(name in LONGEST[locale]) && name !== 'ceiling');
  if (unknown.length > 0) found.push(`has no value for ${unknown.join(', ')}`);
  if (/\d{2,}/.test(text.replaceAll(KNOWN_DIGITS, ''))) found.push('has digits of its own');
  const isChinese = /\p{Script=Han}/u.test(text);
  if (!mixed && isChinese !== (locale === 'zh-CN')) found.push('is in the wrong language');
  return found;
}

function lintAlert(id: NoticeId, text: string, locale: Locale): string[] {
  const found: string[] = [];
  const filled = fillTemplate(text, LONGEST[locale]);
  const segments = smsSegments(filled);
  if (segments > SEGMENTS_MAX) found.push(`is ${segments} messages long, at most ${SEGMENTS_MAX}`);
  if (!STOPS.has(id)) return found;
  const money = text.search(MONEY[locale]);
  const instruction = text.search(HANG_UP[locale]);
  if (money < 0) found.push('does not say where the money is');
  if (instruction < 0) found.push('does not say to hang up');
  if (locale === 'zh-CN' && instruction >= 0 && instruction < money) {
    found.push('gives the instruction before it says where the money is');
  }
  if (!text.includes('96110')) found.push('names no number to call');
  if (locale === 'zh-CN' && !text.startsWith('【')) found.push('does not say who is speaking');
  return found;
}

function lintQuestion(text: string, locale: Locale): string[] {
  const found = lintText(text, locale).map((fault) => `the question ${fault}`);
  const marks = text.match(/[?？]/g)?.length ?? 0;
  if (marks !== 1 || !/[?？]$/.test(text)) found.push('the question is not one question');
  return found;
}
