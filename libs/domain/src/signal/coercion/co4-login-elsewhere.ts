/**
 * CO4: the account is in use at a second place at the same time, as the fraudster was in Mr Li's
 * shop account (DETECTION §1.1, L2).
 */
import { finding, type Signal } from '../signal.ts';

export const CO4: Signal = {
  code: 'CO4',
  group: 'CO',
  sees: { 'zh-CN': '账户同时在另一处登录', en: 'the account is logged in elsewhere' },
  feeds: ['session.signals'],
  against: 'A tablet left logged in at home.',
  weigh(facts, policy) {
    if (facts.loginElsewhere === undefined) return undefined;
    return finding(
      policy.signals.CO4.decibans,
      facts.loginElsewhere,
      '账户同时在另一个地方登录',
      'The account is logged in at another place at the same time',
    );
  },
};
