/**
 * USER_YES: the payer answered that somebody told them to type the number or to borrow. The only
 * direct evidence there is (DETECTION §6). The answer "no" is worth nothing: victims are coached.
 */
import { finding, type Signal } from '../signal.ts';

export const USER_YES: Signal = {
  code: 'USER_YES',
  group: 'uncapped',
  sees: { 'zh-CN': '付款人回答“是别人让我这么做的”', en: 'the payer says somebody told them to' },
  feeds: ['holds.responses'],
  against: 'Pressed by mistake.',
  weigh(facts, policy) {
    if (facts.userYes === undefined) return undefined;
    return finding(
      policy.signals.USER_YES.decibans,
      facts.userYes,
      '付款人回答：是别人让我这么做的',
      'The payer answered: yes, somebody told me to do this',
    );
  },
};
