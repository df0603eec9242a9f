/** LISTED by SCORING §3: payee on an authority or industry list, of the policy or of the console; 35 dB. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { INSTITUTION, LENDER, OWN, SHOP, drawRequested, transfer } from '../../testing/events.ts';
import { makeScorer, type Row } from '../../testing/scorer.ts';

const { decibansOf, policy } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);

const ofConsole = { listed: ['payee-1', 'shop', 'hospital', 'lender', 'own-card'] };
const ofPolicy = { policy: { ...policy, listedPayees: ['payee-1'] } };

describe('LISTED', () => {
  it.each<Row>([
    { when: 'on no list', db: 0 },
    { when: 'on the console’s list', beside: ofConsole, db: 35 },
    { when: 'on the policy’s list', beside: ofPolicy, db: 35 },
    { when: 'on both: one reason', beside: { ...ofConsole, ...ofPolicy }, db: 35 },
    { when: 'another payee on it', beside: { listed: ['payee-2'] }, db: 0 },
    { when: 'a shop', beside: ofConsole, subject: transfer({ to: SHOP }), db: 35 },
    { when: 'an institution', beside: ofConsole, subject: transfer({ to: INSTITUTION }), db: 35 },
    { when: 'a lender', beside: ofConsole, subject: transfer({ to: LENDER }), db: 35 },
    { when: 'an own account', beside: ofConsole, subject: transfer({ to: OWN }), db: 35 },
    { when: 'of a draw', beside: ofConsole, subject: drawRequested(), db: 0 },
  ])('$when: $db dB', (row) => {
    expect(decibansOf('LISTED', row)).toBe(row.db);
  });
});
