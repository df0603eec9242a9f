/** M3, M4 and M5 by SCORING §3: institution −22, lender −35, declared contact −18 dB. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { PayeeKind } from '../../event/event.ts';
import { drawRequested, session, transfer, ago } from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const KINDS: readonly PayeeKind[] = ['bank_card', 'wallet', 'merchant', 'institution', 'lender'];

describe.each(KINDS)('a payee of kind %s', (kind) => {
  const row = { subject: transfer({ to: { kind } }) };

  it('weighs M3 as an institution only', () => {
    expect(decibansOf('M3', row)).toBe(kind === 'institution' ? -22 : 0);
  });

  it('weighs M4 as a lender only', () => {
    expect(decibansOf('M4', row)).toBe(kind === 'lender' ? -35 : 0);
  });

  it('weighs M5 as a declared contact', () => {
    expect(decibansOf('M5', row)).toBe(0);
    expect(decibansOf('M5', { subject: transfer({ to: { kind, declaredContact: false } }) })).toBe(
      0,
    );
    expect(decibansOf('M5', { subject: transfer({ to: { kind, declaredContact: true } }) })).toBe(
      -18,
    );
  });
});

describe('M3, M4 and M5', () => {
  const watched = [session('remote_control', { time: ago(1) })];
  it.each<[string, Row]>([
    [
      'M3',
      { when: '', before: watched, subject: transfer({ to: { kind: 'institution' } }), db: -22 },
    ],
    ['M4', { when: '', before: watched, subject: transfer({ to: { kind: 'lender' } }), db: -35 }],
    [
      'M5',
      { when: '', before: watched, subject: transfer({ to: { declaredContact: true } }), db: -18 },
    ],
  ])('%s is not void with CO2', (code, row) => {
    expect(decibansOf(code, row)).toBe(row.db);
  });

  it.each(['M3', 'M4', 'M5'])('%s is not for draws', (code) => {
    expect(decibansOf(code, { subject: drawRequested() })).toBe(0);
  });
});
