/**
 * PY2: the receiving account is only days old. Money mules' accounts are opened for the purpose
 * (DETECTION §6).
 */
import { finding, type Signal } from '../signal.ts';

export const PY2: Signal = {
  code: 'PY2',
  group: 'PY',
  sees: { 'zh-CN': '收款账户开立不久', en: 'a young receiving account' },
  feeds: ['payee.accountAgeDays'],
  against: 'A young person’s first account.',
  weigh(facts, policy) {
    const days = facts.payee?.accountAgeDays;
    if (days === undefined || days >= policy.signals.PY2.belowDays) return undefined;
    return finding(
      policy.signals.PY2.decibans,
      [facts.self],
      `收款账户开立才${days}天`,
      `The receiving account is only ${days} day${days === 1 ? '' : 's'} old`,
    );
  },
};
