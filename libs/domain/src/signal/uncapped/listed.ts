/**
 * LISTED: the payee stands on a list of an authority or of the industry (Anti-Telecom-Fraud Law
 * art. 18; DETECTION §6).
 */
import { finding, type Signal } from '../signal.ts';

export const LISTED: Signal = {
  code: 'LISTED',
  group: 'uncapped',
  sees: {
    'zh-CN': '收款人在警方或行业名单上',
    en: 'the payee is on an authority or industry list',
  },
  feeds: ['lists'],
  against: 'Lists are sometimes wrong or old.',
  weigh(facts, policy) {
    if (facts.payee?.listed === undefined) return undefined;
    return finding(
      policy.signals.LISTED.decibans,
      [facts.self],
      '收款人在警方或行业的涉诈名单上',
      'The payee is on a fraud list of an authority or of the industry',
    );
  },
};
