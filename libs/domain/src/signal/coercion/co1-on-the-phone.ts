/**
 * CO1: the payer is on the phone with an unsaved number, "the prime indicator" (DETECTION §2.1), or was called back again and again
 * (§1.1, L5). Fades in a straight line after the call, because the caller's grip does.
 */
import { toTenths } from '../../assessment/assessment.ts';
import type { CallFacts } from '../../facts/facts.ts';
import { MINUTE_MS } from '../../kernel/instant.ts';
import type { Policy } from '../../policy/policy.ts';
import { finding, type Signal } from '../signal.ts';
import { span } from '../wording.ts';

export const CO1: Signal = {
  code: 'CO1',
  group: 'CO',
  sees: {
    'zh-CN': '正在或刚刚与陌生号码通话',
    en: 'a call with an unsaved number, running or just over',
  },
  feeds: ['calls'],
  against: 'Couriers, sellers and landlords call from unsaved numbers too.',
  weigh(facts, policy) {
    let best: { call: CallFacts; decibans: number } | undefined;
    for (const call of facts.calls ?? []) {
      const decibans = weightOf(call, policy);
      // Of equally heavy calls the newest.
      if (toTenths(decibans) > 0 && decibans >= (best?.decibans ?? 0)) best = { call, decibans };
    }
    if (best === undefined) return undefined;
    const [zh, en] = sentence(best.call, policy);
    return finding(best.decibans, best.call.refs, zh, en);
  },
};

function weightOf(call: CallFacts, policy: Policy): number {
  const { minMinutes, fadeMinutes, decibans } = policy.signals.CO1;
  if (call.durationMs < minMinutes * MINUTE_MS && !isBurst(call, policy)) return 0;
  return decibans * Math.max(0, 1 - call.sinceEndMs / (fadeMinutes * MINUTE_MS));
}

function isBurst(call: CallFacts, policy: Policy): boolean {
  return call.inRow >= policy.signals.CO1.callsInRow;
}

function sentence(call: CallFacts, policy: Policy): [zh: string, en: string] {
  const length = span(call.durationMs);
  const ago = span(call.sinceEndMs);
  const burst: [string, string] = isBurst(call, policy)
    ? ['，对方挂断后反复打来', ', after being called back again and again']
    : ['', ''];
  return call.running
    ? [
        `正在与陌生号码通话，已${length['zh-CN']}${burst[0]}`,
        `On the phone with an unsaved number for ${length.en}${burst[1]}`,
      ]
    : [
        `${ago['zh-CN']}前刚与陌生号码通过话${burst[0]}`,
        `A call with an unsaved number ended ${ago.en} ago${burst[1]}`,
      ];
}
