/** The data of every event that we publish, from what the journal holds. Field names and shapes are CONTRACT's, Outputs. */
import type {
  AlertBody,
  AlertPersonal,
  DecibanTenths,
  DecisionBody,
  DecisionPersonal,
  HoldBody,
  HoldPersonal,
  Instant,
  JournaledReason,
  Notice,
  RecallBody,
  RecallPersonal,
} from '#domain';
import { formatInstant } from '#domain';
import { eventType, OUR_SOURCE, type OutputKind } from '../topics.ts';

/** A CloudEvent in structured mode. Members are in the order in which they are printed. */
export interface OutputEvent<Data = object> {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: typeof OUR_SOURCE;
  readonly type: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: Data;
}

/** A decision as the journal has it, or will have it. */
export interface JournaledDecision {
  readonly body: DecisionBody;
  readonly personal: DecisionPersonal;
}

type DecisionData = ReturnType<typeof decisionData>;
type AssessmentData = ReturnType<typeof assessmentData>;

/** `decision.made`: what anybody who obeys may see, neither score nor reasons. */
export function decisionEvent({ body, personal }: JournaledDecision): OutputEvent<DecisionData> {
  return event('decision.made', body.decisionId, body.decidedAt, decisionData({ body, personal }));
}

/** `assessment.made`: the decision with score and reasons, for restricted readers and for `lengjing replay`. */
export function assessmentEvent(decision: JournaledDecision): OutputEvent<AssessmentData> {
  const { decisionId, decidedAt } = decision.body;
  return event('assessment.made', `${decisionId}:assessment`, decidedAt, assessmentData(decision));
}

/** `hold.placed` and what follows. `at` is when the journal had it. */
export function holdEvent(
  kind: Extract<OutputKind, `hold.${string}`>,
  at: Instant,
  body: HoldBody,
  personal: HoldPersonal,
): OutputEvent {
  // The kind is part of the id: a hold may mature without a new order.
  const id = `${body.holdId}:${body.orderSequence}:${body.attempt}:${kind}`;
  return event(kind, id, formatInstant(at), {
    holdId: body.holdId,
    ...(body.caseId === undefined ? {} : { caseId: body.caseId }),
    subject: { kind: body.subjectKind, id: personal.subject.id },
    payer: { accountId: personal.payer },
    order: body.order,
    orderSequence: body.orderSequence,
    attempt: body.attempt,
    actor: body.actor,
    reason: body.reason,
    dueAt: body.dueAt,
    ceilingAt: body.ceilingAt,
    ...(body.iso20022 === undefined ? {} : { iso20022: body.iso20022 }),
  });
}

/** The money had left before it could be stopped: the processor asks it back from the payee's side. Once per hold. */
export function recallEvent(at: Instant, body: RecallBody, personal: RecallPersonal): OutputEvent {
  return event('recall.requested', `${body.holdId}:recall`, formatInstant(at), {
    holdId: body.holdId,
    subject: { kind: body.subjectKind, id: personal.subject.id },
    payer: { accountId: personal.payer },
    reason: body.reason,
    ...(body.iso20022 === undefined ? {} : { iso20022: body.iso20022 }),
  });
}

export function alertEvent(at: Instant, body: AlertBody, personal: AlertPersonal): OutputEvent {
  return event('alert.requested', body.alertId, formatInstant(at), {
    alertId: body.alertId,
    payer: { accountId: personal.payer },
    ...(body.holdId === undefined ? {} : { holdId: body.holdId }),
    audience: body.audience,
    ...(personal.contactRef === undefined ? {} : { contactRef: personal.contactRef }),
    channel: body.channel,
    locale: body.locale,
    notice: noticeData(personal.notice),
  });
}

function event<Data>(kind: OutputKind, id: string, time: string, data: Data): OutputEvent<Data> {
  return {
    specversion: '1.0',
    id,
    source: OUR_SOURCE,
    type: eventType(kind),
    time,
    datacontenttype: 'application/json',
    data,
  };
}

function decisionData({ body, personal }: JournaledDecision) {
  const { notice } = personal;
  return {
    decisionId: body.decisionId,
    sequence: body.sequence,
    ...(body.supersedes === undefined ? {} : { supersedes: body.supersedes }),
    subject: { kind: body.subjectKind, id: personal.subject.id },
    payer: { accountId: personal.payer },
    mode: body.mode,
    outcome: body.outcome,
    tier: body.tier,
    reasonCodes: body.reasons.map((reason) => reason.code),
    ...(notice === undefined ? {} : { notice: noticeData(notice) }),
    ...(body.caseId === undefined ? {} : { caseId: body.caseId }),
    ...(body.hold === undefined ? {} : { hold: holdData(body.hold) }),
    context: {
      missingFeeds: body.context.missingFeeds,
      ...(body.context.stoppedFeeds === undefined
        ? {}
        : { stoppedFeeds: body.context.stoppedFeeds }),
      lagMs: body.context.lagMs,
      windowTruncated: body.context.windowTruncated,
    },
    ...(body.iso20022 === undefined ? {} : { iso20022: body.iso20022 }),
    policy: { id: body.policy.id, version: body.policy.version, digest: body.policy.digest },
    scorer: body.scorer,
    decidedAt: body.decidedAt,
    ...(body.late === undefined ? {} : { late: body.late }),
  };
}

function assessmentData(decision: JournaledDecision) {
  const { body, personal } = decision;
  return {
    ...decisionData(decision),
    ...(body.wouldHold === undefined ? {} : { wouldHold: { ...body.wouldHold } }),
    score: scoreText(body.score),
    reasons: body.reasons.map((reason) => reasonData(reason, personal.refs)),
  };
}

function reasonData(reason: JournaledReason, refs: readonly string[]) {
  return {
    code: reason.code,
    decibans: reason.tenths / 10,
    evidence: reason.refs.flatMap((ref) => refs[ref] ?? []),
    text: { 'zh-CN': reason.text['zh-CN'], en: reason.text.en },
  };
}

function holdData(hold: NonNullable<DecisionBody['hold']>) {
  const { holdId, dueAt, ceilingAt, expiryAction } = hold;
  return { holdId, dueAt, ceilingAt, expiryAction };
}

function noticeData(notice: Notice) {
  return {
    template: notice.template,
    version: notice.version,
    text: notice.text,
    ...(notice.question === undefined ? {} : { question: notice.question }),
    actions: notice.actions.map(({ action, label }) => ({ action, label })),
  };
}

/** Exactly one decimal: 123 → "12.3", -5 → "-0.5". */
function scoreText(tenths: DecibanTenths): string {
  const magnitude = Math.abs(tenths);
  return `${tenths < 0 ? '-' : ''}${Math.floor(magnitude / 10)}.${magnitude % 10}`;
}
