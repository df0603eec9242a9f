/**
 * CD3: the yuan part begins a code, or is a code while the decimals are something else. Prefixes
 * are matched by chance about 1.5 in 10,000 times even for codes of six digits (DETECTION §0.7), so
 * this weighs far less than a whole match.
 */
import { toTenths } from '../../assessment/assessment.ts';
import type { Signal } from '../signal.ts';
import { bestMatch } from './match.ts';

export const CD3: Signal = {
  code: 'CD3',
  group: 'CD',
  sees: { 'zh-CN': '金额是验证码的一部分', en: 'the amount is part of a code' },
  feeds: ['identity.codes'],
  against: 'Coincidence: round and lucky amounts match short codes (CDr).',
  weigh(facts, policy) {
    const best = bestMatch(facts, policy);
    const tenths = best?.code === 'CD3' ? toTenths(best.decibans) : 0;
    if (best === undefined || tenths === 0) return undefined;
    return {
      tenths,
      refs: [best.match.ref],
      text: {
        'zh-CN': '金额的元数是24小时内出现过的验证码的一部分',
        en: 'The yuan part of the amount is the beginning of a code, or a code with other decimals',
      },
    };
  },
};
