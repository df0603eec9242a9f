/** CR1 by SCORING §3: traced ≥ 50 % of the amount, 14 dB up to 60 min of age, 9 up to 24 h, 5 up to 72 h. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/instant.ts';
import {
  INSTITUTION,
  LENDER,
  NOON,
  OWN,
  SHOP,
  ago,
  call,
  cancelled,
  drawRequested,
  drawn,
  session,
  transfer,
} from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf, assessRow } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);

const check = (row: Row): void => expect(decibansOf('CR1', row)).toBe(row.db);

/** ¥1,000 drawn so long before noon. */
const drawnAgo = (ms: number) => [drawn({ time: ago(ms), yuan: 1000 })];

describe('CR1, share of the amount', () => {
  it.each<Row>([
    { when: 'nothing was drawn', db: 0 },
    { when: 'all of it is borrowed', before: drawnAgo(MINUTE_MS), db: 14 },
    {
      when: 'exactly half is borrowed',
      before: drawnAgo(MINUTE_MS),
      subject: transfer({ yuan: 2000 }),
      db: 14,
    },
    {
      when: 'a fen less than half is borrowed',
      before: drawnAgo(MINUTE_MS),
      subject: transfer({ yuan: 2000.02 }),
      db: 0,
    },
    {
      when: 'two draws make half together',
      before: [
        drawn({ time: ago(20 * MINUTE_MS), yuan: 600 }),
        drawn({ time: ago(10 * MINUTE_MS), yuan: 400, lender: 'zhaolian', product: 'zhaolian' }),
      ],
      subject: transfer({ yuan: 2000 }),
      db: 14,
    },
    {
      when: 'the draw is only requested',
      before: [drawRequested({ time: ago(MINUTE_MS) })],
      db: 0,
    },
    {
      when: 'the draw is in another currency',
      before: [drawn({ time: ago(MINUTE_MS), currency: 'HKD' })],
      db: 0,
    },
    {
      when: 'the draw is in the same foreign currency',
      before: [drawn({ time: ago(MINUTE_MS), currency: 'HKD' })],
      subject: transfer({ currency: 'HKD' }),
      db: 14,
    },
  ])('$when: $db dB', check);
});

describe('CR1, age of the newest draw that is taken from', () => {
  it.each<Row>([
    { when: '5 s after the request', before: drawnAgo(-5 * SECOND_MS), db: 14 },
    { when: '5.001 s after the request', before: drawnAgo(-5 * SECOND_MS - 1), db: 0 },
    { when: 'at the same instant', before: drawnAgo(0), db: 14 },
    { when: '60 min', before: drawnAgo(HOUR_MS), db: 14 },
    { when: '60 min and 1 ms', before: drawnAgo(HOUR_MS + 1), db: 9 },
    { when: '24 h', before: drawnAgo(DAY_MS), db: 9 },
    { when: '24 h and 1 ms', before: drawnAgo(DAY_MS + 1), db: 5 },
    { when: '72 h less 1 ms', before: drawnAgo(3 * DAY_MS - 1), db: 5 },
    { when: '72 h', before: drawnAgo(3 * DAY_MS), db: 5 },
    { when: '72 h and 1 ms', before: drawnAgo(3 * DAY_MS + 1), db: 0 },
    {
      when: 'a little new and much old money: the age of the newest',
      before: [...drawnAgo(2 * DAY_MS), drawn({ time: ago(MINUTE_MS), yuan: 1 })],
      db: 14,
    },
    {
      when: 'the request was new, the payout counts',
      before: [
        drawRequested({ time: ago(70 * MINUTE_MS), drawId: 'd' }),
        drawn({ time: ago(50 * MINUTE_MS), drawId: 'd' }),
      ],
      db: 14,
    },
  ])('$when: $db dB', check);
});

