/**
 * WATCH: an amount so small that its tier was lowered looked like a scam within the last day (rule
 * b): the small test before the large one (DETECTION §1.2, the Dongguan case of §2.1).
 */
import { finding, type Signal } from '../signal.ts';

export const WATCH: Signal = {
  code: 'WATCH',
  group: 'uncapped',
  sees: { 'zh-CN': '24小时内有可疑的小额付款', en: 'a suspicious small payment within 24 hours' },
  feeds: ['transfer.requested'],
  against: 'The small payment was honest.',
  weigh(facts, policy) {
    if (facts.watch === undefined) return undefined;
    return finding(
      policy.signals.WATCH.decibans,
      facts.watch,
      '24小时内有一笔可疑的小额付款，像是先试探',
      'A suspicious small payment within 24 hours, as if to test',
    );
  },
};
