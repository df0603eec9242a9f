/** DR2 by SCORING §3: ≥ 3 attempts to the same new payee in 60 min; 6 dB. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS } from '../../kernel/instant.ts';
import {
  LENDER,
  NEW,
  NOON,
  OWN,
  SHOP,
  ago,
  cancelled,
  failed,
  settled,
  transfer,
  type TransferGiven,
} from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const check = (row: Row): void => expect(decibansOf('DR2', row)).toBe(row.db);

const one = (given: TransferGiven = {}) => transfer({ to: NEW, ...given });
const at = (minutes: number, given: TransferGiven = {}) =>
  one({ time: ago(minutes * MINUTE_MS), ...given });
const third = (given: TransferGiven = {}): Pick<Row, 'before' | 'subject'> => ({
  before: [at(20, given), at(10, given)],
  subject: one(given),
});

describe('DR2: again and again', () => {
  it.each<Row>([
    { when: 'the first', subject: one(), db: 0 },
    { when: 'the second', before: [at(1)], subject: one(), db: 0 },
    { when: 'the third', ...third(), db: 6 },
    { when: 'the third in 60 min', before: [at(60), at(30)], subject: one(), db: 6 },
    {
      when: 'the third in 60 min and 1 ms',
      before: [one({ time: ago(HOUR_MS + 1) }), at(30)],
      subject: one(),
      db: 0,
    },
    { when: 'the third to a payee paid before', ...third({ to: { paidCount: 1 } }), db: 0 },
    { when: 'the third to one of whom nothing is known', ...third({ to: {} }), db: 0 },
    { when: 'the third to a new shop', ...third({ to: { ...SHOP, ...NEW } }), db: 6 },
    { when: 'the third to a new lender', ...third({ to: { ...LENDER, ...NEW } }), db: 6 },
    { when: 'the third to a new own account', ...third({ to: { ...OWN, ...NEW } }), db: 0 },
    {
      when: 'the third in all, to three payees',
      before: [
        at(20, { to: { ...NEW, accountId: 'a' } }),
        at(10, { to: { ...NEW, accountId: 'b' } }),
      ],
      subject: one(),
      db: 0,
    },
    {
      when: 'the third, the others later',
      before: [one({ time: NOON + 1 }), one({ time: NOON + 2 })],
      subject: one(),
      db: 0,
    },
    {
      when: 'the third, the others held',
      before: [
        at(20, { to: { ...NEW, accountId: 'mule' } }),
        at(10, { to: { ...NEW, accountId: 'mule' } }),
      ],
      beside: { listed: ['mule'] },
      subject: one({ to: { ...NEW, accountId: 'mule' } }),
      db: 6,
    },
  ])('$when: $db dB', check);

  it('counts what settled and not what failed or was cancelled', () => {
    const [a, b, subject] = [at(20), at(10), one()];
    const when = { time: ago(MINUTE_MS) };
    expect(decibansOf('DR2', { before: [a, settled(a, when), b], subject })).toBe(6);
    expect(decibansOf('DR2', { before: [a, failed(a, when), b], subject })).toBe(0);
    expect(decibansOf('DR2', { before: [a, cancelled(a, when), b], subject })).toBe(0);
  });

  it('counts the same request sent twice once', () => {
    const a = at(20, { transferId: 'same', id: 'x1' });
    const again = at(19, { transferId: 'same', id: 'x2' });
    expect(decibansOf('DR2', { before: [a, again], subject: one() })).toBe(0);
  });
});
