/** Every text that a payer reads, linted one by one; and a lint that finds what it is for. */
import { describe, expect, it } from '@jest/globals';
import {
  HELD_SCRIPTS,
  PAGE_WORDS,
  lintNotices,
  lintPageTexts,
  smsSegments,
  type NoticeCatalogue,
  type NoticeId,
} from '#domain';
import { defaultNotices, payerPageTexts } from './notices.ts';

const NOTICES = defaultNotices();

it.each(Object.keys(NOTICES.templates))('%s is fit to be sent, in both languages', (id) => {
  expect(lintNotices(NOTICES).filter((fault) => fault.startsWith(`${id},`))).toEqual([]);
});

it('the page is fit to be read', () => {
  expect(lintPageTexts(payerPageTexts())).toEqual([]);
});

it('the page has every word and every script, and what the caller will say next', () => {
  const { words, scripts } = payerPageTexts();
  expect(Object.keys(words).sort()).toEqual([...PAGE_WORDS].sort());
  expect(Object.keys(scripts).sort()).toEqual([...HELD_SCRIPTS].sort());
  for (const script of Object.values(scripts)) expect(script.says.length).toBeGreaterThanOrEqual(2);
});

describe('the lint', () => {
  const withText = (
    id: NoticeId,
    zh: string,
    en = NOTICES.templates[id].text.en,
  ): NoticeCatalogue => ({
    ...NOTICES,
    templates: {
      ...NOTICES.templates,
      [id]: { ...NOTICES.templates[id], text: { 'zh-CN': zh, en } },
    },
  });
  const good = '【支付安全】钱还没有转出，请挂断电话，拨96110。';

  it.each([
    ['a link', `${good}见 https://x.cn`, /a link/],
    ['a domain', `${good}见 pay.example.com`, /a link/],
    ['a rule’s code', `${good}CD1`, /the code of a rule/],
    ['a tier', `${good}T4`, /the code of a rule/],
    ['a score', `${good}评分很高`, /a score/],
    ['a report', `${good}已上报`, /reported/],
    ['blame', `${good}您上当了`, /blame/],
    ['a code', `${good}06919`, /digits of its own/],
    ['an unknown name', `${good}{account}`, /no value for account/],
    ['nothing', '', /is missing/],
    ['the wrong language', 'Hang up', /wrong language/],
    ['no word of the money', '【支付安全】请挂断电话，拨96110。', /where the money is/],
    [
      'the instruction first',
      '【支付安全】请挂断电话。钱还没有转出，拨96110。',
      /before it says where/,
    ],
    ['no instruction', '【支付安全】钱还没有转出，拨96110。', /to hang up/],
    ['no number', '【支付安全】钱还没有转出，请挂断电话。', /no number to call/],
    ['no sender', '钱还没有转出，请挂断电话，拨96110。', /who is speaking/],
    ['three messages', good + '请'.repeat(120), /3 messages long/],
  ])('finds %s', (_title, text, fault) => {
    const found = lintNotices(withText('held', text));
    expect(found.some((one) => fault.test(one))).toBe(true);
    expect(found.every((one) => one.startsWith('held, zh-CN'))).toBe(true);
  });

  it('lets a short good one pass', () => {
    expect(lintNotices(withText('held', good))).toEqual([]);
  });
});

it.each([
  ['', 1],
  ['a'.repeat(160), 1],
  ['a'.repeat(161), 2],
  ['a'.repeat(306), 2],
  ['a'.repeat(307), 3],
  [`${'a'.repeat(69)}“`, 1],
  [`${'a'.repeat(70)}“`, 2],
  ['钱'.repeat(70), 1],
  ['钱'.repeat(71), 2],
  ['钱'.repeat(134), 2],
  ['钱'.repeat(135), 3],
  ['¥6,919', 1],
])('%#: %j… is %i messages', (text, segments) => {
  expect(smsSegments(text)).toBe(segments);
});
