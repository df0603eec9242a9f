/**
 * CO2: somebody else sees or steers the screen. Android pauses payments for the same reason
 * (DETECTION §2.1).
 */
import { finding, type Signal } from '../signal.ts';

export const CO2: Signal = {
  code: 'CO2',
  group: 'CO',
  sees: { 'zh-CN': '屏幕正被共享或远程控制', en: 'the screen is shared or steered' },
  feeds: ['screen sharing'],
  against: 'A child helping a parent with the phone.',
  weigh(facts, policy) {
    const { screens } = facts;
    if (screens === undefined) return undefined;
    const active = screens.some((screen) => screen.sinceEndMs === 0);
    const refs = screens.flatMap((screen) => screen.refs);
    return finding(
      policy.signals.CO2.decibans,
      refs,
      active ? '手机屏幕正在被共享或远程控制' : '一小时内手机屏幕曾被共享或远程控制',
      active
        ? 'The phone’s screen is being shared or controlled by somebody else'
        : 'The phone’s screen was shared or controlled by somebody else within the last hour',
    );
  },
};
