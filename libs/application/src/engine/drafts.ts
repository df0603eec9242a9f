/** Journal entries as the engine writes them: one function per type. */
import {
  SCORER,
  decisionIdOf,
  formatInstant,
  iso20022Of,
  uuidV5,
  ORDER_OF_STATUS,
  type AcknowledgedBody,
  type AcknowledgedPersonal,
  type AlertBody,
  type AlertPersonal,
  type Assessment,
  type BatchBody,
  type DecisionBody,
  type DecisionPersonal,
  type EntryDraft,
  type EntryType,
  type FeedHealth,
  type HoldAcknowledged,
  type HoldActor,
  type HoldBody,
  type HoldChange,
  type HoldPersonal,
  type Instant,
  type Json,
  type Notice,
  type Policy,
  type RefusedBody,
  type RefusedInput,
  type RefusedPersonal,
  type SubjectRef,
  type Weighing,
} from '#domain';
import type { Hashing } from '../ports/clock.ts';
import type { HoldRow } from '../ports/engine-store.ts';

export interface DecisionToWrite {
  readonly subject: SubjectRef;
  readonly payerId: string;
  readonly sequence: number;
  /** The assessment, or for refused input the fallback's weighing. */
  readonly weighing: Weighing & Partial<Pick<Assessment, 'facts' | 'refs'>>;
  readonly caseId?: string;
  readonly hold?: HoldRow;
  readonly wouldHold?: Pick<HoldRow, 'dueAt' | 'ceilingAt'> | undefined;
  readonly notice?: Notice;
  readonly policy: Policy;
  readonly feeds: FeedHealth;
  readonly lagMs: number;
  readonly late: boolean;
}

export function decisionDraft(
  decision: DecisionToWrite,
  at: Instant,
  hashing: Hashing,
): EntryDraft {
  const { subject, sequence, weighing, policy, notice, hold, wouldHold } = decision;
  const sha1 = (bytes: Uint8Array): Uint8Array => hashing.sha1(bytes);
  const iso20022 = isoOfDecision(decision);
  const body: DecisionBody = {
    decisionId: decisionIdOf(subject, sequence, sha1),
    sequence,
    ...(sequence === 1 ? {} : { supersedes: decisionIdOf(subject, sequence - 1, sha1) }),
    subjectKind: subject.kind,
    mode: policy.mode,
    outcome: weighing.outcome,
    tier: weighing.tier,
    ownTier: weighing.ownTier,
    lowered: weighing.lowered,
    score: weighing.score,
    reasons: weighing.reasons.map(({ code, tenths, refs, text }) => ({
      code,
      tenths,
      refs,
      text: { 'zh-CN': text['zh-CN'], en: text.en },
    })),
    facts: weighing.facts ?? null,
    ...(decision.caseId === undefined ? {} : { caseId: decision.caseId }),
    ...(hold === undefined ? {} : { hold: holdOfDecision(hold) }),
    ...(wouldHold === undefined
      ? {}
      : {
          wouldHold: {
            dueAt: formatInstant(wouldHold.dueAt),
            ceilingAt: formatInstant(wouldHold.ceilingAt),
          },
        }),
    context: {
      missingFeeds: decision.feeds.missing,
      ...(decision.feeds.stopped.length === 0 ? {} : { stoppedFeeds: decision.feeds.stopped }),
      lagMs: decision.lagMs,
      windowTruncated: weighing.facts?.windowTruncated ?? false,
    },
    ...(iso20022 === undefined ? {} : { iso20022 }),
    policy: { id: policy.id, version: policy.version, digest: policy.digest },
    scorer: SCORER,
    decidedAt: formatInstant(at),
    ...(decision.late ? { late: true } : {}),
  };
  const personal: DecisionPersonal = {
    payer: decision.payerId,
    subject: { source: subject.source, id: subject.id },
    refs: weighing.refs ?? [],
    ...(notice === undefined ? {} : { notice }),
  };
  return draft('decision.made', at, body, personal, decision.payerId);
}

/** Only what is really held is pending: in shadow mode everything goes on (CONTRACT, State table). */
function isoOfDecision({ subject, hold }: DecisionToWrite): string | undefined {
  if (subject.kind === 'draw') return undefined;
  return hold === undefined ? 'ACSP' : 'PDNG';
}

