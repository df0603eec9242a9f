/** USER_YES by SCORING §1 and §3: `coached_yes` on any hold of the payer, 72 h, for every subject that can still be stopped; 40 dB. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/instant.ts';
import type { PayerAnswer } from '../../event/event.ts';
import {
  NOON,
  OWN,
  SHOP,
  ago,
  cancelled,
  drawCancelled,
  drawRequested,
  drawn,
  failed,
  responded,
  settled,
  transfer,
} from '../../testing/events.ts';
import { makeScorer, onRecord, specHoldId, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const check = (row: Row): void => expect(decibansOf('USER_YES', row)).toBe(row.db);

const yes = (ms: number) => responded('a hold', 'coached_yes', { time: ago(ms) });
const later = (ms: number) => yes(-ms);

describe('USER_YES', () => {
  it.each<PayerAnswer>(['cancel', 'coached_no', 'reconfirm', 'appeal', 'explain'])(
    'is not fired by %s',
    (answer) => {
      expect(
        decibansOf('USER_YES', { before: [responded('a hold', answer, { time: ago(1) })] }),
      ).toBe(0);
    },
  );

  it.each<Row>([
    { when: 'no answer', db: 0 },
    { when: 'a minute before', before: [yes(MINUTE_MS)], db: 40 },
    { when: '72 h before', before: [yes(3 * DAY_MS)], db: 40 },
    { when: '72 h and 1 ms before', before: [yes(3 * DAY_MS + 1)], db: 0 },
    { when: 'twice: one reason', before: [yes(2), yes(1)], db: 40 },
    { when: 'to a shop', before: [yes(1)], subject: transfer({ to: SHOP }), db: 40 },
    { when: 'to an own account', before: [yes(1)], subject: transfer({ to: OWN }), db: 40 },
    { when: 'of a draw', before: [yes(1)], subject: drawRequested(), db: 40 },
  ])('$when: $db dB', check);
});

describe('USER_YES that comes later', () => {
  const subject = transfer({});
  const draw = drawRequested({ drawId: 'd' });
  const after = (ms: number) => ({ time: NOON + ms });
  it.each<Row>([
    { when: 'an hour', before: [later(HOUR_MS)], subject, db: 40 },
    { when: 'a day', before: [later(DAY_MS)], subject, db: 40 },
    {
      when: 'when it has settled',
      before: [settled(subject, after(MINUTE_MS)), later(MINUTE_MS + 1)],
      subject,
      db: 0,
    },
    {
      when: 'before it settles',
      before: [settled(subject, after(MINUTE_MS)), later(MINUTE_MS - 1)],
      subject,
      db: 40,
    },
    {
      when: 'when it has failed',
      before: [failed(subject, after(MINUTE_MS)), later(HOUR_MS)],
      subject,
      db: 0,
    },
    {
      when: 'when it was cancelled',
      before: [cancelled(subject, after(MINUTE_MS)), later(HOUR_MS)],
      subject,
      db: 0,
    },
    {
      when: 'when the payer has cancelled its hold',
      before: [
        responded(
          specHoldId({ source: '', kind: 'transfer', id: subject.transferId }),
          'cancel',
          after(MINUTE_MS),
        ),
        later(HOUR_MS),
      ],
      subject,
      db: 0,
    },
    {
      when: 'when its hold has ended, on record',
      before: [later(HOUR_MS)],
      subject,
      beside: {
        recorded: [
          onRecord(subject, 'T2', {
            hold: {
              holdId: 'h',
              placedAt: NOON,
              dueAt: NOON + 15 * MINUTE_MS,
              ceilingAt: NOON + 3 * DAY_MS,
              ended: { at: NOON + 20 * MINUTE_MS, end: 'released', actor: 'payer' },
            },
          }),
        ],
      },
      db: 0,
    },
    { when: 'of a draw not yet paid out', before: [later(HOUR_MS)], subject: draw, db: 40 },
    {
      when: 'of a draw paid out',
      before: [drawn({ drawId: 'd', ...after(MINUTE_MS) }), later(HOUR_MS)],
      subject: draw,
      db: 0,
    },
    {
      when: 'of a draw cancelled',
      before: [drawCancelled({ drawId: 'd', ...after(MINUTE_MS) }), later(HOUR_MS)],
      subject: draw,
      db: 0,
    },
    {
      when: 'within the 5 s of one that settled at once',
      before: [settled(subject, after(1)), later(5 * SECOND_MS)],
      subject,
      db: 40,
    },
  ])('$when: $db dB', check);
});
