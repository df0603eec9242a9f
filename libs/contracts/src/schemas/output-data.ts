/** JSON Schemas of what we publish: the contract's table of outputs. Every encoded event is tested against them. */
import { TIERS } from '#domain';
import { integer, time as instant, token as opaque } from '../shape/leaves.ts';
import type { Schema } from '../shape/shape.ts';
import type { OutputKind } from '../topics.ts';

type Members = { readonly [name: string]: Schema };

/** Members may be added within a version, so none is forbidden. */
function record(required: Members, optional: Members = {}): Schema {
  return {
    type: 'object',
    required: Object.keys(required),
    properties: { ...required, ...optional },
  };
}

function listOf(items: Schema): Schema {
  return { type: 'array', items };
}

const token = opaque.schema;
const text: Schema = { type: 'string', minLength: 1 };
const time = instant.schema;
const count = integer(1, Number.MAX_SAFE_INTEGER).schema;
const uuid: Schema = {
  type: 'string',
  pattern: '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$',
};

const caseId: Schema = {
  ...uuid,
  description: 'the case: holds of one payer in one episode have the same',
};

const subject = record({ kind: { enum: ['transfer', 'draw'] }, id: token });
const payer = record({ accountId: token });
const notice = record(
  {
    template: text,
    version: text,
    text,
    actions: listOf(record({ action: text, label: text })),
  },
  { question: text },
);
const iso20022: Schema = {
  enum: ['ACSP', 'PDNG', 'RJCT/DS02', 'RJCT/FRAD', 'RJCT/RR04', 'RJCT/DS24'],
  description: 'payment status and reason; absent for draws',
};

const decisionRequired: Members = {
  decisionId: uuid,
  sequence: count,
  subject,
  payer,
  mode: { enum: ['live', 'shadow'] },
  outcome: { enum: ['allow', 'warn', 'hold'] },
  tier: { enum: TIERS },
  reasonCodes: listOf(text),
  context: record(
    {
      missingFeeds: {
        ...listOf(text),
        description: 'topics that never spoke on the payer’s partition, or have stopped',
      },
      lagMs: { type: 'integer', minimum: 0 },
      windowTruncated: { type: 'boolean' },
    },
    { stoppedFeeds: { ...listOf(text), description: 'of missingFeeds those that spoke once' } },
  ),
  policy: record({
    id: text,
    version: text,
    digest: { type: 'string', pattern: '^[0-9a-f]{64}$' },
  }),
  scorer: text,
  decidedAt: time,
};

const decisionOptional: Members = {
  supersedes: uuid,
  caseId,
  notice,
  hold: record({
    holdId: uuid,
    dueAt: time,
    ceilingAt: time,
    expiryAction: { enum: ['reconfirm', 'release', 'reject'] },
  }),
  iso20022,
  late: { const: true },
};

const decision = record(decisionRequired, decisionOptional);

const assessment = record(
  {
    ...decisionRequired,
    score: {
      type: 'string',
      pattern: '^(?:-(?!0\\.0$))?(?:0|[1-9][0-9]*)\\.[0-9]$',
      description: 'decibans with one decimal; the decibans of the reasons sum to it',
    },
    reasons: {
      ...listOf(
        record({
          code: text,
          decibans: { type: 'number' },
          evidence: listOf(text),
          text: record({ 'zh-CN': text, en: text }),
        }),
      ),
      description: 'strongest first, mitigations included; evidence is <source>#<id>',
    },
  },
  {
    ...decisionOptional,
    wouldHold: {
      ...record({ dueAt: time, ceilingAt: time }),
      description: 'in shadow mode: until when it would have been held',
    },
  },
);

const hold = record(
  {
    holdId: uuid,
    subject,
    payer,
    order: { enum: ['hold', 'release', 'cancel'] },
    orderSequence: count,
    attempt: count,
    actor: { enum: ['clock', 'payer', 'analyst', 'authority', 'processor'] },
    reason: text,
    dueAt: time,
    ceilingAt: time,
  },
  { iso20022, caseId },
);

const recall = record(
  {
    holdId: uuid,
    subject,
    payer,
    reason: { enum: ['too_late', 'payer_cancelled', 'scam_confirmed', 'instruction_stop'] },
  },
  { iso20022 },
);

const alert = record(
  {
    alertId: text,
    payer,
    audience: { enum: ['payer', 'trusted_contact'] },
    channel: text,
    locale: { enum: ['zh-CN', 'en'] },
    notice,
  },
  { holdId: uuid, contactRef: token },
);

/** Of `data`, by kind. */
export const OUTPUT_SCHEMAS: Readonly<Record<OutputKind, Schema>> = {
  'decision.made': decision,
  'assessment.made': assessment,
  'hold.placed': hold,
  'hold.extended': hold,
  'hold.matured': hold,
  'hold.released': hold,
  'hold.cancelled': hold,
  'hold.expired': hold,
  'recall.requested': recall,
  'alert.requested': alert,
};