function holdOfDecision(hold: HoldRow): NonNullable<DecisionBody['hold']> {
  return {
    holdId: hold.holdId,
    dueAt: formatInstant(hold.dueAt),
    ceilingAt: formatInstant(hold.ceilingAt),
    expiryAction: hold.expiryAction,
  };
}

export interface HoldDraft {
  readonly hold: HoldRow;
  readonly change: 'placed' | HoldChange;
  readonly actor: HoldActor;
  readonly reason: string;
  /** The person behind it, where there is one. */
  readonly by?: string;
}

/** The entry of a hold's change; the order it gives follows from where the hold now stands. */
export function holdDraft(change: HoldDraft, at: Instant): EntryDraft {
  const { hold, actor, reason } = change;
  const iso20022 = iso20022Of(hold.subject.kind, hold.status, actor, hold.profile);
  const body: HoldBody = {
    holdId: hold.holdId,
    subjectKind: hold.subject.kind,
    decisionId: hold.decisionId,
    ...(hold.caseId === undefined ? {} : { caseId: hold.caseId }),
    tier: hold.tier,
    order: ORDER_OF_STATUS[hold.status],
    orderSequence: hold.orderSequence,
    attempt: hold.attempt,
    actor,
    reason,
    dueAt: formatInstant(hold.dueAt),
    ceilingAt: formatInstant(hold.ceilingAt),
    expiryAction: hold.expiryAction,
    ...(iso20022 === undefined ? {} : { iso20022 }),
  };
  const personal: HoldPersonal = {
    payer: hold.payerId,
    subject: { source: hold.subject.source, id: hold.subject.id },
    ...(change.by === undefined ? {} : { by: change.by }),
  };
  return draft(`hold.${change.change}`, at, body, personal, hold.payerId);
}

export interface AlertToRequest {
  readonly hold: HoldRow;
  readonly notice: Notice;
  readonly audience: AlertBody['audience'];
  readonly channel: string;
  readonly contactRef?: string;
}

/** An alert about a hold: once per hold, decision, audience, template where it is not the decision's own, and channel. */
export function alertDraft(alert: AlertToRequest, at: Instant, hashing: Hashing): EntryDraft {
  const { hold, notice, audience, channel, contactRef } = alert;
  const own = notice.template.startsWith('reminder') ? [notice.template] : [];
  const name = [hold.holdId, hold.decisionId, 'alert', audience, channel, ...own].join('\n');
  const body: AlertBody = {
    alertId: uuidV5(name, (bytes) => hashing.sha1(bytes)),
    holdId: hold.holdId,
    decisionId: hold.decisionId,
    audience,
    channel,
    locale: notice.locale,
    template: notice.template,
    version: notice.version,
  };
  const personal: AlertPersonal = {
    payer: hold.payerId,
    ...(contactRef === undefined ? {} : { contactRef }),
    notice,
  };
  return draft('alert.requested', at, body, personal, hold.payerId);
}

export function refusedDraft(input: RefusedInput, at: Instant): EntryDraft {
  const { topic, partition, offset, code, deadLetter, subject } = input;
  const body: RefusedBody = { topic, partition, offset, code };
  const personal: RefusedPersonal = { letter: deadLetter };
  return draft('record.refused', at, body, personal, subject?.payerId);
}

export function acknowledgedDraft(event: HoldAcknowledged, at: Instant): EntryDraft {
  const { holdId, orderSequence, order, result } = event;
  const body: AcknowledgedBody = { holdId, orderSequence, order, result };
  const personal: AcknowledgedPersonal = { payer: event.payer.accountId };
  return draft('hold.acknowledged', at, body, personal, event.payer.accountId);
}

export function batchDraft(body: BatchBody, at: Instant): EntryDraft {
  return draft('batch.consumed', at, body, {}, undefined);
}

type JsonObject = { readonly [key: string]: Json };

function draft(
  type: EntryType,
  at: Instant,
  body: JsonObject,
  personal: JsonObject,
  payerId: string | undefined,
): EntryDraft {
  return { type, at, body, personal, ...(payerId === undefined ? {} : { payerId }) };
}
