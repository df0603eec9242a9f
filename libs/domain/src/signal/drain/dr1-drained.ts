/**
 * DR1: a day's transfers take half, or nearly all, of what the payer has and borrowed. Singapore's
 * rule for the same reason (DETECTION §2.3); the base is own money before the transfer, a day's
 * draws, and own money that already left.
 */
import { finding, type Signal } from '../signal.ts';
import { money } from '../wording.ts';

export const DR1: Signal = {
  code: 'DR1',
  group: 'DR',
  sees: { 'zh-CN': '24小时内转走了大部分钱', en: 'most of the money leaves within 24 hours' },
  feeds: ['profile.liquidBefore'],
  against: 'Buying a car, paying a deposit on a home.',
  weigh(facts, policy) {
    const { liquidBefore, attempts, payee } = facts;
    if (liquidBefore === undefined || attempts === undefined || payee?.own !== false)
      return undefined;
    const { sharePercent, highSharePercent, decibans, highDecibans, minAmount } =
      policy.signals.DR1;
    const drawn = (facts.draws ?? []).reduce((sum, product) => sum + product.paidMinor, 0);
    const had = liquidBefore + drawn + attempts.ownMoneySent24hMinor;
    const out = attempts.others24hMinor;
    if (out < minAmount * facts.unit || out * 100 < sharePercent * had) return undefined;
    const high = out * 100 >= highSharePercent * had;
    const [outText, hadText] = [money(out, facts), money(had, facts)];
    return finding(
      high ? highDecibans : decibans,
      [...attempts.payee24h, facts.self],
      `24小时内要转出${outText['zh-CN']}，而自有和借来的钱一共${hadText['zh-CN']}`,
      `${outText.en} is to leave within 24 hours, of ${hadText.en} owned and borrowed in all`,
    );
  },
};
