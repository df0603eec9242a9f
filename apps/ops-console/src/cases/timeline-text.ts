/** What happened, in a sentence, in Chinese and English: for readers who have seconds. */
import { productName, type PlatformEvent, type Policy, type SessionSignal } from '#domain';
import type { Text } from '../api/shapes.ts';
import { maskAccount } from './mask.ts';

const both = (zh: string, en: string): Text => ({ 'zh-CN': zh, en });

const SIGNALS: Readonly<Record<SessionSignal, Text>> = {
  login: both('登录', 'signs in'),
  login_elsewhere: both('同时在另一处登录', 'is signed in at a second place'),
  new_device: both('换了新设备', 'uses a new device'),
  call_started: both('通话', 'on the phone'),
  call_ended: both('通话结束', 'the call ends'),
  screen_share_started: both('共享屏幕', 'shares the screen'),
  screen_share_ended: both('停止共享屏幕', 'stops sharing the screen'),
  remote_control: both('手机被远程控制', 'the phone is controlled from elsewhere'),
  screenshot: both('截屏', 'takes a screenshot'),
  balance_viewed: both('查看余额', 'looks at the balance'),
  credit_score_viewed: both('查看信用分', 'looks at the credit score'),
  card_bound: both('绑定银行卡', 'binds a card'),
  card_bind_failed: both('绑卡失败', 'binding a card fails'),
  payee_added: both('添加收款人', 'adds a payee'),
  confirm_cancelled: both('在确认页退出', 'leaves the confirmation page'),
  limit_raised: both('提高限额', 'raises a limit'),
  limit_notice: both('被提示超限额', 'is told of a limit'),
  warning_dismissed: both('关掉风险提示', 'dismisses a warning'),
  help_searched: both('搜索官方客服', 'searches for the official hotline'),
};

const ANSWERS = {
  cancel: both('付款人取消', 'the payer cancels'),
  coached_yes: both('付款人：是，有人教我这样做', 'the payer: yes, somebody told me to'),
  coached_no: both('付款人：没有人教我', 'the payer: nobody told me to'),
  reconfirm: both('付款人再次确认', 'the payer confirms again'),
  appeal: both('付款人申诉', 'the payer appeals'),
  explain: both('付款人说明情况', 'the payer explains'),
} as const;

/** One sentence about an event; amounts stand beside it, not in it. */
export function eventText(event: PlatformEvent, policy: Policy): Text {
  switch (event.kind) {
    case 'session.observed':
      return SIGNALS[event.signal];
    case 'savings.redeemed':
      return both(
        `赎回${event.sharePercent}%的理财`,
        `takes ${event.sharePercent} % of the savings out`,
      );
    case 'credit.line-opened':
    case 'credit.limit-viewed':
    case 'credit.draw-requested':
    case 'credit.drawn':
    case 'credit.draw-cancelled':
    case 'credit.repaid':
      return creditText(event, policy);
    case 'code.observed':
      return both(`收到${event.digits}位验证码`, `receives a code of ${event.digits} digits`);
    case 'code.matched':
      return both('金额与验证码相同', 'the amount is the code');
    case 'transfer.requested':
      return transferText(event);
    case 'transfer.settled':
      return both('转账到账', 'the transfer arrives');
    case 'transfer.failed':
      return both('转账失败', 'the transfer fails');
    case 'transfer.cancelled':
      return both('转账取消', 'the transfer is cancelled');
    case 'funds.received':
      return both('收到转入', 'receives money');
    case 'merchant.ordered':
      return both('在商家下单', 'orders from a shop');
    case 'payer.responded':
      return ANSWERS[event.answer];
    case 'instruction.received':
      return event.instruction === 'stop'
        ? both(`${event.authority}要求止付`, `${event.authority} orders to stop the payment`)
        : both(`${event.authority}解除止付`, `${event.authority} lifts the stop`);
    case 'hold.acknowledged':
      return both('支付系统已确认', 'the processor confirms');
    case 'payer.updated':
      return both('资料更新', 'the profile changes');
  }
}

function creditText(
  event: Extract<PlatformEvent, { readonly lender: string }>,
  policy: Policy,
): Text {
  const { 'zh-CN': zh, en } = productName(event, policy);
  switch (event.kind) {
    case 'credit.line-opened':
      return both(`开通${zh}`, `opens a credit line at ${en}`);
    case 'credit.limit-viewed':
      return both(`查看${zh}额度`, `looks at the limit at ${en}`);
    case 'credit.draw-requested':
      return both(`申请从${zh}借款`, `asks ${en} for a loan`);
    case 'credit.drawn':
      return both(`${zh}放款`, `${en} pays the loan out`);
    case 'credit.draw-cancelled':
      return both(`取消${zh}借款`, `cancels the loan at ${en}`);
    case 'credit.repaid':
      return both(`归还${zh}`, `repays ${en}`);
  }
}

function transferText(event: Extract<PlatformEvent, { kind: 'transfer.requested' }>): Text {
  const { payee, amountInput } = event;
  const who = payee.displayName ?? maskAccount(payee.accountId);
  const own = payee.ownership === 'own';
  const zeros = amountInput?.leadingZero === true;
  return both(
    `转账给${own ? '自己的账户 ' : ''}${who}${zeros ? '（金额以0开头输入）' : ''}`,
    `transfers to ${own ? 'an own account ' : ''}${who}${zeros ? ' (amount typed with a leading zero)' : ''}`,
  );
}
