/** Rule (a) of SCORING §4: what a draw is assessed with, and its tier under pressure. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS } from '../kernel/instant.ts';
import {
  NEW,
  ago,
  call,
  code,
  drawRequested,
  drawn,
  failed,
  redeemed,
  responded,
  session,
  transfer,
} from '../testing/events.ts';
import { makeScorer, type TierRow } from '../testing/scorer.ts';

const { verdictOf, assessRow } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);

const beside = { listed: ['mule'] };

function check(given: TierRow): void {
  const row = { beside, ...given };
  const { tier, lowered, heldWith } = row;
  expect(verdictOf(row)).toEqual({ tier, lowered, heldWith });
}

describe('(a) draws', () => {
  /** 8 dB for the first draw, 4 for the limit used up. */
  const subject = drawRequested({ firstDraw: true, yuan: 1000, limit: 1000 });
  const after = (ms: number) => call({ start: ms + 10 * MINUTE_MS, end: ms });
  it.each<TierRow>([
    { when: '12 dB', subject, tier: 'T0' },
    { when: '12 + 10 on the phone', before: call({ start: HOUR_MS }), subject, tier: 'T3' },
    { when: '12 + 8.0 after the phone: 20', before: after(24 * MINUTE_MS), subject, tier: 'T3' },
    { when: '12 + 7.9 after the phone: 19.9', before: after(25 * MINUTE_MS), subject, tier: 'T1' },
    {
      when: '12 + 8 logged in elsewhere: 20 without CO1–CO3',
      before: [session('login_elsewhere', { time: ago(1) })],
      subject,
      tier: 'T2',
    },
    {
      when: '12 + 15 screen watched',
      before: [session('remote_control', { time: ago(1) })],
      subject,
      tier: 'T3',
    },
    {
      when: '12 + 9 for the remark of a transfer',
      before: [transfer({ remark: '退款', time: ago(MINUTE_MS), yuan: 1 })],
      subject,
      tier: 'T3',
    },
    {
      when: '8 + 15 + 10 + 8: by the table',
      before: [
        ...call({ start: HOUR_MS }),
        session('remote_control', { time: ago(1) }),
        session('login_elsewhere', { time: ago(1) }),
      ],
      subject,
      tier: 'T3',
    },
    {
      when: 'said to be coached: by the table',
      before: [responded('h', 'coached_yes', { time: ago(1) })],
      subject,
      tier: 'T4',
    },
    {
      when: 'a transfer of 22 dB on the phone stays T2',
      before: [
        ...call({ start: HOUR_MS }),
        drawn({ time: ago(2), firstDraw: true, yuan: 10, limit: 10 }),
      ],
      subject: transfer({ yuan: 1000 }),
      tier: 'T2',
    },
  ])('$when: $tier', check);

  it('weigh CR2–CR4, CO1–CO7, DR3, DR4, USER_YES and WATCH, and nothing else', () => {
    const small = transfer({
      to: { ...NEW, accountId: 'mule' },
      yuan: 200,
      time: ago(HOUR_MS),
      remark: '退款',
    });
    const back = transfer({ to: NEW, time: ago(50 * MINUTE_MS), from: 'yuebao', liquid: 0 });
    const before = [
      ...call({ start: 2 * HOUR_MS }),
      session('screen_share_started', { time: ago(HOUR_MS) }),
      session('login_elsewhere', { time: ago(MINUTE_MS) }),
      session('confirm_cancelled', { time: ago(MINUTE_MS) }),
      session('confirm_cancelled', { time: ago(MINUTE_MS) }),
      session('credit_score_viewed', { time: ago(MINUTE_MS) }),
      session('card_bind_failed', { time: ago(MINUTE_MS) }),
      redeemed({ time: ago(MINUTE_MS) }),
      responded('h', 'coached_yes', { time: ago(MINUTE_MS) }),
      drawn({ time: ago(MINUTE_MS), firstDraw: true, yuan: 1000, limit: 1000 }),
      code('1000', { time: ago(MINUTE_MS) }),
      small,
      back,
      failed(back, { time: ago(40 * MINUTE_MS), reason: 'returned' }),
    ];
    const { reasons } = assessRow({ before, subject: drawRequested({ lender: 'webank' }), beside });
    const codes = reasons.map((reason) => reason.code).filter((one) => !one.startsWith('CAP_'));
    expect(codes.sort()).toEqual(
      [
        'CO1',
        'CO2',
        'CO3',
        'CO4',
        'CO5',
        'CO7',
        'CR2',
        'CR3',
        'CR4',
        'DR3',
        'DR4',
        'USER_YES',
        'WATCH',
      ].sort(),
    );
  });
});
