/** A case: what happened to one payer in one episode, told so that a reader understands it in seconds. */
import { Type, type Static } from 'typebox';
import { CaseLabel, CaseWork, QueueItem } from './queue.ts';
import {
  Account,
  Id,
  Instant,
  Money,
  Person,
  Reason,
  SubjectKind,
  Text,
  Tier,
  Uuid,
  maybe,
  oneOf,
} from './shapes.ts';

/** The rows of the timeline picture, top to bottom. */
export const LANES = [
  'call',
  'screen',
  'code',
  'credit',
  'savings',
  'transfer',
  'hold',
  'alert',
  'answer',
  'staff',
  'session',
] as const;

/** One thing that happened. Spans (calls, screen shares, holds) have `endAt`, or `running`. */
export const TimelineItem = Type.Object({
  id: Type.String({ description: 'what reasons and flows refer to' }),
  lane: oneOf(LANES),
  /** The event's own name: `call_started`, `transfer.requested`, `hold.placed`, `note`, … */
  kind: Type.String(),
  at: Instant,
  endAt: maybe(Instant),
  running: maybe(Type.Boolean()),
  text: Text,
  amount: maybe(Money),
  /** Other side: payee, lender/product, savings product. */
  counterpart: maybe(Type.String()),
  subject: maybe(Type.Object({ kind: SubjectKind, id: Id })),
  holdId: maybe(Uuid),
  tier: maybe(Tier),
  /** What people typed, shown as text only. */
  typed: maybe(Type.String()),
  by: maybe(Person),
});
export type TimelineItem = Static<typeof TimelineItem>;

/** Borrowed money that flows from a draw into a transfer. */
export const MoneyFlow = Type.Object({
  from: Type.String({ description: 'timeline id of the draw' }),
  to: Type.String({ description: 'timeline id of the transfer' }),
  amount: Money,
  lender: Type.String(),
  product: Type.String(),
});
export type MoneyFlow = Static<typeof MoneyFlow>;

/**
 * The last assessment of one subject. Reasons add up to `score`; `CAP_…` are negative and say that a family reached its limit. The odds
 * of a scam are `prior + score` decibans.
 */
export const ScoreView = Type.Object({
  decisionId: Uuid,
  subject: Type.Object({ kind: SubjectKind, id: Id }),
  holdId: maybe(Uuid),
  outcome: oneOf(['allow', 'warn', 'hold']),
  tier: Tier,
  score: Type.Number(),
  prior: Type.Number(),
  reasons: Type.Array(Reason),
  mode: oneOf(['live', 'shadow']),
  late: Type.Boolean(),
  missingFeeds: Type.Array(Type.String()),
  policy: Type.Object({ id: Type.String(), version: Type.String(), digest: Type.String() }),
  decidedAt: Instant,
  sequence: Type.Integer(),
});
export type ScoreView = Static<typeof ScoreView>;

export const NoticeSent = Type.Object({
  at: Instant,
  audience: oneOf(['payer', 'trusted_contact']),
  channel: Type.String(),
  locale: Type.String(),
  text: Type.String(),
  question: maybe(Type.String()),
});

export const PayerAnswer = Type.Object({
  at: Instant,
  answer: oneOf(['cancel', 'coached_yes', 'coached_no', 'reconfirm', 'appeal', 'explain']),
  typed: maybe(Type.String()),
});

/** Others who paid or tried to pay the same payee within 24 h. */
export const OtherPayer = Type.Object({
  payer: Account,
  payee: Account,
  lastAt: Instant,
  amount: Money,
  openHolds: Type.Integer(),
  caseId: maybe(Uuid),
});

export const FormerCase = Type.Object({
  caseId: Uuid,
  openedAt: Instant,
  holds: Type.Integer(),
  amount: Money,
  tier: Tier,
  label: maybe(CaseLabel),
  ends: Type.Array(Type.String({ description: 'released, cancelled, expired' })),
});

export const Note = Type.Object({
  noteId: Id,
  at: Instant,
  by: Person,
  text: Type.String(),
});

export const CONTACT_CHANNELS = ['phone', 'trusted_contact', 'branch', 'in_person'] as const;
export const CONTACT_OUTCOMES = [
  'reached_scam',
  'reached_legitimate',
  'reached_unsure',
  'on_other_call',
  'no_answer',
  'wrong_number',
] as const;

export const Contact = Type.Object({
  contactId: Id,
  at: Instant,
  by: Person,
  channel: oneOf(CONTACT_CHANNELS),
  outcome: oneOf(CONTACT_OUTCOMES),
  /** Answers to the call script, by question. */
  answers: Type.Record(Type.String(), Type.String()),
  text: maybe(Type.String()),
});

/** What to say, in the payer's language, one step after the other; a step may ask a question. */
export const ScriptStep = Type.Object({
  key: Type.String(),
  say: Text,
  /** Possible answers of the question; none where there is only something to say. */
  answers: Type.Array(Type.Object({ key: Type.String(), text: Text })),
});

export const Payer = Type.Object({
  account: Account,
  locale: oneOf(['zh-CN', 'en']),
  ageBand: maybe(Type.String()),
  vulnerable: Type.Boolean(),
  hasTrustedContact: Type.Boolean(),
  quietedPayees: Type.Integer(),
});

export const ReleaseRequest = Type.Object({
  requestId: Uuid,
  holdId: Uuid,
  by: Person,
  at: Instant,
  reason: Type.String(),
  contactId: maybe(Id),
  state: oneOf(['open', 'approved', 'declined', 'withdrawn']),
});

export const CaseView = Type.Object({
  work: CaseWork,
  openedAt: Instant,
  payer: Payer,
  holds: Type.Array(QueueItem),
  timeline: Type.Array(TimelineItem),
  flows: Type.Array(MoneyFlow),
  scores: Type.Array(ScoreView),
  notices: Type.Array(NoticeSent),
  answers: Type.Array(PayerAnswer),
  otherPayers: Type.Array(OtherPayer),
  formerCases: Type.Array(FormerCase),
  notes: Type.Array(Note),
  contacts: Type.Array(Contact),
  releaseRequests: Type.Array(ReleaseRequest),
  script: Type.Array(ScriptStep),
});
export type CaseView = Static<typeof CaseView>;
