/**
 * CDr: the matched amount is one that people choose anyway: a multiple of 100, or a lucky number. Then the match is mostly chance
 * (g_s/g_l ≈ .01/.55, DETECTION §3). Takes back at most the match's own weight.
 */
import { toTenths } from '../../assessment/assessment.ts';
import type { Signal } from '../signal.ts';
import { bestMatch } from './match.ts';

const ROUND = 100;

export const CDR: Signal = {
  code: 'CDr',
  group: 'CD',
  sees: {
    'zh-CN': '相符的金额本身是整百或吉利数字',
    en: 'the matched amount is round or lucky',
  },
  feeds: ['identity.codes'],
  against: 'Scammers may choose round codes on purpose; what else fires still counts.',
  weigh(facts, policy) {
    const best = bestMatch(facts, policy);
    const yuan = facts.amount / facts.unit;
    if (best === undefined) return undefined;
    if (yuan % ROUND !== 0 && !policy.codes.luckyAmounts.includes(yuan)) return undefined;
    // Added to 0, so that -0 never shows.
    const tenths = 0 + Math.max(toTenths(policy.signals.CDr.decibans), -toTenths(best.decibans));
    if (tenths === 0) return undefined;
    return {
      tenths,
      refs: [best.match.ref],
      text: {
        'zh-CN': '但这个金额是整百或吉利数字，与验证码相同多半是巧合',
        en: 'But the amount is round or a lucky number: equal to a code mostly by chance',
      },
    };
  },
};
