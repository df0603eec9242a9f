/**
 * CD1: the amount in yuan is a whole code, "06919" paid as 6,919. A chance match has probability at
 * most 10^-n for a code of n digits whatever the amounts are (DETECTION §3), which gives the
 * weights.
 */
import { toTenths } from '../../assessment/assessment.ts';
import type { Signal } from '../signal.ts';
import { bestMatch } from './match.ts';

export const CD1: Signal = {
  code: 'CD1',
  group: 'CD',
  sees: { 'zh-CN': '金额等于一个验证码', en: 'the amount is a code' },
  feeds: ['identity.codes'],
  against: 'Coincidence: round and lucky amounts match short codes (CDr).',
  weigh(facts, policy) {
    const best = bestMatch(facts, policy);
    const tenths = best?.code === 'CD1' ? toTenths(best.decibans) : 0;
    if (best === undefined || tenths === 0) return undefined;
    return {
      tenths,
      refs: [best.match.ref],
      text: {
        'zh-CN': '金额（元）与24小时内出现过的验证码完全相同',
        en: 'The amount in yuan equals a code seen within the last 24 hours',
      },
    };
  },
};
