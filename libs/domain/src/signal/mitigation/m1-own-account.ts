/**
 * M1: the money goes to an account of the payer's own name. Void, and the payee treated as somebody
 * else, with CO2, with a name that does not match, or where the account was added or a card bound
 * during an unsaved call (SCORING §3; the "safe account" of DETECTION S17).
 */
import { finding, type Signal } from '../signal.ts';

export const M1: Signal = {
  code: 'M1',
  group: 'mitigation',
  sees: { 'zh-CN': '转到本人账户', en: 'an account of the payer’s own' },
  feeds: ['payee.history'],
  against: '“Safe accounts” opened in the victim’s name: hence the voids.',
  weigh(facts, policy) {
    if (facts.payee?.own !== true) return undefined;
    return finding(
      policy.signals.M1.decibans,
      [facts.self],
      '转到付款人本人同名账户',
      'To an account in the payer’s own name',
    );
  },
};
