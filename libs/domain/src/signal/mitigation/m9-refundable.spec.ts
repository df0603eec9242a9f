/** M9 by SCORING §3: `refundable` merchant, −12 dB; void with CO2. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS } from '../../kernel/instant.ts';
import { SHOP, ago, call, drawRequested, session, transfer } from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const subject = transfer({ to: { ...SHOP, refundable: true } });

describe('M9: can be refunded', () => {
  it.each<Row>([
    { when: 'a refundable shop', subject, db: -12 },
    {
      when: 'a shop that is not',
      subject: transfer({ to: { ...SHOP, refundable: false } }),
      db: 0,
    },
    { when: 'a shop of which it is not told', subject: transfer({ to: SHOP }), db: 0 },
    { when: 'a person', subject: transfer({ to: { refundable: true } }), db: 0 },
    {
      when: 'an institution',
      subject: transfer({ to: { kind: 'institution', refundable: true } }),
      db: 0,
    },
    {
      when: 'screen shared',
      before: [session('screen_share_started', { time: ago(MINUTE_MS) })],
      subject,
      db: 0,
    },
    {
      when: 'remote control an hour ago',
      before: [session('remote_control', { time: ago(HOUR_MS) })],
      subject,
      db: 0,
    },
    { when: 'on the phone', before: call({ start: HOUR_MS }), subject, db: -12 },
    { when: 'of a draw', subject: drawRequested(), db: 0 },
  ])('$when: $db dB', (row) => {
    expect(decibansOf('M9', row)).toBe(row.db);
  });
});
