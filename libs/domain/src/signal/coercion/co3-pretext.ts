/**
 * CO3: a consumer pays a person and writes a scammer's pretext as the remark: "亚马逊退款" (DETECTION §1.2, X7). More with a brand in
 * it, or where ten times more goes out than was ever ordered: refunds come in, they are not paid (L0: 34,000 against 100).
 */
import type { PretextFacts } from '../../facts/facts.ts';
import type { Policy } from '../../policy/policy.ts';
import { finding, type Signal } from '../signal.ts';

export const CO3: Signal = {
  code: 'CO3',
  group: 'CO',
  sees: { 'zh-CN': '备注里写着“退款”“验证”之类', en: 'a scammer’s pretext in the remark' },
  feeds: ['transfer.requested', 'merchant.ordered'],
  against: 'Somebody who really returns money to a friend writes the same word.',
  weigh(facts, policy) {
    const { pretext } = facts;
    if (pretext === undefined) return undefined;
    const { decibans, moreDecibans } = policy.signals.CO3;
    const beyond = beyondOrders(pretext, policy);
    const more = pretext.brand !== undefined || beyond ? moreDecibans : 0;
    const brand = pretext.brand ?? '';
    return finding(
      decibans + more,
      [pretext.ref],
      `付给个人，备注却写着“${brand}${pretext.word}”：退款或验证从来不需要付款人先转钱${
        beyond ? '，转出的钱还远超近7天的购物金额' : ''
      }`,
      `Paid to a person with the remark “${brand}${pretext.word}”: no refund or verification needs the payer to send money first${
        beyond ? ', and far more goes out than was ordered in 7 days' : ''
      }`,
    );
  },
};

/** Unknown orders are no evidence. */
function beyondOrders(pretext: PretextFacts, policy: Policy): boolean {
  const { orders7dMinor, persons24hMinor } = pretext;
  return (
    orders7dMinor !== undefined && persons24hMinor > policy.signals.CO3.timesOrders * orders7dMinor
  );
}
