/**
 * M8: the payer has borrowed to pay this payee before, several times, and repaid (DETECTION §4: a
 * trader who pays the supplier every week).
 */
import { finding, type Signal } from '../signal.ts';

export const M8: Signal = {
  code: 'M8',
  group: 'mitigation',
  sees: {
    'zh-CN': '一向先借款再付给他，且都已还清',
    en: 'a habit of borrowing, paying this payee and repaying',
  },
  feeds: ['credit.draws', 'payee.history'],
  against: 'Habits can be imitated over months, at a cost.',
  weigh(facts, policy) {
    const { payments, decibans } = policy.signals.M8;
    const habit = facts.payee?.habit ?? 0;
    if (habit < payments) return undefined;
    return finding(
      decibans,
      [facts.self],
      `过去一年里有${habit}次借款后付给这个收款人，借款都已还清`,
      `${habit} times in a year money was borrowed, paid to this payee and repaid`,
    );
  },
};
