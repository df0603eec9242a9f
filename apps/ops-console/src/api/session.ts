/** Who is logged in, and what they may do. Login and logout themselves are redirects under `/auth`. */
import { Type, type Static } from 'typebox';
import { Id, Instant, Text, oneOf } from './shapes.ts';

export const ROLES = [
  'analyst',
  'supervisor',
  'auditor',
  'policy_author',
  'policy_approver',
  'admin',
] as const;
export const Role = oneOf(ROLES);
export type Role = (typeof ROLES)[number];

export const Me = Type.Object({
  userId: Id,
  name: Type.String(),
  roles: Type.Array(Role),
  /** Verbs of `access/verbs.ts` that these roles allow: a screen hides what would be refused anyway. */
  verbs: Type.Array(Type.String()),
  /** To be sent back as `x-csrf-token` with every POST, PUT, PATCH and DELETE. */
  csrfToken: Type.String(),
  sessionEndsAt: Instant,
  serverTime: Instant,
});
export type Me = Static<typeof Me>;

/** A signal's code and what it sees, for filters and legends. */
export const SignalName = Type.Object({
  code: Type.String(),
  group: oneOf(['CR', 'CD', 'PY', 'CO', 'DR', 'uncapped', 'mitigation']),
  sees: Text,
  against: Type.String({ description: 'the honest explanation to think of first' }),
});

export const Catalogue = Type.Object({
  signals: Type.Array(SignalName),
  lenders: Type.Array(Type.Object({ lender: Type.String(), product: Type.String(), name: Text })),
  staff: Type.Array(Type.Object({ userId: Id, name: Type.String(), roles: Type.Array(Role) })),
});
export type Catalogue = Static<typeof Catalogue>;
