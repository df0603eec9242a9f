/**
 * DR2: several transfers to the same new payee within an hour: 34,000 went in three parts, then "do
 * it again" (DETECTION §1.1, L8; §1.2, X13). Splits must not lower the score.
 */
import { finding, type Signal } from '../signal.ts';

export const DR2: Signal = {
  code: 'DR2',
  group: 'DR',
  sees: {
    'zh-CN': '一小时内多次付给同一新收款人',
    en: 'several transfers to the same new payee within an hour',
  },
  feeds: ['transfer.requested'],
  against: 'Splitting because of a limit.',
  weigh(facts, policy) {
    const { attempts, payee } = facts;
    if (attempts === undefined || payee?.isNew !== true || payee.own) return undefined;
    const { attempts: needed, decibans } = policy.signals.DR2;
    if (attempts.payee60minCount < needed) return undefined;
    return finding(
      decibans,
      [...attempts.payee60min, facts.self],
      `一小时内第${attempts.payee60minCount}次付给同一个新收款人`,
      `Transfer number ${attempts.payee60minCount} to the same new payee within an hour`,
    );
  },
};
