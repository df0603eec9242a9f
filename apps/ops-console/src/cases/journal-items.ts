/** What the journal tells about a payer, for a case: decisions as scores, holds, alerts and acts of staff as timeline items. */
import {
  formatInstant,
  type AlertBody,
  type AlertPersonal,
  type DecisionBody,
  type DecisionPersonal,
  type HoldBody,
  type Json,
  type SealedEntry,
  type StaffBody,
  type StaffPersonal,
} from '#domain';
import type { Contact, MoneyFlow, Note, ScoreView, TimelineItem } from '../api/case.ts';
import { CONTACT_CHANNELS, CONTACT_OUTCOMES } from '../api/case.ts';
import type { Text } from '../api/shapes.ts';
import type { Static } from 'typebox';
import { moneyView } from './queue-view.ts';
import type { StaffNames } from './staff-names.ts';

const both = (zh: string, en: string): Text => ({ 'zh-CN': zh, en });

/** An entry with its personal values, as far as they were not erased. */
export interface ReadEntry<Body, Personal> {
  readonly id: string;
  readonly at: string;
  readonly type: string;
  readonly body: Body;
  readonly personal: Partial<Personal>;
}

export function readEntry<Body, Personal>(entry: SealedEntry): ReadEntry<Body, Personal> {
  const { body } = JSON.parse(entry.canonical) as { readonly body: Json };
  const personal = Object.fromEntries(entry.disclosures.map(({ name, value }) => [name, value]));
  return {
    id: `journal:${entry.chain}-${entry.sequence}`,
    at: formatInstant(entry.at),
    type: entry.type,
    body: body as Body,
    personal: personal as Partial<Personal>,
  };
}

export type Decision = ReadEntry<DecisionBody, DecisionPersonal>;

/** The prior odds of SCORING: one payment in ten thousand. */
const PRIOR_DECIBANS = -40;

/** An assessment in words. Its references are ids of timeline items. */
export function scoreView({ body, personal }: Decision): ScoreView {
  const refs = personal.refs ?? [];
  return {
    decisionId: body.decisionId,
    subject: { kind: body.subjectKind, id: personal.subject?.id ?? '' },
    ...(body.hold === undefined ? {} : { holdId: body.hold.holdId }),
    outcome: body.outcome,
    tier: body.tier,
    score: body.score / 10,
    prior: PRIOR_DECIBANS,
    reasons: body.reasons.map((reason) => ({
      code: reason.code,
      decibans: reason.tenths / 10,
      text: { ...reason.text },
      evidence: reason.refs.flatMap((ref) => refs[ref] ?? []),
    })),
    mode: body.mode,
    late: body.late === true,
    missingFeeds: [...body.context.missingFeeds],
    policy: { ...body.policy },
    decidedAt: body.decidedAt,
    sequence: body.sequence,
  };
}

/** Borrowed money of a decision, from each draw to the subject. */
export function moneyFlows({ body, personal }: Decision): MoneyFlow[] {
  const { facts } = body;
  const refs = personal.refs ?? [];
  const to = facts === null ? undefined : refs[facts.self];
  if (facts === null || to === undefined) return [];
  return (facts.traced?.parts ?? []).flatMap(({ ref, minor, lender, product }) => {
    const from = refs[ref];
    if (from === undefined) return [];
    return [{ from, to, amount: moneyView(facts.currency, minor), lender, product }];
  });
}

const HOLD_CHANGES: Readonly<Record<string, Text>> = {
  'hold.extended': both('冷静时间延长', 'the hold is extended'),
  'hold.matured': both('冷静期满，等付款人再次确认', 'due: waits for the payer to confirm again'),
  'hold.released': both('放行', 'released'),
  'hold.cancelled': both('取消', 'cancelled'),
  'hold.expired': both('到期取消', 'expired and cancelled'),
};

/** One span for each hold, from placing to end, and a point for each change in between. */
export function holdItems(entries: readonly ReadEntry<HoldBody, object>[]): TimelineItem[] {
  const spans = new Map<string, TimelineItem>();
  const points: TimelineItem[] = [];
  for (const { id, at, type, body } of entries) {
    const { holdId, tier, actor, reason } = body;
    if (type === 'hold.placed') {
      const subject = body.subjectKind === 'draw' ? both('借款', 'draw') : both('转账', 'transfer');
      const text = both(`拦下${subject['zh-CN']}（${tier}）`, `${subject.en} held (${tier})`);
      spans.set(holdId, { id, lane: 'hold', kind: type, at, text, holdId, tier, running: true });
      continue;
    }
    const text = HOLD_CHANGES[type];
    if (text === undefined) continue;
    const told = both(
      `${text['zh-CN']}（${actor}：${reason}）`,
      `${text.en} (${actor}: ${reason})`,
    );
    points.push({ id, lane: 'hold', kind: type, at, text: told, holdId, tier });
    const span = spans.get(holdId);
    if (span === undefined || type === 'hold.extended' || type === 'hold.matured') continue;
    delete span.running;
    span.endAt = at;
  }
  return [...spans.values(), ...points];
}

export function alertItem({
  id,
  at,
  body,
  personal,
}: ReadEntry<AlertBody, AlertPersonal>): TimelineItem {
  return {
    id,
    lane: 'alert',
    kind: 'alert.requested',
    at,
    text: both(`通知付款人（${body.channel}）`, `the payer is told (${body.channel})`),
    ...(body.holdId === undefined ? {} : { holdId: body.holdId }),
    ...(personal.notice === undefined ? {} : { typed: personal.notice.text }),
  };
}

export type StaffEntry = ReadEntry<StaffBody, StaffPersonal>;

const ACTS: Readonly<Partial<Record<StaffBody['act'], Text>>> = {
  case_assigned: both('分派', 'assigned'),
  case_noted: both('记录', 'a note'),
  case_contacted: both('联系付款人', 'contact with the payer'),
  case_escalated: both('请主管处理', 'calls for a supervisor'),
  case_labelled: both('定性', 'says what it was'),
  case_lock_broken: both('解除他人锁定', 'breaks a lock'),
  payer_unmasked: both('查看完整账号', 'looks at the full accounts'),
};

/** Undefined for acts that are not about a case. */
export function staffItem(entry: StaffEntry, names: StaffNames): TimelineItem | undefined {
  const { id, at, body, personal } = entry;
  const text = ACTS[body.act];
  if (text === undefined) return undefined;
  const detail = body.label ?? body.outcome;
  return {
    id,
    lane: 'staff',
    kind: body.act,
    at,
    text:
      detail === undefined ? text : both(`${text['zh-CN']}：${detail}`, `${text.en}: ${detail}`),
    ...(personal.text === undefined ? {} : { typed: personal.text }),
    ...(personal.by === undefined ? {} : { by: names.person(personal.by) }),
  };
}

/** Erased texts leave a note without its words: that somebody wrote it stays. */
export function noteOf(entry: StaffEntry, names: StaffNames): Static<typeof Note> {
  const { id, at, personal } = entry;
  const text = personal.text ?? '';
  return { noteId: id, at, by: names.person(personal.by ?? ''), text };
}

export function contactOf(entry: StaffEntry, names: StaffNames): Static<typeof Contact> {
  const { id, at, body, personal } = entry;
  return {
    contactId: id,
    at,
    by: names.person(personal.by ?? ''),
    channel: CONTACT_CHANNELS.find((one) => one === body.channel) ?? 'phone',
    outcome: CONTACT_OUTCOMES.find((one) => one === body.outcome) ?? 'reached_unsure',
    answers: { ...personal.answers },
    ...(personal.text === undefined ? {} : { text: personal.text }),
  };
}
