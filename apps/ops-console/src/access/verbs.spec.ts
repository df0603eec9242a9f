/** The whole role × verb table: a change of who may do what shows here, cell by cell. */
import { describe, expect, it } from '@jest/globals';
import { PERMISSIONS, type Permission } from '#config';
import { ROLES, type Role } from '../api/session.ts';
import { mayDo, verbsOf, type Caller } from './verbs.ts';

const TABLE: Readonly<Record<Permission, string>> = {
  //                        analyst supervisor auditor author approver admin client
  'holds:read': /*         */ 'yes yes yes - - - yes',
  'holds:release': /*      */ 'yes yes - - - - yes',
  'holds:approve-release': 'yes yes - - - - yes',
  'holds:cancel': /*       */ 'yes yes - - - - yes',
  'holds:extend': /*       */ 'yes yes - - - - yes',
  'cases:read': /*         */ 'yes yes yes - - - -',
  'cases:work': /*         */ 'yes yes - - - - -',
  'cases:break-lock': /*   */ '- yes - - - - -',
  'payers:unmask': /*      */ 'yes yes yes - - - -',
  'policies:read': /*      */ '- yes yes yes yes yes -',
  'policies:write': /*     */ '- - - yes - - -',
  'policies:approve': /*   */ '- - - - yes - -',
  'overview:read': /*      */ 'yes yes yes yes yes yes -',
  'lists:read': /*         */ 'yes yes yes yes yes - -',
  'letters:read': /*       */ '- yes yes - - yes -',
  'letters:redrive': /*    */ '- yes - - - yes -',
  'journal:read': /*       */ '- yes yes - - - yes',
  'appeals:read': /*       */ 'yes yes yes - - - yes',
  'appeals:open': /*       */ 'yes yes - - - - yes',
  'appeals:decide': /*     */ '- yes - - - - yes',
  'instructions:read': /*  */ 'yes yes yes - - - yes',
  'instructions:record': '- yes - - - - yes',
  'costs:record': /*       */ 'yes yes - - - - yes',
  'reconciliation:read': '- yes yes - - yes yes',
  'payees:quiet': /*       */ 'yes yes - - - - yes',
  'payer-links:mint': /*   */ '- - - - - - yes',
  'journal:export': /*     */ '- - yes - - - yes',
  'journal:approve-export': '- yes yes - - - yes',
};

function staff(...roles: readonly Role[]): Caller {
  const csrfToken = 'x';
  const session = { userId: 'a', name: 'a', roles, csrfToken, startedAt: 0, endsAt: 1 };
  return { kind: 'staff', name: 'a', displayName: 'a', roles, session };
}

function client(permissions: readonly Permission[]): Caller {
  return { kind: 'client', name: 'processor', permissions };
}

const COLUMNS: readonly Caller[] = [...ROLES.map((role) => staff(role)), client(PERMISSIONS)];

it.each(PERMISSIONS.map((verb) => [verb, TABLE[verb]] as const))('%s: %s', (verb, row) => {
  const answers = COLUMNS.map((caller) => (mayDo(verb, caller) ? 'yes' : '-'));
  expect(answers.join(' ')).toBe(row);
});

describe('whatever the verb', () => {
  it('nobody without a role or a permission may', () => {
    expect(verbsOf(staff())).toEqual([]);
    expect(verbsOf(client([]))).toEqual([]);
  });

  it('two roles may what either may', () => {
    const both = new Set(verbsOf(staff('analyst', 'supervisor')));
    expect(both).toEqual(new Set([...verbsOf(staff('analyst')), ...verbsOf(staff('supervisor'))]));
  });

  it('a client may no more than it was given', () => {
    for (const verb of PERMISSIONS) {
      const others = verbsOf(client([verb])).filter((one) => one !== verb);
      expect(others).toEqual([]);
    }
  });
});
