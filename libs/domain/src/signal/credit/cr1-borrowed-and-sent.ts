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
  const [only, ...more] = traced.parts;
  if (only !== undefined && more.length === 0) {
    const from = source(facts, only, policy);
    return {
      'zh-CN': `这笔${amount['zh-CN']}中有${borrowed['zh-CN']}来自${from['zh-CN']}`,
      en: `${borrowed.en} of this ${amount.en} comes from ${from.en}`,
    };
  }
  const shares = sharesOf(facts, traced.parts, policy);
  return {
    'zh-CN': `这笔${amount['zh-CN']}中有${borrowed['zh-CN']}是借来的：${shares.map((one) => one['zh-CN']).join('，')}`,
    en: `${borrowed.en} of this ${amount.en} is borrowed: ${shares.map((one) => one.en).join(', ')}`,
  };
}

/** So many draws are told one by one, the newest; a sentence with more is not read to its end. */
const TOLD_MAX = 3;

/** How much comes from which draw. */
function sharesOf(
  facts: Facts,
  parts: readonly TracedPart[],
  policy: Policy,
): readonly Finding['text'][] {
  const shares = parts.slice(0, TOLD_MAX).map((part) => {
    const share = money(part.minor, facts);
    const from = source(facts, part, policy);
    return {
      'zh-CN': `${share['zh-CN']}来自${from['zh-CN']}`,
      en: `${share.en} from ${from.en}`,
    };
  });
  const rest = parts.slice(TOLD_MAX);
  if (rest.length === 0) return shares;
  const sum = money(
    rest.reduce((total, part) => total + part.minor, 0),
    facts,
  );
  const earlier = {
    'zh-CN': `${sum['zh-CN']}来自更早的${rest.length}笔借款`,
    en: `${sum.en} from ${rest.length} earlier loan${rest.length === 1 ? '' : 's'}`,
  };
  return [...shares, earlier];
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
