/** M4: a repayment to a licensed lender (DETECTION §4). */
import { finding, type Signal } from '../signal.ts';

export const M4: Signal = {
  code: 'M4',
  group: 'mitigation',
  sees: { 'zh-CN': '还款给持牌贷款机构', en: 'a repayment to a licensed lender' },
  feeds: ['transfer.requested'],
  against: 'None known: the platform verifies the kind.',
  weigh(facts, policy) {
    if (facts.payee?.kind !== 'lender') return undefined;
    return finding(
      policy.signals.M4.decibans,
      [facts.self],
      '还款给持牌贷款机构',
      'A repayment to a licensed lender',
    );
  },
};
