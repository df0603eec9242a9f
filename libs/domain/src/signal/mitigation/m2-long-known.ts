/** M2: at least three payments to this payee over at least 90 days (DETECTION §4). */
import { DAY_MS } from '../../kernel/instant.ts';
import { finding, type Signal } from '../signal.ts';

export const M2: Signal = {
  code: 'M2',
  group: 'mitigation',
  sees: { 'zh-CN': '长期付款的收款人', en: 'a payee paid for months' },
  feeds: ['payee.history'],
  against: 'A long-known payee can be hacked or turn.',
  weigh(facts, policy) {
    const { payee } = facts;
    const { payments, days, decibans } = policy.signals.M2;
    const known = (payee?.paidCount ?? 0) >= payments && (payee?.knownForMs ?? 0) >= days * DAY_MS;
    if (!known) return undefined;
    return finding(
      decibans,
      [facts.self],
      `三个月前就开始付款的收款人，已付过${payee?.paidCount ?? 0}次`,
      `A payee known for more than ${days} days and paid ${payee?.paidCount ?? 0} times`,
    );
  },
};
