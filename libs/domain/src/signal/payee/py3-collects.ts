/**
 * PY3: strangers pay this person today, or what comes in leaves within minutes: the shape of a mule
 * account (DETECTION §6). Read across payers; declared contacts are left out.
 */
import type { PayeeFacts } from '../../facts/facts.ts';
import type { Policy } from '../../policy/policy.ts';
import { finding, type Signal } from '../signal.ts';

/** Whether what is known of a payee is enough for PY3; more of it adds nothing. */
export function collects(
  numbers: NonNullable<PayeeFacts['numbers']>,
  { signals }: Pick<Policy, 'signals'>,
): boolean {
  return numbers.fastCashOut || numbers.newPayers24h >= signals.PY3.newPayers;
}

export const PY3: Signal = {
  code: 'PY3',
  group: 'PY',
  sees: {
    'zh-CN': '收款人一天内收到多名陌生人的钱，或钱一到就转走',
    en: 'a payee who collects from strangers or cashes out at once',
  },
  feeds: ['other payers'],
  against: 'A class collecting for an outing; a seller on a good day.',
  weigh(facts, policy) {
    const { payee } = facts;
    const numbers = payee?.numbers;
    if (payee === undefined || numbers === undefined || !payee.person) return undefined;
    const { newPayers, decibans } = policy.signals.PY3;
    if (numbers.newPayers24h >= newPayers) {
      return finding(
        decibans,
        [facts.self],
        `24小时内至少有${newPayers}名从未付过他的人向这个收款人付款`,
        `At least ${newPayers} people who never paid this payee before did so within 24 hours`,
      );
    }
    if (!numbers.fastCashOut) return undefined;
    return finding(
      decibans,
      [facts.self],
      '这个收款人收到的钱几分钟内就被转走',
      'What this payee receives leaves again within minutes',
    );
  },
};
