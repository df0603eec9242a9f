/** CR4: nearly the whole limit of a product was drawn within a day: 34,000 of 34,000, 6,000 of 6,000 (DETECTION §1.1, L7, L9). */
import { toTenths } from '../../assessment/assessment.ts';
import { creditApplies } from '../applies.ts';
import type { Signal } from '../signal.ts';
import { money, productName } from '../wording.ts';

export const CR4: Signal = {
  code: 'CR4',
  group: 'CR',
  sees: { 'zh-CN': '额度几乎借空', en: 'a credit limit nearly used up' },
  feeds: ['credit.draws'],
  against: 'Small limits are used up by ordinary purchases.',
  weigh(facts, policy) {
    if (!creditApplies(facts, policy)) return undefined;
    const { sharePercent, decibans } = policy.signals.CR4;
    const tenths = toTenths(decibans);
    const used = (facts.draws ?? []).filter(
      (one) =>
        one.limit !== undefined && one.limit > 0 && one.minor * 100 >= sharePercent * one.limit,
    );
    const first = used[0];
    if (first === undefined || tenths === 0) return undefined;
    const name = productName(first, policy);
    const drawn = money(first.minor, facts);
    const limit = money(first.limit ?? 0, facts);
    return {
      tenths,
      refs: [...new Set(used.flatMap((product) => product.refs))],
      text: {
        'zh-CN': `${name['zh-CN']}的额度${limit['zh-CN']}在24小时内借出了${drawn['zh-CN']}`,
        en: `${drawn.en} of the ${limit.en} limit at ${name.en} was drawn within 24 hours`,
      },
    };
  },
};
