/** What CR1 tells people: whose money this is, how much of it, and since when; over splits, lenders, repayments, hops and failures. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { PlatformEvent, TransferRequested } from '../../event/event.ts';
import { HOUR_MS, MINUTE_MS } from '../../kernel/instant.ts';
import {
  OWN,
  ago,
  drawCancelled,
  drawn,
  failed,
  repaid,
  transfer,
  type DrawGiven,
  type TransferGiven,
} from '../../testing/events.ts';
import { makeScorer } from '../../testing/scorer.ts';

const { assessRow } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);

const min = (minutes: number) => ({ time: ago(minutes * MINUTE_MS) });
const d = (minutes: number, yuan: number, given: DrawGiven = {}) =>
  drawn({ ...min(minutes), yuan, ...given });
const sent = (minutes: number, yuan: number, given: TransferGiven = {}) =>
  transfer({ ...min(minutes), yuan, to: { accountId: 'shop', kind: 'merchant' }, ...given });
const pays = (yuan: number, given: TransferGiven = {}) => transfer({ yuan, ...given });
const zhaolian = { lender: 'zhaolian', product: 'zhaolian' };
const weilidai = { lender: 'webank', product: 'weilidai' };
const lost = sent(20, 30_000);

interface Row {
  readonly when: string;
  readonly before: readonly PlatformEvent[];
  readonly subject: TransferRequested;
  readonly zh: string;
  readonly en: string;
}

describe('the sentence of CR1', () => {
  it.each<Row>([
    {
      when: 'part of one loan is sent',
      before: [d(47, 34_000)],
      subject: pays(12_000),
      zh: '这笔12,000元中有12,000元来自47分钟前从借呗借出的34,000元',
      en: '¥12,000 of this ¥12,000 comes from the ¥34,000 borrowed from Jiebei 47 minutes ago',
    },
    {
      when: 'own money goes with it',
      before: [d(47, 34_000)],
      subject: pays(50_000),
      zh: '这笔50,000元中有34,000元来自47分钟前从借呗借出的34,000元',
      en: '¥34,000 of this ¥50,000 comes from the ¥34,000 borrowed from Jiebei 47 minutes ago',
    },
    {
      when: 'it is the last third of a split',
      before: [d(47, 34_000), sent(40, 12_000), sent(30, 12_000)],
      subject: pays(10_000),
      zh: '这笔10,000元中有10,000元来自47分钟前从借呗借出的34,000元',
      en: '¥10,000 of this ¥10,000 comes from the ¥34,000 borrowed from Jiebei 47 minutes ago',
    },
    {
      when: 'a split leaves less than the transfer',
      before: [d(47, 34_000), sent(40, 24_000)],
      subject: pays(12_000),
      zh: '这笔12,000元中有10,000元来自47分钟前从借呗借出的34,000元',
      en: '¥10,000 of this ¥12,000 comes from the ¥34,000 borrowed from Jiebei 47 minutes ago',
    },
    {
      when: 'two lenders paid for it, the newest first',
      before: [d(47, 34_000), d(20, 6_000, zhaolian)],
      subject: pays(40_000),
      zh: '这笔40,000元中有40,000元是借来的：6,000元来自20分钟前从招联借出的6,000元，34,000元来自47分钟前从借呗借出的34,000元',
      en: '¥40,000 of this ¥40,000 is borrowed: ¥6,000 from the ¥6,000 borrowed from Zhaolian 20 minutes ago, ¥34,000 from the ¥34,000 borrowed from Jiebei 47 minutes ago',
    },
    {
      when: 'only a part of the older loan is needed',
      before: [d(47, 34_000), d(20, 6_000, zhaolian)],
      subject: pays(10_000),
      zh: '这笔10,000元中有10,000元是借来的：6,000元来自20分钟前从招联借出的6,000元，4,000元来自47分钟前从借呗借出的34,000元',
      en: '¥10,000 of this ¥10,000 is borrowed: ¥6,000 from the ¥6,000 borrowed from Zhaolian 20 minutes ago, ¥4,000 from the ¥34,000 borrowed from Jiebei 47 minutes ago',
    },
    {
      when: 'many loans paid for it, the older ones together',
      before: [
        d(50, 1_000),
        d(40, 2_000),
        d(30, 3_000, zhaolian),
        d(20, 4_000),
        d(10, 5_000, weilidai),
      ],
      subject: pays(15_000),
      zh: '这笔15,000元中有15,000元是借来的：5,000元来自10分钟前从微粒贷借出的5,000元，4,000元来自20分钟前从借呗借出的4,000元，3,000元来自30分钟前从招联借出的3,000元，3,000元来自更早的2笔借款',
      en: '¥15,000 of this ¥15,000 is borrowed: ¥5,000 from the ¥5,000 borrowed from Weilidai 10 minutes ago, ¥4,000 from the ¥4,000 borrowed from Jiebei 20 minutes ago, ¥3,000 from the ¥3,000 borrowed from Zhaolian 30 minutes ago, ¥3,000 from 2 earlier loans',
    },
    {
      when: 'some of it was repaid',
      before: [d(47, 34_000), repaid({ ...min(30), yuan: 20_000 })],
      subject: pays(20_000),
      zh: '这笔20,000元中有14,000元来自47分钟前从借呗借出的34,000元',
      en: '¥14,000 of this ¥20,000 comes from the ¥34,000 borrowed from Jiebei 47 minutes ago',
    },
    {
      when: 'one of two loans was cancelled',
      before: [
        d(47, 34_000),
        d(20, 6_000, { ...zhaolian, drawId: 'gone' }),
        drawCancelled({ ...min(10), yuan: 6_000, ...zhaolian, drawId: 'gone' }),
      ],
      subject: pays(12_000),
      zh: '这笔12,000元中有12,000元来自47分钟前从借呗借出的34,000元',
      en: '¥12,000 of this ¥12,000 comes from the ¥34,000 borrowed from Jiebei 47 minutes ago',
    },
    {
      when: 'it went over an own card first',
      before: [d(47, 34_000), transfer({ ...min(40), yuan: 34_000, to: OWN })],
      subject: pays(34_000, { from: 'bank_card' }),
      zh: '这笔34,000元中有34,000元来自47分钟前从借呗借出的34,000元',
      en: '¥34,000 of this ¥34,000 comes from the ¥34,000 borrowed from Jiebei 47 minutes ago',
    },
    {
      when: 'an earlier try failed and the money came back',
      before: [d(47, 34_000), lost, failed(lost, min(15))],
      subject: pays(34_000),
      zh: '这笔34,000元中有34,000元来自47分钟前从借呗借出的34,000元',
      en: '¥34,000 of this ¥34,000 comes from the ¥34,000 borrowed from Jiebei 47 minutes ago',
    },
    {
      when: 'nobody knows the lender',
      before: [d(1, 500, { lender: 'x', product: 'y' })],
      subject: pays(500),
      zh: '这笔500元中有500元来自1分钟前从其他贷款产品借出的500元',
      en: '¥500 of this ¥500 comes from the ¥500 borrowed from another lender 1 minute ago',
    },
    {
      when: 'it was borrowed just now, with fen',
      before: [d(0.5, 6919.02)],
      subject: pays(6919.02),
      zh: '这笔6,919.02元中有6,919.02元来自不到1分钟前从借呗借出的6,919.02元',
      en: '¥6,919.02 of this ¥6,919.02 comes from the ¥6,919.02 borrowed from Jiebei less than a minute ago',
    },
    {
      when: 'it was borrowed two days ago',
      before: [drawn({ time: ago(47 * HOUR_MS), yuan: 34_000 })],
      subject: pays(34_000),
      zh: '这笔34,000元中有34,000元来自47小时前从借呗借出的34,000元',
      en: '¥34,000 of this ¥34,000 comes from the ¥34,000 borrowed from Jiebei 47 hours ago',
    },
    {
      when: 'it is paid on credit',
      before: [],
      subject: pays(6_919, { from: 'credit' }),
      zh: '这笔6,919元全部用贷款支付',
      en: 'This ¥6,919 is paid entirely on credit',
    },
  ])('where $when', ({ before, subject, zh, en }) => {
    const { reasons } = assessRow({ before, subject });
    const text = reasons.find(({ code }) => code === 'CR1')?.text;
    expect(text).toEqual({ 'zh-CN': zh, en });
  });

  it('names every draw it speaks of as evidence, oldest first', () => {
    const before = [d(50, 1_000), d(40, 2_000), d(30, 3_000), d(20, 4_000), d(10, 5_000)];
    const { reasons, refs } = assessRow({ before, subject: pays(15_000) });
    const reason = reasons.find(({ code }) => code === 'CR1');
    expect(reason?.refs.map((ref) => refs[ref])).toEqual(
      before.map(({ source, id }) => `${source}#${id}`),
    );
  });
});
