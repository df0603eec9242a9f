/** Rule (c) of SCORING §4: what is held with an open hold, and for how long. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../kernel/instant.ts';
import {
  INSTITUTION,
  NEW,
  NOON,
  OWN,
  SHOP,
  SOURCE,
  ago,
  call,
  cancelled,
  drawCancelled,
  drawRequested,
  drawn,
  failed,
  instructed,
  responded,
  settled,
  transfer,
  type TransferGiven,
} from '../testing/events.ts';
import { makeScorer, onRecord, specHoldId, type TierRow } from '../testing/scorer.ts';

const { verdictOf, assess, assessRow } = makeScorer(
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

describe('(c) held with', () => {
  const other = (to = {}) => transfer({ to: { ...NEW, accountId: 'payee-2', ...to }, yuan: 5000 });
  /** 35 + 8 dB, T4, for the payee’s name. */
  const worse = listed({ to: { accountId: 'mule', nameMatch: 'mismatch' }, transferId: 'worse' });
  it.each<TierRow>([
    {
      when: 'no hold',
      subject: other(),
      tier: 'T1',
      before: [],
      heldWith: false,
      beside: { payees: { 'payee-2': { newPayers24h: 3 } } },
    },
    { when: 'a new person', before: [listed()], subject: other(), tier: 'T3', heldWith: true },
    {
      when: 'a new person, two holds',
      before: [listed(), worse],
      subject: other(),
      tier: 'T4',
      heldWith: true,
    },
    {
      when: 'a person paid before',
      before: [listed()],
      subject: other({ paidCount: 5 }),
      tier: 'T0',
      heldWith: false,
    },
    {
      when: 'a person of whom nothing is known',
      before: [listed()],
      subject: transfer(),
      tier: 'T0',
      heldWith: false,
    },
    {
      when: 'a new shop',
      before: [listed()],
      subject: other({ ...SHOP, ...NEW }),
      tier: 'T0',
      heldWith: false,
    },
    {
      when: 'a new institution',
      before: [listed()],
      subject: other({ ...INSTITUTION, ...NEW }),
      tier: 'T0',
      heldWith: false,
    },
    {
      when: 'a new own account',
      before: [listed()],
      subject: other({ ...OWN, ...NEW }),
      tier: 'T0',
      heldWith: false,
    },
    {
      when: 'a new own account of another name',
      before: [listed()],
      subject: other({ ...OWN, ...NEW, nameMatch: 'mismatch' }),
      tier: 'T3',
      heldWith: true,
    },
    { when: 'a draw', before: [listed()], subject: drawRequested(), tier: 'T3', heldWith: true },
    {
      when: 'a hold that comes later',
      before: [listed({ time: NOON + 1 })],
      subject: other(),
      tier: 'T0',
      heldWith: false,
    },
    {
      when: '72 h less 1 ms after',
      before: [listed({ time: ago(3 * DAY_MS - 1) })],
      subject: other(),
      tier: 'T3',
      heldWith: true,
    },
    {
      when: '72 h after, at the ceiling',
      before: [listed({ time: ago(3 * DAY_MS) })],
      subject: other(),
      tier: 'T1',
      heldWith: false,
    },
    {
      when: 'a small one, against (c)',
      before: [listed()],
      subject: transfer({ to: { ...NEW, accountId: 'payee-2' }, yuan: 299 }),
      tier: 'T1',
    },
    {
      when: 'a held draw',
      before: [
        ...call({ start: 2 * HOUR_MS }),
        drawRequested({ time: ago(HOUR_MS), firstDraw: true, yuan: 900, limit: 1000 }),
      ],
      subject: other(),
      tier: 'T3',
      heldWith: true,
    },
  ])('$when: $tier', check);

  it('weighs nothing and names the hold', () => {
    const { reasons, refs, score } = assessRow({ before: [listed()], subject: other(), beside });
    const [found] = reasons.filter((reason) => reason.code === 'HELD_WITH');
    expect(found?.tenths).toBe(0);
    expect(found?.refs.map((ref) => refs[ref])).toHaveLength(1);
    expect(reasons.reduce((sum, reason) => sum + reason.tenths, 0)).toBe(score);
  });

  it('is by the open hold’s own assessment: what is held with does not hold on', () => {
    const second = other({});
    const third = transfer({
      to: { ...NEW, accountId: 'payee-3' },
      yuan: 5000,
      time: NOON + HOUR_MS,
    });
    const first = listed();
    const gone = settled(first, { time: NOON + MINUTE_MS });
    const found = assess([first, second, gone, third], beside);
    expect(found.get(second.transferId)).toMatchObject({ tier: 'T3', ownTier: 'T1' });
    expect(found.get(third.transferId)?.tier).toBe('T1');
  });

  const first = listed();
  const holdId = specHoldId({ source: '', kind: 'transfer', id: 'held' });
  const withHold = onRecord(first, 'T3').hold;
  const at = { time: ago(10 * MINUTE_MS) };
  const draw = drawRequested({
    time: ago(HOUR_MS),
    firstDraw: true,
    yuan: 900,
    limit: 1000,
    drawId: 'd',
  });
  const onPhone = call({ start: 2 * HOUR_MS, end: HOUR_MS - MINUTE_MS });
  it.each<TierRow>([
    {
      when: 'settled',
      before: [first, settled(first, at)],
      subject: other(),
      tier: 'T1',
      heldWith: false,
    },
    {
      when: 'failed',
      before: [first, failed(first, at)],
      subject: other(),
      tier: 'T1',
      heldWith: false,
    },
    {
      when: 'cancelled',
      before: [first, cancelled(first, at)],
      subject: other(),
      tier: 'T1',
      heldWith: false,
    },
    {
      when: 'cancelled by the payer',
      before: [first, responded(holdId, 'cancel', at)],
      subject: other(),
      tier: 'T1',
      heldWith: false,
    },
    {
      when: 'cancelled by the payer within seconds',
      before: [first, responded(holdId, 'cancel', { time: first.time + 3000 })],
      subject: other(),
      tier: 'T1',
      heldWith: false,
    },
    {
      when: 'answered with no within seconds: still open',
      before: [first, responded(holdId, 'coached_no', { time: first.time + 3000 })],
      subject: other(),
      tier: 'T3',
      heldWith: true,
    },
    {
      when: 'lifted by an authority',
      before: [first, instructed(holdId, 'lift', at)],
      subject: other(),
      tier: 'T0',
      heldWith: false,
    },
    {
      when: 'answered with no: still open',
      before: [first, responded(holdId, 'coached_no', at)],
      subject: other(),
      tier: 'T3',
      heldWith: true,
    },
    {
      when: 'a draw that was paid out',
      before: [...onPhone, draw, drawn({ ...at, drawId: 'd' })],
      subject: other(),
      tier: 'T2',
      heldWith: false,
    },
    {
      when: 'a draw that was cancelled',
      before: [...onPhone, draw, drawCancelled({ ...at, drawId: 'd' })],
      subject: other(),
      tier: 'T0',
      heldWith: false,
    },
    {
      when: 'released, on record',
      before: [first],
      subject: other(),
      beside: {
        recorded:
          withHold === undefined
            ? []
            : [
                onRecord(first, 'T3', {
                  hold: { ...withHold, ended: { at: at.time, end: 'released', actor: 'payer' } },
                }),
              ],
      },
      tier: 'T0',
      heldWith: false,
    },
    {
      when: 'on record, held more strictly than it would be now',
      before: [listed({ to: {} })],
      subject: other(),
      beside: {
        recorded: [
          onRecord(first, 'T4', {
            assessed: { outcome: 'allow', tier: 'T0', ownTier: 'T0', lowered: false },
          }),
        ],
      },
      tier: 'T4',
      heldWith: true,
    },
  ])('a hold that has ended, $when: $tier', check);

  it('ends as recorded, though another one that was recorded before it ended later', () => {
    const endedAt = (event: typeof first, at: number) => {
      const record = onRecord(event, 'T3');
      if (record.hold === undefined) throw new Error('not held');
      return {
        ...record,
        hold: { ...record.hold, ended: { at, end: 'cancelled' as const, actor: 'payer' as const } },
      };
    };
    const second = listed({ transferId: 'second' });
    const later = endedAt(first, NOON + HOUR_MS);
    const recorded = [later, endedAt(second, ago(MINUTE_MS))];
    const subject = other();
    const targets = [subject.transferId];
    const found = assessRow({ before: [first, second], subject, beside: { recorded, targets } });
    const [reason] = found.reasons.filter((one) => one.code === 'HELD_WITH');
    expect(reason?.refs.map((ref) => found.refs[ref])).toEqual([`${SOURCE}#${first.id}`]);
  });
});
