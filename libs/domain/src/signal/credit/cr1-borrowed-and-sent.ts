/**
 * CR1: at least half of the money was borrowed a short while ago. The bulk of every refund and loan scam's loss (DETECTION §0.4; in
 * the report 136,000 of 160,000 yuan); about 3.5 % of honest transfers after a loan look like it.
 */
import { toTenths } from '../../assessment/assessment.ts';
import type { Facts, TracedFacts, TracedPart } from '../../facts/facts.ts';
import { MINUTE_MS } from '../../kernel/instant.ts';
import type { Policy } from '../../policy/policy.ts';
import { creditApplies } from '../applies.ts';
import type { Finding, Signal } from '../signal.ts';
import { money, productName, span } from '../wording.ts';

export const CR1: Signal = {
  code: 'CR1',
  group: 'CR',
  sees: { 'zh-CN': '刚借来的钱被转出', en: 'money just borrowed is sent on' },
  feeds: ['credit.draws'],
  against: 'A loan taken for exactly this payment: a landlord, a decorator, a family matter.',
  weigh(facts: Facts, policy: Policy): Finding | undefined {
    const { traced } = facts;
    if (traced === undefined || !creditApplies(facts, policy)) return undefined;
    const { sharePercent, steps } = policy.signals.CR1;
    if (traced.minor * 100 < sharePercent * facts.amount) return undefined;
    const step = steps.find((one) => traced.ageMs <= one.withinMinutes * MINUTE_MS);
    const tenths = toTenths(step?.decibans ?? 0);
    if (tenths === 0) return undefined;
    return {
      tenths,
      refs: traced.parts.map((part) => part.ref).toReversed(),
      text: sentence(facts, traced, policy),
    };
  },
};

function sentence(facts: Facts, traced: TracedFacts, policy: Policy): Finding['text'] {
  const amount = money(facts.amount, facts);
  const borrowed = money(traced.minor, facts);
  if (traced.parts.length === 0) {
    return {
      'zh-CN': `这笔${amount['zh-CN']}全部用贷款支付`,
      en: `This ${amount.en} is paid entirely on credit`,
    };
  }
  const sources = traced.parts.map((part) => source(facts, part, policy));
  return {
    'zh-CN': `这笔${amount['zh-CN']}中有${borrowed['zh-CN']}来自${sources.map((one) => one['zh-CN']).join('和')}`,
    en: `${borrowed.en} of this ${amount.en} comes from ${sources.map((one) => one.en).join(' and ')}`,
  };
}

function source(facts: Facts, part: TracedPart, policy: Policy): Finding['text'] {
  const ago = span(part.ageMs);
  const name = productName(part, policy);
  const drawn = money(part.drawnMinor, facts);
  return {
    'zh-CN': `${ago['zh-CN']}前从${name['zh-CN']}借出的${drawn['zh-CN']}`,
    en: `the ${drawn.en} borrowed from ${name.en} ${ago.en} ago`,
  };
}
