/**
 * M6: there is an order, bill or contract, and its amount, where given, is the transfer's. Void
 * with CO2; without an amount also with CO4 or where the payee was first paid within the day, since
 * anyone can quote a reference (SCORING §3).
 */
import { finding, type Signal } from '../signal.ts';

export const M6: Signal = {
  code: 'M6',
  group: 'mitigation',
  sees: { 'zh-CN': '有对应的订单、账单或合同', en: 'an order, bill or contract' },
  feeds: ['transfer.requested'],
  against: 'Orders can be faked: account takeover sold as an order is out of scope.',
  weigh(facts, policy) {
    const { order, payee } = facts;
    if (order === undefined || facts.screens !== undefined) return undefined;
    const voidWithoutAmount = facts.loginElsewhere !== undefined || payee?.newToday === true;
    if (order.amountGiven ? !order.amountEqual : voidWithoutAmount) return undefined;
    return finding(
      policy.signals.M6.decibans,
      [facts.self],
      order.amountGiven ? '与订单、账单或合同的金额一致' : '有对应的订单、账单或合同编号',
      order.amountGiven
        ? 'The amount is that of an order, bill or contract'
        : 'There is a reference to an order, bill or contract',
    );
  },
};
