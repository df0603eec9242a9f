/**
 * PY4: the name that the payer gave is not the account holder's (confirmation of payee, DETECTION
 * §6).
 */
import { finding, type Signal } from '../signal.ts';

export const PY4: Signal = {
  code: 'PY4',
  group: 'PY',
  sees: { 'zh-CN': '收款人姓名与账户不符', en: 'the payee’s name does not match the account' },
  feeds: ['payee.nameMatch'],
  against: 'Nicknames, maiden names, a typing mistake.',
  weigh(facts, policy) {
    if (facts.payee?.nameMatch !== 'mismatch') return undefined;
    return finding(
      policy.signals.PY4.decibans,
      [facts.self],
      '填写的收款人姓名与账户户名不一致',
      'The payee’s name as entered does not match the account holder',
    );
  },
};
