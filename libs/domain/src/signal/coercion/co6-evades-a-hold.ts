/**
 * CO6: a transfer was held, and now another new person is paid, or the same one with less. Callers
 * coach their victims around a stop (DETECTION §6, §2.3).
 */
import { isNewPerson } from '../applies.ts';
import { finding, type Signal } from '../signal.ts';

export const CO6: Signal = {
  code: 'CO6',
  group: 'CO',
  sees: {
    'zh-CN': '之前的付款被拦下后换人或拆小再付',
    en: 'another payee or a smaller amount after a hold',
  },
  feeds: ['transfer.requested'],
  against: 'Paying something else entirely.',
  weigh(facts, policy) {
    const { payee } = facts;
    if (payee === undefined || payee.own) return undefined;
    const { decibans } = policy.signals.CO6;
    if (isNewPerson(facts) && facts.heldOtherPayee !== undefined) {
      return finding(
        decibans,
        facts.heldOtherPayee,
        '72小时内有付款被拦下，现在改付给另一个新收款人',
        'A payment was held within 72 hours, and now another new payee is to be paid',
      );
    }
    if (facts.heldSamePayeeMore === undefined) return undefined;
    return finding(
      decibans,
      facts.heldSamePayeeMore,
      '72小时内付给这个收款人的一笔被拦下，现在改付较小的金额',
      'A payment to this payee was held within 72 hours, and now a smaller one is tried',
    );
  },
};
