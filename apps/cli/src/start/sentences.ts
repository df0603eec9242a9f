/** The story's sentences: what happened, and what the engine did, in Chinese and English. */
import type { SampleEvent } from './sample-stream.ts';

interface Said {
  readonly zh: string;
  readonly en: string;
}

const PRODUCTS: Readonly<Record<string, Said>> = {
  'ant/jiebei': { zh: '借呗', en: 'Jiebei' },
  'zhaolian/zhaolian': { zh: '招联', en: 'Zhaolian' },
  'zhaolian/haoqidai': { zh: '好期贷', en: 'Haoqidai' },
  'gf-bank/haojieqian': { zh: '广发好借钱', en: 'GF Haojieqian' },
};

const SIGNALS: Readonly<Record<string, Said>> = {
  login: { zh: '登录', en: 'logs in' },
  login_elsewhere: { zh: '账户同时在另一处登录', en: 'the account is logged in at a second place' },
  call_started: { zh: '陌生号码来电', en: 'a call from an unsaved number begins' },
  call_ended: { zh: '通话结束', en: 'the call ends' },
  card_bind_failed: { zh: '绑定银行卡失败', en: 'binding a card fails' },
  help_searched: { zh: '搜索官方客服电话', en: 'searches for the official number' },
  screenshot: { zh: '对付款页面截屏', en: 'takes a screenshot of the payment page' },
  balance_viewed: {
    zh: '查看余额，等“退款”到账',
    en: 'looks at the balance, waiting for the “refund”',
  },
};

/** What the person, or the platform, did. */
export function happened(event: SampleEvent): Said {
  const name = event.type.replace(/^io\.lengjing\.|\.v1$/g, '');
  const { data } = event;
  switch (name) {
    case 'session.observed': {
      const signal = String(data['signal']);
      return SIGNALS[signal] ?? { zh: signal, en: signal };
    }
    case 'savings.redeemed':
      return {
        zh: `赎回全部余额宝 ${amountOf(data)} 元`,
        en: `takes all savings out, ¥${amountOf(data)}`,
      };
    case 'credit.line-opened':
      return { zh: `开通${product(data).zh}`, en: `opens a credit line at ${product(data).en}` };
    case 'credit.limit-viewed':
      return { zh: `查看${product(data).zh}额度`, en: `looks at the limit at ${product(data).en}` };
    case 'credit.draw-requested':
      return {
        zh: `申请从${product(data).zh}借款 ${amountOf(data)} 元`,
        en: `asks ${product(data).en} for ¥${amountOf(data)}`,
      };
    case 'credit.drawn':
      return {
        zh: `${product(data).zh}放款 ${amountOf(data)} 元`,
        en: `${product(data).en} pays ¥${amountOf(data)} out`,
      };
    case 'transfer.requested':
      return transfer(data);
    case 'transfer.failed':
      return { zh: '这笔钱被退回', en: 'the money comes back' };
    default:
      return { zh: name, en: name };
  }
}

function transfer(data: SampleEvent['data']): Said {
  const input = data['amountInput'] as { raw?: string } | undefined;
  const remark = typeof data['remark'] === 'string' ? data['remark'] : undefined;
  const zeros = input?.raw?.startsWith('0') === true;
  return {
    zh: `转账 ${amountOf(data)} 元给陌生人${zeros ? '，金额以0开头输入' : ''}${remark === undefined ? '' : `，备注“${remark}”`}`,
    en: `transfers ¥${amountOf(data)} to a stranger${zeros ? ', typed with a leading zero' : ''}${remark === undefined ? '' : `, remark “${remark}”`}`,
  };
}

function product(data: SampleEvent['data']): Said {
  const name = `${String(data['lender'])}/${String(data['product'])}`;
  return PRODUCTS[name] ?? { zh: name, en: name };
}

/** `34,000`. */
export function amountOf(data: SampleEvent['data']): string {
  const { value } = data['amount'] as { value: string };
  return grouped(Number(value));
}

export function grouped(yuan: number): string {
  return yuan.toLocaleString('en');
}

/** A decision as it came out of Kafka, as far as the story tells it. */
export interface ToldDecision {
  readonly subject: { readonly kind: 'transfer' | 'draw'; readonly id: string };
  readonly outcome: 'allow' | 'warn' | 'hold';
  readonly tier: string;
  readonly score: string;
  readonly sequence: number;
  /** What the payer is told. */
  readonly notice?: { readonly text: string };
  readonly reasons: readonly {
    readonly code: string;
    readonly decibans: number;
    readonly text: { readonly 'zh-CN': string; readonly en: string };
  }[];
}

const HELD_FOR: Readonly<Record<string, Said>> = {
  T2: { zh: '15分钟', en: '15 minutes' },
  T3: { zh: '2小时', en: '2 hours' },
  T4: { zh: '24小时', en: '24 hours' },
};

/** What the engine decided, in a line. */
export function decided(decision: ToldDecision): Said {
  const { outcome, tier, subject } = decision;
  const thing =
    subject.kind === 'draw' ? { zh: '放款', en: 'the payout' } : { zh: '转账', en: 'the transfer' };
  const length = HELD_FOR[tier] ?? { zh: tier, en: tier };
  switch (outcome) {
    case 'allow':
      return { zh: '放行', en: 'allowed' };
    case 'warn':
      return { zh: '提醒后放行', en: 'allowed with a warning' };
    case 'hold':
      return {
        zh: `拦下${thing.zh}，冷静${length.zh}`,
        en: `${thing.en} is held for ${length.en}`,
      };
  }
}

const REASONS_TOLD = 3;

/** The strongest reasons, in words. */
export function whys(decision: ToldDecision): readonly Said[] {
  return decision.reasons
    .filter((reason) => reason.decibans > 0)
    .slice(0, REASONS_TOLD)
    .map(({ text }) => ({ zh: text['zh-CN'], en: text.en }));
}
