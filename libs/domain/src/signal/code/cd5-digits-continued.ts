/**
 * CD5: the digits of this amount continue or shorten those of an earlier attempt to the same payee: "your code has five digits, you
 * typed four" (6919, then 691902; DETECTION §1.2, X10). Counts even where the earlier attempt was declined.
 */
import { toTenths } from '../../assessment/assessment.ts';
import { codeApplies } from '../applies.ts';
import type { Signal } from '../signal.ts';
import { money } from '../wording.ts';
import { continues } from './digits.ts';

export const CD5: Signal = {
  code: 'CD5',
  group: 'CD',
  sees: {
    'zh-CN': '同一收款人，金额的数字在上一笔后面加长或缩短',
    en: 'digits that continue an earlier attempt',
  },
  feeds: ['transfer.requested'],
  against: 'Correcting a mistyped amount.',
  weigh(facts, policy) {
    if (facts.payee?.isNew !== true || !codeApplies(facts, policy)) return undefined;
    const { minDigits, decibans } = policy.signals.CD5;
    const earlier = (facts.recentAmounts ?? []).findLast(
      (one) => one.samePayee && continues(one.minor, facts.amount, facts.unit, minDigits),
    );
    const tenths = toTenths(decibans);
    if (earlier === undefined || tenths === 0) return undefined;
    const [before, now] = [money(earlier.minor, facts), money(facts.amount, facts)];
    return {
      tenths,
      refs: [earlier.ref, facts.self],
      text: {
        'zh-CN': `对同一收款人先输入${before['zh-CN']}，又输入${now['zh-CN']}：数字像被人要求“重新输完整”`,
        en: `First ${before.en}, then ${now.en} to the same payee: as if told to type the digits again in full`,
      },
    };
  },
};
