/**
 * CR2: the payer never borrowed from this product before, or opened the line in this very session. 87 % of the victims of
 * Korea's card-loan scams were first-time users, against about 14 % of honest borrowers (DETECTION §2.1).
 */
import { toTenths } from '../../assessment/assessment.ts';
import { creditApplies } from '../applies.ts';
import type { Signal } from '../signal.ts';
import { productNames } from '../wording.ts';

export const CR2: Signal = {
  code: 'CR2',
  group: 'CR',
  sees: { 'zh-CN': '第一次借款，或额度刚开通', en: 'a first draw, or on a line opened in session' },
  feeds: ['credit.draws'],
  against: 'Everybody borrows for the first time once.',
  weigh(facts, policy) {
    if (!creditApplies(facts, policy)) return undefined;
    const first = (facts.draws ?? []).filter(
      (product) => product.firstDraw.length > 0 || product.lineOpened.length > 0,
    );
    const tenths = toTenths(policy.signals.CR2.decibans);
    if (first.length === 0 || tenths === 0) return undefined;
    const names = productNames(first, policy);
    const refs = first.flatMap((product) => [...product.lineOpened, ...product.firstDraw]);
    return {
      tenths,
      refs: [...new Set(refs)],
      text: {
        'zh-CN': `24小时内第一次使用${names['zh-CN']}借款，或刚刚才开通`,
        en: `First borrowing from ${names.en} within 24 hours, or on a credit line only just opened`,
      },
    };
  },
};
