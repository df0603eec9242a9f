/**
 * CO7: limit or credit score looked at a few minutes before. Victims open that page before they
 * transfer (DETECTION §2.1; "see how much you can borrow", X16).
 */
import { finding, type Signal } from '../signal.ts';

export const CO7: Signal = {
  code: 'CO7',
  group: 'CO',
  sees: {
    'zh-CN': '付款前查看过贷款额度或信用分',
    en: 'a credit limit or score was looked at just before',
  },
  feeds: ['credit.draws', 'session.signals'],
  against: 'Curiosity, or a loan that is really wanted.',
  weigh(facts, policy) {
    if (facts.creditViewed === undefined) return undefined;
    return finding(
      policy.signals.CO7.decibans,
      facts.creditViewed,
      '付款前15分钟内查看过贷款额度或信用分',
      'A credit limit or credit score was looked at within the 15 minutes before',
    );
  },
};
