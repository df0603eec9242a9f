/** PY3 by SCORING §3: a person for whom ≥ 3 other new payers were counted, or through whom money runs at once; 12 dB. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { OWN, SHOP, transfer } from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);

const payers = (newPayers24h: number, account = 'payee-1') => ({
  payees: { [account]: { newPayers24h } },
});

describe('PY3: a payee that collects', () => {
  it.each<Row>([
    { when: 'no numbers', db: 0 },
    { when: 'no other new payer', beside: payers(0), db: 0 },
    { when: 'two other new payers', beside: payers(2), db: 0 },
    { when: 'three other new payers', beside: payers(3), db: 12 },
    { when: 'more than three', beside: payers(4), db: 12 },
    { when: 'the numbers of another payee', beside: payers(4, 'payee-2'), db: 0 },
    {
      when: 'money that leaves at once',
      beside: { payees: { 'payee-1': { fastCashOut: true } } },
      db: 12,
    },
    {
      when: 'both: one reason',
      beside: { payees: { 'payee-1': { newPayers24h: 3, fastCashOut: true } } },
      db: 12,
    },
    {
      when: 'a wallet',
      beside: payers(3),
      subject: transfer({ to: { kind: 'wallet' } }),
      db: 12,
    },
    {
      when: 'a shop has many new payers',
      beside: payers(4, 'shop'),
      subject: transfer({ to: SHOP }),
      db: 0,
    },
    {
      when: 'an own account',
      beside: payers(4, 'own-card'),
      subject: transfer({ to: OWN }),
      db: 0,
    },
    {
      when: 'an own account of another name',
      beside: payers(3, 'own-card'),
      subject: transfer({ to: { ...OWN, nameMatch: 'mismatch' } }),
      db: 12,
    },
    {
      when: 'a person whom this payer has paid for years',
      beside: payers(3),
      subject: transfer({ to: { paidCount: 40 } }),
      db: 12,
    },
  ])('$when: $db dB', (row) => {
    expect(decibansOf('PY3', row)).toBe(row.db);
  });
});
