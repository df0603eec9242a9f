/**
 * M9: a merchant from whom the platform can get the money back (escrow). Void with CO2 (DETECTION
 * §4).
 */
import { finding, type Signal } from '../signal.ts';

export const M9: Signal = {
  code: 'M9',
  group: 'mitigation',
  sees: { 'zh-CN': '平台担保、可退款的商户', en: 'a merchant who can be made to refund' },
  feeds: ['transfer.requested'],
  against: 'A steered screen: hence the void.',
  weigh(facts, policy) {
    const { payee } = facts;
    if (payee?.kind !== 'merchant' || !payee.refundable || facts.screens !== undefined)
      return undefined;
    return finding(
      policy.signals.M9.decibans,
      [facts.self],
      '平台担保交易的商户，可以退款',
      'A merchant under the platform’s guarantee, refundable',
    );
  },
};
