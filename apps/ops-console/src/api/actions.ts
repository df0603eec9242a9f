/** What staff may do about a case or a hold. Every POST takes `idempotency-key`; the same key and body gets the same answer. */
import { Type, type Static } from 'typebox';
import { CONTACT_CHANNELS, CONTACT_OUTCOMES } from './case.ts';
import { CaseLabel, CaseWork } from './queue.ts';
import { Id, Instant, Uuid, maybe, oneOf } from './shapes.ts';

const closed = { additionalProperties: false } as const;
const Prose = Type.String({ minLength: 1, maxLength: 4_000 });

/** A word that goes to the processor and into the journal: `scam_confirmed`. */
export const ReasonWord = Type.String({ pattern: '^[a-z][a-z0-9_]{0,99}$' });

export const Assign = Type.Object(
  { assignee: Type.Union([Id, Type.Null()], { description: 'a userId, or null for nobody' }) },
  closed,
);
export type Assign = Static<typeof Assign>;

/** Many cases at once, at most 200: each is done or refused by itself. */
export const BulkAssign = Type.Object(
  {
    caseIds: Type.Array(Uuid, { minItems: 1, maxItems: 200 }),
    assignee: Assign.properties.assignee,
  },
  closed,
);
export const BulkResult = Type.Object({
  results: Type.Array(
    Type.Object({
      caseId: Uuid,
      ok: Type.Boolean(),
      code: maybe(Type.String()),
      work: maybe(CaseWork),
    }),
  ),
});

export const AddNote = Type.Object({ text: Prose }, closed);

export const LogContact = Type.Object(
  {
    channel: oneOf(CONTACT_CHANNELS),
    outcome: oneOf(CONTACT_OUTCOMES),
    answers: maybe(
      Type.Record(Type.String({ pattern: '^\\w{1,40}$' }), Type.String({ maxLength: 200 })),
    ),
    text: maybe(Prose),
  },
  closed,
);
export type LogContact = Static<typeof LogContact>;

export const Escalate = Type.Object({ reason: Prose }, closed);
export const SetLabel = Type.Object({ label: CaseLabel, reason: maybe(Prose) }, closed);
export const Unmask = Type.Object(
  { reason: Type.String({ minLength: 8, maxLength: 500 }) },
  closed,
);
export const Unmasked = Type.Object({
  /** Masked text as in the case → the token behind it. */
  accounts: Type.Array(Type.Object({ masked: Type.String(), account: Type.String() })),
  contactRefs: Type.Record(Type.String(), Type.String()),
  trustedContactRef: maybe(Type.String()),
  /** After this time the screen hides them again. */
  until: Instant,
});

export const Release = Type.Object({ reason: ReasonWord }, closed);
export const Cancel = Type.Object({ reason: ReasonWord }, closed);
export const Extend = Type.Object({ dueAt: Instant, reason: ReasonWord }, closed);
export const RequestRelease = Type.Object({ reason: ReasonWord, contactId: maybe(Uuid) }, closed);
export const DecideRequest = Type.Object({ comment: maybe(Prose) }, closed);

export const Quiet = Type.Object({ payeeId: Id, until: Instant, reason: Prose }, closed);
export const Appeal = Type.Object({ reason: Prose }, closed);
export const DecideAppeal = Type.Object(
  { verdict: oneOf(['upheld', 'rejected']), explanation: Prose },
  closed,
);
