/** CR3: a second lender within a day. "Still not enough, open the next one" is the script's own line (DETECTION §1.1, L9; §1.2, X16). */
import { toTenths } from '../../assessment/assessment.ts';
import { creditApplies } from '../applies.ts';
import type { Signal } from '../signal.ts';
import { productNames } from '../wording.ts';

export const CR3: Signal = {
  code: 'CR3',
  group: 'CR',
  sees: { 'zh-CN': '24小时内向多家借款', en: 'draws from several lenders in 24 hours' },
  feeds: ['credit.draws'],
  against: 'One large honest expense covered by two lines.',
  weigh(facts, policy) {
    if (!creditApplies(facts, policy)) return undefined;
    const draws = facts.draws ?? [];
    const lenders = new Set(draws.map((product) => product.lender));
    const tenths = toTenths(policy.signals.CR3.decibans);
    if (lenders.size < policy.signals.CR3.lenders || tenths === 0) return undefined;
    const names = productNames(draws, policy);
    return {
      tenths,
      refs: [...new Set(draws.flatMap((product) => product.refs))],
      text: {
        'zh-CN': `24小时内接连向${lenders.size}家借款：${names['zh-CN']}`,
        en: `Borrowed from ${lenders.size} lenders within 24 hours: ${names.en}`,
      },
    };
  },
};
