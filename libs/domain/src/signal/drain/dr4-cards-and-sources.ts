/**
 * DR4: a card was bound or failed to bind in session, or the source of money was switched after an
 * attempt did not go through: the caller tries what works (DETECTION §1.1, L4; §1.2, X12).
 */
import { finding, type Signal } from '../signal.ts';

export const DR4: Signal = {
  code: 'DR4',
  group: 'DR',
  sees: {
    'zh-CN': '本次操作中绑卡、绑卡失败或更换付款方式',
    en: 'cards bound, or the source of money switched, in session',
  },
  feeds: ['session.signals', 'transfer outcomes'],
  against: 'A new card, an empty account.',
  weigh(facts, policy) {
    const { decibans } = policy.signals.DR4;
    if (facts.payee?.own === true) return undefined;
    if (facts.bindFailed !== undefined) {
      return finding(
        decibans,
        facts.bindFailed,
        '本次操作中绑定银行卡失败过',
        'Binding a bank card failed in this session',
      );
    }
    if (facts.cardBound !== undefined) {
      return finding(
        decibans,
        facts.cardBound,
        '本次操作中新绑定了银行卡',
        'A bank card was bound in this session',
      );
    }
    if (facts.fundingSwitched === undefined) return undefined;
    return finding(
      decibans,
      facts.fundingSwitched,
      '上一笔没有付成，换了付款方式再付给同一个人',
      'An attempt did not go through, and the same payee is paid from another source',
    );
  },
};
