/** WATCH by SCORING §4 (b): where the small amount lowered a tier, 5 dB on every subject of the payer for 24 h. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/instant.ts';
import {
  OWN,
  SHOP,
  ago,
  call,
  drawRequested,
  transfer,
  type TransferGiven,
} from '../../testing/events.ts';
import { makeScorer, onRecord, type Row } from '../../testing/scorer.ts';

const { decibansOf, assess } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const beside = { listed: ['mule'] };
const check = (row: Row): void => expect(decibansOf('WATCH', { beside, ...row })).toBe(row.db);

/** ¥200 to a listed payee: T3 by its 35 dB, lowered to T1. */
const small = (ms: number, given: TransferGiven = {}) =>
  transfer({
    time: ago(ms),
    yuan: 200,
    to: { accountId: 'mule' },
    transferId: `small-${ms}`,
    ...given,
  });

describe('WATCH', () => {
  it('follows from a tier that was lowered', () => {
    const lowered = assess([small(0)], beside).get('small-0');
    expect(lowered).toMatchObject({ score: 350, tier: 'T1', lowered: true });
  });

  it.each<Row>([
    { when: 'nothing before', db: 0 },
    {
      when: 'a small amount that needed no lowering',
      before: [transfer({ time: ago(1), yuan: 200 })],
      db: 0,
    },
    { when: 'a large amount', before: [small(HOUR_MS, { yuan: 5000 })], db: 0 },
    { when: 'an hour after', before: [small(HOUR_MS)], db: 5 },
    { when: '24 h after', before: [small(DAY_MS)], db: 5 },
    { when: '24 h and 1 ms after', before: [small(DAY_MS + 1)], db: 0 },
    { when: 'before', before: [small(-1)], db: 0 },
    {
      when: 'to another payee',
      before: [small(HOUR_MS)],
      subject: transfer({ to: { accountId: 'b' } }),
      db: 5,
    },
    { when: 'to a shop', before: [small(HOUR_MS)], subject: transfer({ to: SHOP }), db: 5 },
    { when: 'to an own account', before: [small(HOUR_MS)], subject: transfer({ to: OWN }), db: 5 },
    { when: 'of a draw', before: [small(HOUR_MS)], subject: drawRequested(), db: 5 },
    { when: 'two of them: one reason', before: [small(HOUR_MS), small(MINUTE_MS)], db: 5 },
  ])('$when: $db dB', check);

  it.each([
    [true, 5],
    [false, 0],
  ])('counts as it is on record (lowered %p: %d dB)', (lowered, db) => {
    const first = small(HOUR_MS, { to: {} });
    const verdict = { outcome: 'warn', tier: 'T1', ownTier: 'T1', lowered } as const;
    const recorded = [onRecord(first, 'T1', { assessed: verdict })];
    const subject = transfer({ transferId: 't' });
    check({ when: '', before: [first], subject, beside: { recorded, targets: ['t'] }, db });
  });

  it('counts where evidence kept the tier at T2', () => {
    const before = [
      ...call({ start: 10 * MINUTE_MS, end: 9 * MINUTE_MS }),
      small(5 * MINUTE_MS, { remark: '退款' }),
    ];
    expect(assess(before, beside).get(`small-${5 * MINUTE_MS}`)).toMatchObject({
      tier: 'T2',
      lowered: true,
    });
    check({ when: '', before, db: 5 });
  });
});
