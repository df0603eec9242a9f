/**
 * CO5: the payer hesitates: confirmations cancelled, the balance looked at just after a request,
 * every step photographed (DETECTION §1.2, X2, X9). Asked about, not punished: it weighs little.
 */
import { finding, type Signal } from '../signal.ts';

export const CO5: Signal = {
  code: 'CO5',
  group: 'CO',
  sees: { 'zh-CN': '付款人犹豫：反复取消、查看余额、连续截屏', en: 'signs of hesitation' },
  feeds: ['session.signals'],
  against: 'A careful person.',
  weigh(facts, policy) {
    const { confirmsCancelled, screenshots, decibans } = policy.signals.CO5;
    const cancelled = facts.confirmCancelled ?? [];
    if (cancelled.length >= confirmsCancelled) {
      return finding(
        decibans,
        cancelled,
        `本次操作中${cancelled.length}次取消了确认付款`,
        `The payment was cancelled at the confirmation ${cancelled.length} times in this session`,
      );
    }
    if (facts.balanceAfterRequest !== undefined) {
      return finding(
        decibans,
        facts.balanceAfterRequest,
        '刚转出一笔就去查看余额，像在等“退款”到账',
        'The balance was checked right after a transfer, as if waiting for a “refund”',
      );
    }
    const shots = facts.screenshots ?? [];
    if (shots.length < screenshots) return undefined;
    return finding(
      decibans,
      shots,
      '几分钟内连续截屏付款页面',
      'Several screenshots of payment pages within minutes',
    );
  },
};
