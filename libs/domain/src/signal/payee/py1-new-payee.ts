/**
 * PY1: the payer never paid this payee, or first did less than a day ago. Nearly every scam needs a
 * new payee; 82 % of honest transfers go to known ones (DETECTION §0.9).
 */
import { finding, type Signal } from '../signal.ts';

export const PY1: Signal = {
  code: 'PY1',
  group: 'PY',
  sees: { 'zh-CN': '第一次付给这个收款人', en: 'the first payment to this payee' },
  feeds: ['payee.history'],
  against: 'Everybody is new once.',
  weigh(facts, policy) {
    if (facts.payee?.isNew !== true) return undefined;
    return finding(
      policy.signals.PY1.decibans,
      [facts.self],
      '第一次付给这个收款人，或24小时内才第一次付过',
      'The first payment to this payee, or first paid less than 24 hours ago',
    );
  },
};
