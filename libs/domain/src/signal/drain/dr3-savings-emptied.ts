/**
 * DR3: a savings product was emptied half an hour before paying a new person, or before a draw
 * (DETECTION §1.1, L6: all of 余额宝).
 */
import { isNewPerson } from '../applies.ts';
import { finding, type Signal } from '../signal.ts';

export const DR3: Signal = {
  code: 'DR3',
  group: 'DR',
  sees: { 'zh-CN': '刚赎回几乎全部理财', en: 'savings emptied just before' },
  feeds: ['savings.redeemed'],
  against: 'Savings are there to be used.',
  weigh(facts, policy) {
    const { savings } = facts;
    const applies = facts.kind === 'draw' || isNewPerson(facts);
    if (savings === undefined || !applies) return undefined;
    if (savings.sharePercent < policy.signals.DR3.sharePercent) return undefined;
    return finding(
      policy.signals.DR3.decibans,
      [savings.ref],
      `30分钟内赎回了理财中${savings.sharePercent}%的钱`,
      `${savings.sharePercent}% of a savings product was taken out within the last 30 minutes`,
    );
  },
};
