/**
 * M3: a school, hospital, tax office or the like that the platform verified. Somebody must be able
 * to pay a hospital (DETECTION §4).
 */
import { finding, type Signal } from '../signal.ts';

export const M3: Signal = {
  code: 'M3',
  group: 'mitigation',
  sees: { 'zh-CN': '经核实的机构', en: 'a verified institution' },
  feeds: ['transfer.requested'],
  against: 'None known: the platform verifies the kind.',
  weigh(facts, policy) {
    if (facts.payee?.kind !== 'institution') return undefined;
    return finding(
      policy.signals.M3.decibans,
      [facts.self],
      '收款人是平台核实过的机构（如医院、学校、税务）',
      'The payee is an institution verified by the platform, such as a hospital or school',
    );
  },
};
