/** The second pure step: what facts weigh under a policy. Journaled facts weighed again give the same result years later. */
import type { Facts } from '../facts/facts.ts';
import type { FamilyName, Policy } from '../policy/policy.ts';
import type { Signal } from '../signal/signal.ts';
import { SIGNALS } from '../signal/signals.ts';
import {
  OUTCOME_OF_TIER,
  tierRank,
  toTenths,
  type DecibanTenths,
  type Tier,
  type WeighedReason,
  type Weighing,
} from './assessment.ts';
import { decideTier } from './rules.ts';

/** The scorer's version: raised whenever the same facts under the same policy could weigh differently. */
export const SCORER = '1';

/**
 * S = Σ over families min(cap, Σ weights) + uncapped + mitigations, in tenths of a deciban, and the tier after rules (a), (b), (c) and
 * (f). Reasons sum to S. A signal that throws says so and counts as the policy's fallback tier: it never reads as "no risk".
 */
export function weigh(
  facts: Facts,
  policy: Policy,
  signals: readonly Signal[] = SIGNALS,
): Weighing {
  const { reasons, families, failed } = weighSignals(facts, policy, signals);
  let score = 0;
  for (const reason of reasons) score += reason.tenths;
  for (const [family, sum] of families) {
    const over = sum - toTenths(policy.caps[family]);
    if (over <= 0) continue;
    reasons.push(capReason(family, -over));
    score -= over;
  }
  if (failed.length > 0) reasons.push(failedReason(failed));
  const codes = new Set(reasons.map((reason) => reason.code));
  const verdict = decideTier({ facts, policy, score, codes, failed: failed.length > 0 });
  if (verdict.heldWith) reasons.push(heldWithReason(facts, verdict.tier));
  if (verdict.exempted) reasons.push(EXEMPT_REASON);
  return {
    score,
    tier: verdict.tier,
    ownTier: verdict.ownTier,
    outcome: OUTCOME_OF_TIER[verdict.tier],
    lowered: verdict.lowered,
    reasons: reasons.sort(strongestFirst),
  };
}

interface WeighedSignals {
  readonly reasons: WeighedReason[];
  readonly families: ReadonlyMap<FamilyName, DecibanTenths>;
  readonly failed: readonly string[];
}

function weighSignals(facts: Facts, policy: Policy, signals: readonly Signal[]): WeighedSignals {
  const reasons: WeighedReason[] = [];
  const families = new Map<FamilyName, DecibanTenths>();
  const failed: string[] = [];
  for (const { code, group, weigh: weighOne } of signals) {
    let found;
    try {
      found = weighOne(facts, policy);
    } catch {
      // Rule (f): what a broken signal would have said is unknown, and unknown is not harmless.
      failed.push(code);
      continue;
    }
    if (found === undefined) continue;
    reasons.push({ code, tenths: found.tenths, refs: found.refs, text: found.text });
    if (group !== 'uncapped' && group !== 'mitigation') {
      families.set(group, (families.get(group) ?? 0) + found.tenths);
    }
  }
  return { reasons, families, failed };
}

/** By magnitude; of equals by code, so that the order follows from facts and policy alone. */
function strongestFirst(a: WeighedReason, b: WeighedReason): number {
  return Math.abs(b.tenths) - Math.abs(a.tenths) || (a.code < b.code ? -1 : 1);
}

const FAMILY_NAMES: Readonly<Record<FamilyName, { readonly zh: string; readonly en: string }>> = {
  CR: { zh: '借款', en: 'borrowing' },
  CD: { zh: '验证码', en: 'code' },
  PY: { zh: '收款人', en: 'payee' },
  CO: { zh: '受人指挥', en: 'coercion' },
  DR: { zh: '资金转空', en: 'drain' },
};

function capReason(family: FamilyName, tenths: DecibanTenths): WeighedReason {
  const { zh, en } = FAMILY_NAMES[family];
  return {
    code: `CAP_${family}`,
    tenths,
    refs: [],
    text: {
      'zh-CN': `“${zh}”一类的迹象彼此相关，合计到上限为止`,
      en: `Signs of ${en} depend on each other and count up to a limit`,
    },
  };
}

function failedReason(failed: readonly string[]): WeighedReason {
  const codes = failed.join(', ');
  return {
    code: 'SIGNAL_FAILED',
    tenths: 0,
    refs: [],
    text: {
      'zh-CN': `有检查项未能完成（${codes}），按预设规则从严处理`,
      en: `Some checks could not be completed (${codes}); the configured fallback applies`,
    },
  };
}

const EXEMPT_REASON: WeighedReason = {
  code: 'EXEMPT',
  tenths: 0,
  refs: [],
  text: {
    'zh-CN': '收款人在政策的豁免名单上，只提醒、不暂停',
    en: 'The policy exempts this payee: the payer is warned and nothing is held',
  },
};

function heldWithReason(facts: Facts, tier: Tier): WeighedReason {
  const { openHold } = facts;
  return {
    code: 'HELD_WITH',
    tenths: 0,
    refs: openHold === undefined ? [] : [openHold.ref],
    text: {
      'zh-CN': `付款人还有一笔付款被拦下未处理，这笔一并暂停（${tier}）`,
      en: `Another payment of the payer is on hold, and this one is held with it (${tier})`,
    },
  };
}

/** True when a tier orders a hold. */
export function isHeldTier(tier: Tier): tier is 'T2' | 'T3' | 'T4' {
  return tierRank(tier) >= tierRank('T2');
}
