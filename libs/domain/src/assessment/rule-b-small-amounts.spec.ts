/** Rule (b) of SCORING §4: small amounts wait less, and are watched. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { PlatformEvent } from '../event/event.ts';
import { DAY_MS, HOUR_MS } from '../kernel/instant.ts';
import {
  NEW,
  NOON,
  ago,
  call,
  cancelled,
  drawRequested,
  drawn,
  responded,
  session,
  transfer,
  type TransferGiven,
} from '../testing/events.ts';
import { makeScorer, type TierRow } from '../testing/scorer.ts';
import type { Tier } from './assessment.ts';

const { verdictOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);

const beside = { listed: ['mule'] };

function check(given: TierRow): void {
  const row = { beside, ...given };
  const { tier, lowered, heldWith } = row;
  expect(verdictOf(row)).toEqual({ tier, lowered, heldWith });
}

/** 35 dB, T3, for its payee. */
const listed = (given: TransferGiven = {}) =>
  transfer({
    to: { accountId: 'mule' },
    yuan: 5000,
    time: ago(HOUR_MS),
    transferId: 'held',
    ...given,
  });

describe('(b) small amounts', () => {
  /** 35 dB: T3 were it not small. */
  const small = (yuan: number, given: TransferGiven = {}) =>
    listed({ yuan, time: NOON, transferId: 'small', ...given });
  it.each<TierRow>([
    { when: '¥300', subject: small(300), tier: 'T3', lowered: false },
    { when: '¥299.99', subject: small(299.99), tier: 'T1', lowered: true },
    {
      when: '¥299.99 with ¥0.01 before, which is watched',
      before: [listed({ yuan: 0.01, transferId: 'x' })],
      subject: small(299.99),
      tier: 'T4',
      lowered: false,
    },
    {
      when: '¥299.98 with ¥0.01 before',
      before: [listed({ yuan: 0.01, transferId: 'x' })],
      subject: small(299.98),
      tier: 'T1',
      lowered: true,
    },
    {
      when: '¥200 with ¥100 before, 24 h',
      before: [listed({ yuan: 100, time: ago(DAY_MS), transferId: 'x' })],
      subject: small(200),
      tier: 'T4',
    },
    {
      when: '¥200 with ¥100 before, more than 24 h',
      before: [listed({ yuan: 100, time: ago(DAY_MS + 1), transferId: 'x' })],
      subject: small(200),
      tier: 'T1',
      lowered: true,
    },
    {
      when: '¥200 with ¥100 to another',
      before: [transfer({ yuan: 100, time: ago(1) })],
      subject: small(200),
      tier: 'T1',
      lowered: true,
    },
    { when: 'a small one of 0 dB', subject: transfer({ yuan: 1 }), tier: 'T0', lowered: false },
    {
      when: 'a small one of 15 dB stays T1',
      subject: transfer({ yuan: 200, to: { ...NEW, nameMatch: 'mismatch', accountAgeDays: 90 } }),
      tier: 'T1',
      lowered: false,
    },
    {
      when: 'a draw is no small amount',
      before: [responded('h', 'coached_yes', { time: ago(1) })],
      subject: drawRequested({ yuan: 1 }),
      tier: 'T4',
      lowered: false,
    },
  ])('$when: $tier', check);

  it('does not count what was cancelled', () => {
    const first = listed({ yuan: 100, transferId: 'x' });
    check({
      when: '',
      before: [first, cancelled(first, { time: ago(1) })],
      subject: small(200),
      tier: 'T1',
      lowered: true,
    });
  });

  const evidence = (
    title: string,
    before: readonly PlatformEvent[],
    given: TransferGiven,
    tier: Tier,
  ) => ({ when: title, before, subject: small(200, given), tier, lowered: true }) satisfies TierRow;
  it.each<TierRow>([
    evidence('a CD signal', [], { input: { leadingZero: true, digits: 4 } }, 'T2'),
    evidence(
      'a CD signal below ¥100 is none',
      [],
      { yuan: 99, input: { leadingZero: true, digits: 4 } },
      'T1',
    ),
    evidence('CO1 alone', call({ start: HOUR_MS }), {}, 'T1'),
    evidence('CO2', [session('remote_control', { time: ago(1) })], {}, 'T2'),
    evidence('CO3', [], { remark: '退款' }, 'T2'),
    evidence('CR alone', [drawn({ time: ago(1), yuan: 200 })], {}, 'T1'),
    evidence(
      'CO1 and CR1',
      [...call({ start: HOUR_MS }), drawn({ time: ago(1), yuan: 200 })],
      {},
      'T2',
    ),
    evidence(
      'CO4 and CR3',
      [
        session('login_elsewhere', { time: ago(1) }),
        drawn({ time: ago(1), yuan: 1 }),
        drawn({ time: ago(1), yuan: 1, lender: 'webank' }),
      ],
      {},
      'T2',
    ),
    evidence(
      'PY and DR',
      [session('card_bind_failed', { time: ago(1) })],
      { to: { ...NEW, accountId: 'mule' } },
      'T1',
    ),
  ])('with $when: at most $tier', check);
});
