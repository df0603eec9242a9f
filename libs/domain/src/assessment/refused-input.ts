/** The decision about a transfer or draw that cannot be read but can be named: rule (f). */
import type { Policy } from '../policy/policy.ts';
import { OUTCOME_OF_TIER, type Weighing } from './assessment.ts';

/** No score, the policy's tier, reason `INPUT_REFUSED` with 0 dB. */
export function refusedInput(policy: Policy): Weighing {
  const tier = policy.fallbacks.inputRefused;
  return {
    score: 0,
    tier,
    ownTier: tier,
    outcome: OUTCOME_OF_TIER[tier],
    lowered: false,
    reasons: [
      {
        code: 'INPUT_REFUSED',
        tenths: 0,
        refs: [],
        text: {
          'zh-CN': '这笔请求的内容不完整或格式有误，无法评估，按预设规则处理',
          en: 'The request was incomplete or malformed and could not be assessed; the configured fallback applies',
        },
      },
    ],
  };
}
