/** The desks around the queue: lists, quieted payers, appeals, police instructions, dead letters, reconciliation, exports. */
import { Type, type Static } from 'typebox';
import { Paging } from './queue.ts';
import { Account, Instant, Money, Person, Uuid, maybe, oneOf, page } from './shapes.ts';

/** A payee on a list of the active policy, or put there by staff. */
export const ListedPayee = Type.Object({
  payee: Account,
  list: oneOf(['watch', 'block', 'institution']),
  origin: oneOf(['policy', 'console']),
  reason: maybe(Type.String()),
  by: maybe(Person),
  at: maybe(Instant),
  until: maybe(Instant),
});
export const ListedPayees = page(ListedPayee);

export const QuietedPayer = Type.Object({
  payer: Account,
  payee: Account,
  until: Instant,
  reason: Type.String(),
  by: Person,
  at: Instant,
});
export const QuietedPayers = page(QuietedPayer);

export const AppealItem = Type.Object({
  appealId: Uuid,
  holdId: Uuid,
  caseId: maybe(Uuid),
  payer: Account,
  receivedAt: Instant,
  dueAt: Instant,
  origin: oneOf(['payer', 'staff']),
  typed: maybe(Type.String()),
  state: oneOf(['open', 'upheld', 'rejected']),
  explanation: maybe(Type.String()),
  decidedBy: maybe(Person),
});
export const Appeals = page(AppealItem);

export const PoliceInstruction = Type.Object({
  holdId: maybe(Uuid),
  payer: Account,
  authority: Type.String(),
  reference: Type.String(),
  instruction: oneOf(['stop', 'lift']),
  receivedAt: Instant,
  validUntil: Instant,
  count: Type.Integer({ description: 'of at most two 48-hour stops' }),
});
export const PoliceInstructions = page(PoliceInstruction);

/** A record that was refused, without its value: that is personal, and in the dead-letter topic. */
export const DeadLetter = Type.Object({
  letterId: Type.String({ description: 'chain-sequence in the journal' }),
  at: Instant,
  topic: Type.String(),
  partition: Type.Integer(),
  offset: Type.Integer(),
  code: Type.String(),
  detail: maybe(Type.String()),
  redriven: maybe(Type.Object({ at: Instant, by: Person })),
});
export const DeadLetters = page(DeadLetter);
export type DeadLetter = Static<typeof DeadLetter>;

export const ReconciliationLine = Type.Object({
  holdId: Uuid,
  caseId: maybe(Uuid),
  kind: oneOf(['transfer', 'draw']),
  amount: Money,
  order: oneOf(['hold', 'release', 'cancel']),
  orderSequence: Type.Integer(),
  orderedAt: maybe(Instant),
  acknowledgedSequence: maybe(Type.Integer()),
  result: maybe(Type.String()),
  problem: oneOf(['unacknowledged', 'too_late', 'unknown_subject']),
});
export const Reconciliation = page(ReconciliationLine);

export const AuditExport = Type.Object({
  exportId: Uuid,
  at: Instant,
  by: Person,
  scope: Type.String(),
  state: oneOf(['requested', 'approved', 'running', 'done', 'failed']),
  entries: maybe(Type.Integer()),
});
export const AuditExports = page(AuditExport);

export const JournalLine = Type.Object({
  chain: Type.Integer(),
  sequence: Type.Integer(),
  type: Type.String(),
  at: Instant,
  leafHash: Type.String(),
  /** What stands in the leaf. Personal values are not in it. */
  body: Type.Unknown(),
});
export const JournalPage = page(JournalLine);

export const JournalQuery = Type.Object({
  chain: maybe(Type.String({ pattern: '^\\d{1,5}$' })),
  ...Paging,
});
