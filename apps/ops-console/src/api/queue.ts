/** The queue of what is held, by urgency, and the live events that keep it fresh. */
import { Type, type Static } from 'typebox';
import {
  Account,
  Actor,
  HeldTier,
  HoldState,
  Id,
  Instant,
  Money,
  Person,
  SubjectKind,
  Uuid,
  maybe,
  oneOf,
  page,
} from './shapes.ts';

export const CaseLabel = oneOf(['scam', 'legitimate', 'unsure']);
export type CaseLabel = Static<typeof CaseLabel>;

/** Who works on the payer now: nobody else calls them until `until`. */
export const Lock = Type.Object({ by: Person, until: Instant });

/** The work on a case, the same for all its holds. */
export const CaseWork = Type.Object({
  caseId: Uuid,
  assignee: maybe(Person),
  lock: maybe(Lock),
  label: maybe(CaseLabel),
  escalated: Type.Boolean(),
  firstContactAt: maybe(Instant),
  /** Grows with every change; sent back as `version` where two people might overwrite each other. */
  version: Type.Integer(),
});
export type CaseWork = Static<typeof CaseWork>;

export const QueueItem = Type.Object({
  holdId: Uuid,
  case: CaseWork,
  kind: SubjectKind,
  payer: Account,
  payee: maybe(Account),
  amount: Money,
  tier: HeldTier,
  state: HoldState,
  score: maybe(Type.Number({ description: 'decibans, one decimal' })),
  /** Strongest first, mitigations left out. */
  reasonCodes: Type.Array(Type.String()),
  /** Products from which the money was borrowed, `ant/jiebei`. */
  lenders: Type.Array(Type.String()),
  placedAt: Instant,
  dueAt: Instant,
  ceilingAt: Instant,
  /** A second person is asked to agree to a release. */
  releaseRequested: maybe(Type.Boolean()),
  orderSequence: Type.Integer(),
  acknowledged: Type.Boolean({ description: 'the processor confirmed the last order' }),
  ended: maybe(Type.Object({ at: Instant, actor: Actor, reason: Type.String() })),
});
export type QueueItem = Static<typeof QueueItem>;

export const QueuePage = page(QueueItem);
export type QueuePage = Static<typeof QueuePage>;

const Amount = Type.String({ pattern: '^\\d{1,13}(\\.\\d{1,2})?$' });

/** All filters are optional and are joined by "and"; lists are comma-separated and mean "any of". */
export const QueueFilter = Type.Object({
  state: maybe(oneOf(['open', 'placed', 'matured', 'ended', 'all'], 'open unless told')),
  tier: maybe(Type.String({ pattern: '^T[234](,T[234])*$' })),
  kind: maybe(SubjectKind),
  reason: maybe(Type.String({ pattern: '^\\w{2,20}(,\\w{2,20})*$' })),
  lender: maybe(Type.String({ pattern: '^[\\w./-]{1,128}$', description: 'ant/jiebei, or ant' })),
  payee: maybe(Id),
  payer: maybe(Id),
  /** The payee, or the payer, of this hold: for whoever sees them masked. */
  samePayeeAs: maybe(Uuid),
  samePayerAs: maybe(Uuid),
  amountMin: maybe(Amount),
  amountMax: maybe(Amount),
  assignee: maybe(Type.String({ maxLength: 128, description: 'a userId, me or nobody' })),
  label: maybe(oneOf(['scam', 'legitimate', 'unsure', 'none'])),
  escalated: maybe(oneOf(['true', 'false'])),
});
export type QueueFilter = Static<typeof QueueFilter>;

export const Paging = {
  limit: maybe(
    Type.String({ pattern: '^([1-9]\\d?|1\\d\\d|200)$', description: '50 unless told' }),
  ),
  cursor: maybe(Type.String({ maxLength: 512 })),
};
export const PageQuery = Type.Object(Paging);
export const QueueQuery = Type.Object({ ...QueueFilter.properties, ...Paging });
export type QueueQuery = Static<typeof QueueQuery>;

/** Open holds: what the queue's head shows. `overdue` are due within the next 15 minutes or already. */
export const QueueCounts = Type.Object({
  open: Type.Integer(),
  byTier: Type.Object({ T2: Type.Integer(), T3: Type.Integer(), T4: Type.Integer() }),
  matured: Type.Integer(),
  dueSoon: Type.Integer(),
  mine: Type.Integer(),
  unassigned: Type.Integer(),
  escalated: Type.Integer(),
});
export type QueueCounts = Static<typeof QueueCounts>;

/** A filter that a person keeps; nobody else sees it. */
export const SavedView = Type.Object({
  viewId: Uuid,
  name: Type.String(),
  filter: QueueFilter,
});
export type SavedView = Static<typeof SavedView>;
export const SaveView = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 60 }), filter: QueueFilter },
  { additionalProperties: false },
);

/**
 * `GET /api/v1/events`, server-sent. Event names are `hold`, `case`, `policy` and `counts`; data is the JSON below. After a break the
 * client reads its list again; nothing is sent twice and nothing old is sent.
 */
export const LiveHold = Type.Object({
  holdId: Uuid,
  change: oneOf([
    'placed',
    'extended',
    'matured',
    'released',
    'cancelled',
    'expired',
    'acknowledged',
  ]),
  at: Instant,
});
export const LiveCase = Type.Object({ caseId: Uuid, work: CaseWork });
export const LivePolicy = Type.Object({
  policyVersionId: Uuid,
  state: oneOf(['draft', 'submitted', 'shadow', 'active', 'retired', 'rejected']),
});
export type LiveEvent =
  | { readonly event: 'hold'; readonly data: Static<typeof LiveHold> }
  | { readonly event: 'case'; readonly data: Static<typeof LiveCase> }
  | { readonly event: 'policy'; readonly data: Static<typeof LivePolicy> }
  | { readonly event: 'counts'; readonly data: QueueCounts };
