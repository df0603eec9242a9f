/** Who may do what: one small function per verb, for people by their roles and for machine clients by what they were given. */
import type { ApiClient, Permission } from '#config';
import type { StaffSession } from '#application';
import { ROLES, type Role } from '../api/session.ts';

export interface StaffCaller {
  readonly kind: 'staff';
  /** The userId: what the journal commits to. */
  readonly name: string;
  readonly displayName: string;
  readonly roles: readonly Role[];
  readonly session: StaffSession;
}

export interface ClientCaller extends ApiClient {
  readonly kind: 'client';
}

export type Caller = StaffCaller | ClientCaller;

type Rule = (caller: Caller) => boolean;

/** Staff with one of these roles, and machine clients that were given the verb. */
function roles(verb: Permission, ...allowed: readonly Role[]): Rule {
  return (caller) =>
    caller.kind === 'client'
      ? caller.permissions.includes(verb)
      : caller.roles.some((role) => allowed.includes(role));
}

/** Staff alone: what needs a person is not given to a machine, whatever its token says. */
function people(...allowed: readonly Role[]): Rule {
  return (caller) => caller.kind === 'staff' && caller.roles.some((role) => allowed.includes(role));
}

/**
 * Admins administer; they see no payer and decide nothing. Auditors read. Whoever writes a policy does not approve it, which the
 * use cases check for the person beside the role here.
 */
const VERBS: Readonly<Record<Permission, Rule>> = {
  'holds:read': roles('holds:read', 'analyst', 'supervisor', 'auditor'),
  'holds:release': roles('holds:release', 'analyst', 'supervisor'),
  'holds:approve-release': roles('holds:approve-release', 'analyst', 'supervisor'),
  'holds:cancel': roles('holds:cancel', 'analyst', 'supervisor'),
  'holds:extend': roles('holds:extend', 'analyst', 'supervisor'),
  'cases:read': people('analyst', 'supervisor', 'auditor'),
  'cases:work': people('analyst', 'supervisor'),
  'cases:break-lock': people('supervisor'),
  'payers:unmask': people('analyst', 'supervisor', 'auditor'),
  'policies:read': people('supervisor', 'auditor', 'policy_author', 'policy_approver', 'admin'),
  'policies:write': people('policy_author'),
  'policies:approve': people('policy_approver'),
  'overview:read': people(...ROLES),
  'lists:read': people('analyst', 'supervisor', 'auditor', 'policy_author', 'policy_approver'),
  'appeals:read': roles('appeals:read', 'analyst', 'supervisor', 'auditor'),
  'appeals:open': roles('appeals:open', 'analyst', 'supervisor'),
  'appeals:decide': roles('appeals:decide', 'supervisor'),
  'instructions:read': roles('instructions:read', 'analyst', 'supervisor', 'auditor'),
  'instructions:record': roles('instructions:record', 'supervisor'),
  'costs:record': roles('costs:record', 'analyst', 'supervisor'),
  'reconciliation:read': roles('reconciliation:read', 'supervisor', 'auditor', 'admin'),
  'payees:quiet': roles('payees:quiet', 'analyst', 'supervisor'),
  'payer-links:mint': roles('payer-links:mint'),
  'journal:export': roles('journal:export', 'auditor'),
  'journal:approve-export': roles('journal:approve-export', 'auditor', 'supervisor'),
  'letters:read': people('supervisor', 'auditor', 'admin'),
  'letters:redrive': people('supervisor', 'admin'),
  'journal:read': roles('journal:read', 'auditor', 'supervisor'),
};

/** Whether the caller may do it at all. Whose thing it is, is checked where the thing is known. */
export function mayDo(verb: Permission, caller: Caller): boolean {
  return VERBS[verb](caller);
}

/** Every verb the caller has. */
export function verbsOf(caller: Caller): readonly Permission[] {
  return (Object.keys(VERBS) as Permission[]).filter((verb) => mayDo(verb, caller));
}
