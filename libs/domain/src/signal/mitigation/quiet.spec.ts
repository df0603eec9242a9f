/** QUIET (D-063): staff vouched for the payee until a day; never for payees added today, a watched screen, or a listed payee. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/instant.ts';
import { quietAt, quietRefusal } from '../../quiet/quiet.ts';
import { NOON, ago, drawRequested, session, transfer } from '../../testing/events.ts';
import { makeScorer, type Beside, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);

const friend = transfer({ to: { accountId: 'friend' } });
const quiet = (from: number, until: number, payeeId = 'friend'): Beside => ({
  quiets: [{ payeeId, from: NOON + from, until: NOON + until }],
});
const vouched = quiet(-DAY_MS, DAY_MS);
const check = (row: Row): void => expect(decibansOf('QUIET', row)).toBe(row.db);

describe('QUIET', () => {
  it.each<Row>([
    { when: 'nobody vouched', subject: friend, db: 0 },
    { when: 'staff vouched', subject: friend, beside: vouched, db: -20 },
    {
      when: 'staff vouched for another',
      subject: friend,
      beside: quiet(-DAY_MS, DAY_MS, 'x'),
      db: 0,
    },
    { when: 'it begins now', subject: friend, beside: quiet(0, DAY_MS), db: -20 },
    { when: 'it begins in a moment', subject: friend, beside: quiet(1, DAY_MS), db: 0 },
    { when: 'it ends in a moment', subject: friend, beside: quiet(-DAY_MS, 1), db: -20 },
    { when: 'it ends now', subject: friend, beside: quiet(-DAY_MS, 0), db: 0 },
    { when: 'it is a draw', subject: drawRequested(), beside: vouched, db: 0 },
  ])('$when: $db dB', check);

  it.each<Row>([
    {
      when: 'the payee was never paid',
      subject: transfer({ to: { accountId: 'friend', paidCount: 0 } }),
      db: 0,
    },
    {
      when: 'the payee was first paid within the day',
      subject: transfer({ to: { accountId: 'friend', firstPaidAt: ago(DAY_MS - 1) } }),
      db: 0,
    },
    {
      when: 'the payee was first paid a day ago',
      subject: transfer({ to: { accountId: 'friend', firstPaidAt: ago(DAY_MS) } }),
      db: -20,
    },
    {
      when: 'the payer added the payee today',
      before: [session('payee_added', { time: ago(HOUR_MS), accountId: 'friend' })],
      db: 0,
    },
    {
      when: 'the payer added somebody today, nobody says whom',
      before: [session('payee_added', { time: ago(HOUR_MS) })],
      db: 0,
    },
    {
      when: 'the payer added somebody else today',
      before: [session('payee_added', { time: ago(HOUR_MS), accountId: 'other' })],
      db: -20,
    },
    {
      when: 'the payer added the payee the day before yesterday',
      before: [session('payee_added', { time: ago(2 * DAY_MS), accountId: 'friend' })],
      db: -20,
    },
    {
      when: 'the screen is watched',
      before: [session('screen_share_started', { time: ago(MINUTE_MS) })],
      db: 0,
    },
    { when: 'the payee is listed', beside: { ...vouched, listed: ['friend'] }, db: 0 },
  ])('though staff vouched, $when: $db dB', (row) =>
    check({ subject: friend, beside: vouched, ...row }),
  );
});

describe('a quiet', () => {
  it.each([
    [0, 'until_past'],
    [-1, 'until_past'],
    [1, undefined],
    [90 * DAY_MS, undefined],
    [90 * DAY_MS + 1, 'until_too_far'],
  ] as const)('until %i ms from now: %s', (ms, refusal) => {
    expect(quietRefusal(NOON, NOON + ms)).toBe(refusal);
  });

  it('of several is the one that ends last', () => {
    const one = { payeeId: 'a', from: NOON - 1, until: NOON + 5 };
    const longer = { ...one, until: NOON + 9 };
    expect(quietAt([one, longer, { ...longer, payeeId: 'b' }], 'a', NOON)).toBe(longer);
    expect(quietAt([longer, one], 'a', NOON)).toBe(longer);
  });
});
