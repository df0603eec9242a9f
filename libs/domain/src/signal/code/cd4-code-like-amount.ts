/**
 * CD4: an amount that looks like a code, to a new person. The fallback where no feed saw the code, as in the report, where it stood
 * on a web page (DETECTION §0.1). Bills look the same (11 % are multiples of ten, §3): only for persons, without an order.
 */
import { toTenths } from '../../assessment/assessment.ts';
import type { Facts } from '../../facts/facts.ts';
import type { Policy } from '../../policy/policy.ts';
import { codeApplies, isNewPerson } from '../applies.ts';
import type { Signal } from '../signal.ts';
import { money } from '../wording.ts';

export const CD4: Signal = {
  code: 'CD4',
  group: 'CD',
  sees: {
    'zh-CN': '转给新收款人的金额像一串验证码',
    en: 'a code-like amount to a new person',
  },
  feeds: ['transfer.requested'],
  against: 'A price somebody worked out: shared rent, a second-hand phone.',
  weigh(facts, policy) {
    const ordered = facts.order !== undefined;
    if (ordered || !isNewPerson(facts) || !codeApplies(facts, policy)) return undefined;
    if (!looksLikeCode(facts.amount, facts, policy)) return undefined;
    const earlier = (facts.recentAmounts ?? []).findLast(
      (one) =>
        one.newPerson &&
        !one.given &&
        one.minor !== facts.amount &&
        looksLikeCode(one.minor, facts, policy),
    );
    const { decibans, secondDecibans } = policy.signals.CD4;
    const tenths = toTenths(earlier === undefined ? decibans : secondDecibans);
    if (tenths === 0) return undefined;
    const amount = money(facts.amount, facts);
    if (earlier === undefined) {
      return {
        tenths,
        refs: [facts.self],
        text: {
          'zh-CN': `转给新收款人的${amount['zh-CN']}不像日常付款的金额，像一串验证码`,
          en: `${amount.en} to a new payee is no round sum: it looks like a code`,
        },
      };
    }
    const before = money(earlier.minor, facts);
    return {
      tenths,
      refs: [earlier.ref, facts.self],
      text: {
        'zh-CN': `一小时内第二笔像验证码的金额：先是${before['zh-CN']}，这次是${amount['zh-CN']}`,
        en: `A second code-like amount within an hour: first ${before.en}, now ${amount.en}`,
      },
    };
  },
};

/** Whole yuan of enough digits that is neither round nor lucky nor a price. */
function looksLikeCode(minor: number, facts: Facts, policy: Policy): boolean {
  if (minor % facts.unit !== 0) return false;
  const yuan = minor / facts.unit;
  const text = String(yuan);
  return (
    text.length >= policy.signals.CD4.minDigits &&
    yuan % 10 !== 0 &&
    !policy.codes.luckyAmounts.includes(yuan) &&
    !policy.codes.priceEndings.some((ending) => text.endsWith(ending))
  );
}
