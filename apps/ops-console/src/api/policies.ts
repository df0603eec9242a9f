/** Policies: versions with author, from draft over shadow to active and back. */
import { Type, type Static } from 'typebox';
import { Id, Instant, Money, Person, Text, Tier, Uuid, maybe, oneOf } from './shapes.ts';

export const POLICY_STATES = [
  'draft',
  'submitted',
  'shadow',
  'active',
  'retired',
  'rejected',
] as const;

export const PolicyVersion = Type.Object({
  policyVersionId: Uuid,
  policyId: Type.String(),
  version: Type.String(),
  digest: Type.String(),
  state: oneOf(POLICY_STATES),
  title: Type.String(),
  author: Person,
  createdAt: Instant,
  submittedAt: maybe(Instant),
  approver: maybe(Person),
  activatedAt: maybe(Instant),
  retiredAt: maybe(Instant),
  basedOn: maybe(Uuid),
});
export type PolicyVersion = Static<typeof PolicyVersion>;

export const PolicyDocument = Type.Object({
  ...PolicyVersion.properties,
  /** As `policy.schema.json` says. */
  document: Type.Unknown(),
});

export const LintFinding = Type.Object({
  severity: oneOf(['error', 'warning']),
  path: Type.String({ description: 'JSON pointer into the document' }),
  line: maybe(Type.Integer()),
  message: Type.String(),
});
export const LintReport = Type.Object({ ok: Type.Boolean(), findings: Type.Array(LintFinding) });
export type LintReport = Static<typeof LintReport>;

/** One difference in words and numbers. */
export const PolicyChange = Type.Object({
  path: Type.String(),
  before: maybe(Type.Unknown()),
  after: maybe(Type.Unknown()),
  text: Text,
});
export const PolicyDiff = Type.Object({ from: Uuid, to: Uuid, changes: Type.Array(PolicyChange) });
export type PolicyDiff = Static<typeof PolicyDiff>;

const Counted = Type.Object({
  T0: Type.Integer(),
  T1: Type.Integer(),
  T2: Type.Integer(),
  T3: Type.Integer(),
  T4: Type.Integer(),
});

/** A decision that another policy would have made otherwise. */
export const ChangedDecision = Type.Object({
  decisionId: Uuid,
  caseId: maybe(Uuid),
  kind: oneOf(['transfer', 'draw']),
  amount: Money,
  at: Instant,
  before: Tier,
  after: Tier,
  label: maybe(oneOf(['scam', 'legitimate', 'unsure'])),
});

/** What the draft would have done to decisions on record, weighed again from their facts. */
export const Backtest = Type.Object({
  policyVersionId: Uuid,
  from: Instant,
  to: Instant,
  decisions: Type.Integer(),
  /** Decided without facts (refused input): left out. */
  skipped: Type.Integer(),
  truncated: Type.Boolean({ description: 'more decisions than one run may read' }),
  before: Counted,
  after: Counted,
  changed: Type.Integer(),
  examples: Type.Array(ChangedDecision),
  labelled: Type.Object({
    scam: Type.Object({
      total: Type.Integer(),
      heldBefore: Type.Integer(),
      heldAfter: Type.Integer(),
    }),
    legitimate: Type.Object({
      total: Type.Integer(),
      heldBefore: Type.Integer(),
      heldAfter: Type.Integer(),
    }),
  }),
  /** What the facts on record cannot show: changed windows and catalogues. */
  cannotShow: Type.Array(Text),
});
export type Backtest = Static<typeof Backtest>;

export const BacktestRequest = Type.Object(
  { days: Type.Integer({ minimum: 1, maximum: 90 }) },
  { additionalProperties: false },
);

/** The shadow policy beside the live one, since it was put there. */
export const ShadowReport = Type.Object({
  policyVersionId: Uuid,
  since: Instant,
  decisions: Type.Integer(),
  before: Counted,
  after: Counted,
  changed: Type.Integer(),
  examples: Type.Array(ChangedDecision),
});
export type ShadowReport = Static<typeof ShadowReport>;

export const CreateDraft = Type.Object(
  {
    title: Type.String({ minLength: 1, maxLength: 120 }),
    basedOn: maybe(Uuid),
    document: Type.Unknown(),
  },
  { additionalProperties: false },
);
export const ChangeDraft = Type.Object(
  { title: maybe(Type.String({ minLength: 1, maxLength: 120 })), document: Type.Unknown() },
  { additionalProperties: false },
);
export const PolicyStep = Type.Object(
  { comment: maybe(Type.String({ maxLength: 2_000 })) },
  { additionalProperties: false },
);
export const PolicyRef = Id;

export const DiffQuery = Type.Object({
  against: maybe(Type.String({ description: 'a version; the live one unless told' })),
});