describe('CR1, payees', () => {
  const before = drawnAgo(MINUTE_MS);
  it.each<Row>([
    { when: 'a bank card', before, subject: transfer({ to: { kind: 'bank_card' } }), db: 14 },
    { when: 'a wallet', before, subject: transfer({ to: { kind: 'wallet' } }), db: 14 },
    { when: 'a shop from ¥1,000', before, subject: transfer({ to: SHOP, yuan: 1000 }), db: 14 },
    { when: 'a shop, ¥999.99', before, subject: transfer({ to: SHOP, yuan: 999.99 }), db: 0 },
    {
      when: 'a shop, ¥1,000 together with an earlier attempt of 24 h',
      before: [...before, transfer({ to: SHOP, yuan: 100, time: ago(DAY_MS - 1) })],
      subject: transfer({ to: SHOP, yuan: 900 }),
      db: 14,
    },
    {
      when: 'a shop, ¥1,000 together with an attempt of more than 24 h before',
      before: [...before, transfer({ to: SHOP, yuan: 100, time: ago(DAY_MS + 1) })],
      subject: transfer({ to: SHOP, yuan: 900 }),
      db: 0,
    },
    {
      when: 'a shop, ¥1,000 together with an attempt to another shop',
      before: [
        ...before,
        transfer({ to: { ...SHOP, accountId: 'shop-2' }, yuan: 100, time: ago(MINUTE_MS) }),
      ],
      subject: transfer({ to: SHOP, yuan: 900 }),
      db: 0,
    },
    {
      when: 'an institution from ¥1,000',
      before,
      subject: transfer({ to: INSTITUTION }),
      db: 14,
    },
    { when: 'a lender from ¥1,000', before, subject: transfer({ to: LENDER }), db: 14 },
    { when: 'an own account', before, subject: transfer({ to: OWN }), db: 0 },
    {
      when: 'an own account, doubtful for its name',
      before,
      subject: transfer({ to: { ...OWN, nameMatch: 'mismatch' } }),
      db: 14,
    },
    {
      when: 'an own account while the screen is shared',
      before: [...before, session('screen_share_started', { time: ago(MINUTE_MS) })],
      subject: transfer({ to: OWN }),
      db: 14,
    },
    {
      when: 'an own account added during an unsaved call',
      before: [
        ...before,
        ...call({ start: 10 * MINUTE_MS }),
        session('payee_added', { time: ago(5 * MINUTE_MS), accountId: 'own-card' }),
      ],
      subject: transfer({ to: OWN }),
      db: 14,
    },
    { when: 'a person, however little', before, subject: transfer({ yuan: 0.01 }), db: 14 },
  ])('$when: $db dB', check);

  it('counts no attempt that was cancelled towards the ¥1,000 of a shop', () => {
    const first = transfer({ to: SHOP, yuan: 100, time: ago(MINUTE_MS) });
    const row = {
      before: [...before, first, cancelled(first, { time: ago(1) })],
      subject: transfer({ to: SHOP, yuan: 900 }),
    };
    expect(decibansOf('CR1', row)).toBe(0);
  });
});

describe('CR1, paid with credit at once', () => {
  it.each<Row>([
    { when: 'to a person, nothing drawn', subject: transfer({ from: 'credit' }), db: 14 },
    { when: 'to a shop', subject: transfer({ from: 'credit', to: SHOP }), db: 14 },
    {
      when: 'to a shop below ¥1,000',
      subject: transfer({ from: 'credit', to: SHOP, yuan: 999 }),
      db: 0,
    },
    { when: 'to an own account', subject: transfer({ from: 'credit', to: OWN }), db: 0 },
    {
      when: 'with an older draw beside it: age 0',
      before: drawnAgo(2 * DAY_MS),
      subject: transfer({ from: 'credit' }),
      db: 14,
    },
  ])('$when: $db dB', check);

  it('takes nothing out of the pool', () => {
    const before = [
      ...drawnAgo(10 * MINUTE_MS),
      transfer({ from: 'credit', time: ago(5 * MINUTE_MS), yuan: 1000 }),
    ];
    expect(decibansOf('CR1', { before, subject: transfer({ yuan: 1000, time: NOON }) })).toBe(14);
  });
});

describe('CR1, draws', () => {
  it('is not for draws', () => {
    const before = drawnAgo(MINUTE_MS);
    expect(decibansOf('CR1', { before, subject: drawRequested() })).toBe(0);
  });
});

describe('CR1, its text', () => {
  it.each([
    ['ant', 'jiebei', '借呗', 'Jiebei'],
    ['webank', 'weilidai', '微粒贷', 'Weilidai'],
    ['ant', 'weilidai', '其他贷款产品', 'another lender'],
    ['new-lender', 'jiebei', '其他贷款产品', 'another lender'],
  ])('names %s/%s by the catalogue, or in general', (lender, product, zh, en) => {
    const before = [drawn({ time: ago(MINUTE_MS), lender, product })];
    const [reason] = assessRow({ before }).reasons;
    expect(reason?.code).toBe('CR1');
    expect(reason?.text['zh-CN']).toContain(zh);
    expect(reason?.text.en).toContain(en);
  });
});
