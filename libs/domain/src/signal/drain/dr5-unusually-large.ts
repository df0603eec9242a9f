/**
 * DR5: a day's sum to the payee is above what the payer pays in 99 of 100 transfers of a year
 * (DETECTION §6).
 */
import { finding, type Signal } from '../signal.ts';
import { money } from '../wording.ts';

export const DR5: Signal = {
  code: 'DR5',
  group: 'DR',
  sees: { 'zh-CN': '金额远超平时', en: 'far above the payer’s usual amounts' },
  feeds: ['profile.p99Amount'],
  against: 'Rare large expenses are rare and honest.',
  weigh(facts, policy) {
    const { p99Amount, attempts, payee } = facts;
    if (p99Amount === undefined || attempts === undefined || payee?.own !== false) return undefined;
    const { minAmount, decibans, highAmount, highDecibans } = policy.signals.DR5;
    const sum = attempts.payee24hMinor;
    if (sum <= p99Amount || sum < minAmount * facts.unit) return undefined;
    const [sumText, usual] = [money(sum, facts), money(p99Amount, facts)];
    return finding(
      sum >= highAmount * facts.unit ? highDecibans : decibans,
      [...attempts.payee24h, facts.self],
      `24小时内付给这个收款人${sumText['zh-CN']}，高于过去一年99%的付款（${usual['zh-CN']}）`,
      `${sumText.en} to this payee within 24 hours, above 99% of the past year’s payments (${usual.en})`,
    );
  },
};
