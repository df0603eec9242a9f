/**
 * DR6: what persons sent to the payer in the last two hours goes on to a new person: "borrow from
 * friends" (DETECTION §1.2, X16).
 */
import { isNewPerson } from '../applies.ts';
import { finding, type Signal } from '../signal.ts';
import { money } from '../wording.ts';

export const DR6: Signal = {
  code: 'DR6',
  group: 'DR',
  sees: { 'zh-CN': '刚从亲友处收到的钱被转出', en: 'money from friends is passed on' },
  feeds: ['funds.received'],
  against: 'Collecting for a shared purchase.',
  weigh(facts, policy) {
    const { received, attempts } = facts;
    if (received === undefined || attempts === undefined || !isNewPerson(facts)) return undefined;
    const { sharePercent, decibans } = policy.signals.DR6;
    if (attempts.payee2hMinor * 100 < sharePercent * received.minor) return undefined;
    const amount = money(received.minor, facts);
    return finding(
      decibans,
      received.refs,
      `两小时内从他人处收到${amount['zh-CN']}，现在大部分转给新收款人`,
      `${amount.en} came in from other people within two hours, and most of it now goes to a new payee`,
    );
  },
};
