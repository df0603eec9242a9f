/** M5: family or friends whom the payer declared to the platform before (DETECTION §4). */
import { finding, type Signal } from '../signal.ts';

export const M5: Signal = {
  code: 'M5',
  group: 'mitigation',
  sees: { 'zh-CN': '付款人登记过的亲友', en: 'a declared contact' },
  feeds: ['payee.history'],
  against: 'Contacts declared under instruction; the platform asks for 30 days.',
  weigh(facts, policy) {
    if (facts.payee?.declaredContact !== true) return undefined;
    return finding(
      policy.signals.M5.decibans,
      [facts.self],
      '收款人是付款人登记过的亲友',
      'The payee is a contact that the payer declared before',
    );
  },
};
