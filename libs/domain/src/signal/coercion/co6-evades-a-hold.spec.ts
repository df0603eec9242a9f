/** CO6 by SCORING §3: a transfer held in the last 72 h, now another new person, or the same payee with less; 8 dB. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/instant.ts';
import type { HoldActor, HoldEnd } from '../../hold/hold.ts';
import {
  NEW,
  NOON,
  OWN,
  SHOP,
  ago,
  cancelled,
  drawRequested,
  failed,
  responded,
  transfer,
  type TransferGiven,
} from '../../testing/events.ts';
import { makeScorer, onRecord, specHoldId, type Beside, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const beside: Beside = { listed: ['mule'] };
const check = (row: Row): void => expect(decibansOf('CO6', { beside, ...row })).toBe(row.db);

/** Held for its payee, who is on a list: 35 dB. */
const held = (given: TransferGiven = {}) =>
  transfer({
    to: { accountId: 'mule' },
    yuan: 5000,
    time: ago(HOUR_MS),
    transferId: 'held',
    ...given,
  });
const other = (to = {}) => transfer({ to: { ...NEW, accountId: 'payee-2', ...to }, yuan: 5000 });

describe('CO6, another new person', () => {
  it.each<Row>([
    { when: 'nothing was held', before: [held({ to: {} })], subject: other(), db: 0 },
    { when: 'held an hour before', before: [held()], subject: other(), db: 8 },
    { when: 'more', before: [held()], subject: transfer({ to: { ...NEW }, yuan: 9000 }), db: 8 },
    {
      when: 'held 72 h before',
      before: [held({ time: ago(3 * DAY_MS) })],
      subject: other(),
      db: 8,
    },
    {
      when: 'held 72 h and 1 ms before',
      before: [held({ time: ago(3 * DAY_MS + 1) })],
      subject: other(),
      db: 0,
    },
    { when: 'held later', before: [held({ time: NOON + 1 })], subject: other(), db: 0 },
    { when: 'a person paid before', before: [held()], subject: other({ paidCount: 3 }), db: 0 },
    { when: 'a person of whom nothing is known', before: [held()], subject: transfer(), db: 0 },
    { when: 'a new shop', before: [held()], subject: other({ ...SHOP, ...NEW }), db: 0 },
    { when: 'a new own account', before: [held()], subject: other({ ...OWN, ...NEW }), db: 0 },
    {
      when: 'a new own account of another name',
      before: [held()],
      subject: other({ ...OWN, ...NEW, nameMatch: 'mismatch' }),
      db: 8,
    },
    { when: 'a draw', before: [held()], subject: drawRequested(), db: 0 },
  ])('$when: $db dB', check);
});

describe('CO6, the same payee', () => {
  const again = (yuan: number) => transfer({ to: { accountId: 'mule' }, yuan });
  it.each<Row>([
    { when: 'a fen less', before: [held()], subject: again(4999.99), db: 8 },
    { when: 'the same', before: [held()], subject: again(5000), db: 0 },
    { when: 'more', before: [held()], subject: again(5000.01), db: 0 },
    {
      when: 'less than the greater of two',
      before: [held({ transferId: 'a' }), held({ transferId: 'b', yuan: 100 })],
      subject: again(3000),
      db: 8,
    },
    {
      when: 'less than a held draw: a draw has no payee',
      before: [drawRequested({ time: ago(MINUTE_MS), yuan: 9000 })],
      subject: again(10),
      db: 0,
    },
  ])('$when: $db dB', check);
});

describe('CO6, holds that ended', () => {
  const subject = other();
  const hold = held();
  const ended = (end: HoldEnd, actor: HoldActor = 'payer') => {
    const record = onRecord(hold, 'T3');
    if (record.hold === undefined) throw new Error('not held');
    return { ...record, hold: { ...record.hold, ended: { at: ago(30 * MINUTE_MS), end, actor } } };
  };
  it.each<Row>([
    {
      when: 'cancelled by the payer',
      before: [
        hold,
        responded(specHoldId({ source: '', kind: 'transfer', id: 'held' }), 'cancel', {
          time: ago(30 * MINUTE_MS),
        }),
      ],
      subject,
      db: 8,
    },
    {
      when: 'withdrawn',
      before: [hold, cancelled(hold, { time: ago(MINUTE_MS) })],
      subject,
      db: 8,
    },
    { when: 'failed', before: [hold, failed(hold, { time: ago(MINUTE_MS) })], subject, db: 8 },
    {
      when: 'cancelled, on record',
      before: [hold],
      subject,
      beside: { recorded: [ended('cancelled')] },
      db: 8,
    },
    {
      when: 'expired, on record',
      before: [hold],
      subject,
      beside: { recorded: [ended('expired')] },
      db: 8,
    },
    {
      when: 'reconfirmed, on record',
      before: [hold],
      subject,
      beside: { recorded: [ended('released', 'payer')] },
      db: 0,
    },
    {
      when: 'released by staff, on record',
      before: [hold],
      subject,
      beside: { recorded: [ended('released', 'analyst')] },
      db: 0,
    },
    {
      when: 'lifted by an authority, on record',
      before: [hold],
      subject,
      beside: { recorded: [ended('released', 'authority')] },
      db: 0,
    },
    {
      when: 'released by the clock, which verified nothing',
      before: [hold],
      subject,
      beside: { recorded: [ended('released', 'clock')] },
      db: 8,
    },
    {
      when: 'settled all the same',
      before: [hold],
      subject,
      beside: { recorded: [ended('released', 'processor')] },
      db: 8,
    },
    {
      when: 'open, on record',
      before: [hold],
      subject,
      beside: { recorded: [onRecord(hold, 'T2')] },
      db: 8,
    },
    {
      when: 'only warned, on record',
      before: [hold],
      subject,
      beside: { recorded: [onRecord(hold, 'T1')] },
      db: 0,
    },
    {
      when: 'answered with no',
      before: [
        hold,
        responded(specHoldId({ source: '', kind: 'transfer', id: 'held' }), 'coached_no', {
          time: ago(SECOND_MS),
        }),
      ],
      subject,
      db: 8,
    },
  ])('$when: $db dB', check);
});
