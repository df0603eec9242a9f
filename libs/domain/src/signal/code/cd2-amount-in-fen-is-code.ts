/**
 * CD2: the amount read in fen is a whole code, "691902" paid as 6,919.02 (DETECTION §0.3). Rarer in
 * scams than CD1, so it weighs less at five digits.
 */
import { toTenths } from '../../assessment/assessment.ts';
import type { Signal } from '../signal.ts';
import { bestMatch } from './match.ts';

export const CD2: Signal = {
  code: 'CD2',
  group: 'CD',
  sees: { 'zh-CN': '金额（分）等于一个验证码', en: 'the amount read in fen is a code' },
  feeds: ['identity.codes'],
  against: 'Coincidence: round and lucky amounts match short codes (CDr).',
  weigh(facts, policy) {
    const best = bestMatch(facts, policy);
    const tenths = best?.code === 'CD2' ? toTenths(best.decibans) : 0;
    if (best === undefined || tenths === 0) return undefined;
    return {
      tenths,
      refs: [best.match.ref],
      text: {
        'zh-CN': '金额（按分计）与24小时内出现过的验证码完全相同',
        en: 'The amount in fen equals a code seen within the last 24 hours',
      },
    };
  },
};
