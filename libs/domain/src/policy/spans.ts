/** The policy's spans of time in milliseconds, worked out once per policy. */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../kernel/instant.ts';
import type { Policy } from './policy.ts';

export interface PolicySpans {
  readonly skew: number;
  readonly evidence: number;
  readonly orders: number;
  readonly day: number;
  readonly hour: number;
  readonly sessionGap: number;
  readonly sessionMin: number;
  readonly pool: number;
  readonly callMax: number;
  readonly callBack: number;
  readonly screenMax: number;
  readonly balance: number;
  readonly screenshots: number;
  readonly creditViewed: number;
  readonly savings: number;
  readonly received: number;
  readonly episode: number;
  readonly callFade: number;
  readonly screenAfter: number;
}

const spansOf = new WeakMap<Policy, PolicySpans>();

/** Pure in effect: the cache only spares the multiplication. */
export function policySpans(policy: Policy): PolicySpans {
  let spans = spansOf.get(policy);
  if (spans === undefined) {
    spans = workOut(policy);
    spansOf.set(policy, spans);
  }
  return spans;
}

function workOut(policy: Policy): PolicySpans {
  const { windows, signals } = policy;
  return {
    skew: windows.skewSeconds * SECOND_MS,
    evidence: windows.evidenceHours * HOUR_MS,
    orders: windows.ordersDays * DAY_MS,
    day: windows.dayHours * HOUR_MS,
    hour: windows.hourMinutes * MINUTE_MS,
    sessionGap: windows.sessionGapMinutes * MINUTE_MS,
    sessionMin: windows.sessionMinMinutes * MINUTE_MS,
    pool: windows.poolHours * HOUR_MS,
    callMax: windows.callMaxHours * HOUR_MS,
    callBack: windows.callBackMinutes * MINUTE_MS,
    screenMax: windows.screenShareMaxHours * HOUR_MS,
    balance: windows.balanceSeconds * SECOND_MS,
    screenshots: windows.screenshotMinutes * MINUTE_MS,
    creditViewed: windows.creditViewedMinutes * MINUTE_MS,
    savings: windows.savingsMinutes * MINUTE_MS,
    received: windows.receivedMinutes * MINUTE_MS,
    episode: windows.episodeHours * HOUR_MS,
    callFade: signals.CO1.fadeMinutes * MINUTE_MS,
    screenAfter: signals.CO2.afterMinutes * MINUTE_MS,
  };
}
