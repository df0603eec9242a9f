/**
 * PY6: an earlier transfer to this payee came back or was rejected within a day. A small refused
 * payment builds trust before the large one: "it is like just now, it will refuse the money"
 * (DETECTION §1.2, X3).
 */
import { finding, type Signal } from '../signal.ts';

export const PY6: Signal = {
  code: 'PY6',
  group: 'PY',
  sees: { 'zh-CN': '之前转给他的钱被退回过', en: 'an earlier transfer to the payee came back' },
  feeds: ['transfer outcomes'],
  against: 'A wrong account number, corrected.',
  weigh(facts, policy) {
    if (facts.returned === undefined) return undefined;
    return finding(
      policy.signals.PY6.decibans,
      facts.returned,
      '24小时内转给这个收款人的钱曾被退回或拒收：先退一小笔取信，再要大笔，是常见手法',
      'A transfer to this payee came back or was refused within 24 hours: a small refund to win trust is a known trick',
    );
  },
};
