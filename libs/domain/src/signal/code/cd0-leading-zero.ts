/**
 * CD0: the amount was entered with a leading zero. Nobody writes money that way; a dictated code begins with one in a tenth of all
 * cases ("06919", DETECTION §0.2). Needs no code feed. The rival is a slip of the finger.
 */
import { toTenths } from '../../assessment/assessment.ts';
import { codeApplies } from '../applies.ts';
import type { Signal } from '../signal.ts';

export const CD0: Signal = {
  code: 'CD0',
  group: 'CD',
  sees: { 'zh-CN': '金额以0开头输入，像一串号码', en: 'an amount entered with a leading zero' },
  feeds: ['amountInput'],
  against: 'A slip of the finger.',
  weigh(facts, policy) {
    const { input } = facts;
    if (input === undefined || !codeApplies(facts, policy)) return undefined;
    const tenths = toTenths(policy.signals.CD0.decibans);
    if (!input.leadingZero || input.digits < policy.signals.CD0.minDigits || tenths === 0) {
      return undefined;
    }
    return {
      tenths,
      refs: [facts.self],
      text: {
        'zh-CN': '输入的金额以0开头，更像一串号码而不是钱数',
        en: 'The amount was entered with a leading zero: more like a code than a sum of money',
      },
    };
  },
};
