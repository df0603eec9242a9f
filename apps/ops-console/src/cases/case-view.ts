/** A whole case for the screen: read in a few bounded statements, told in items. */
import type { CareStore, CaseDesk, OtherPayer, QueueRow } from '#application';
import {
  DAY_MS,
  formatInstant,
  type AlertBody,
  type AlertPersonal,
  type HoldBody,
  type Instant,
  type PayerAnswer,
  type PlatformEvent,
  type Policy,
  type SealedEntry,
  type StaffBody,
  type StaffPersonal,
} from '#domain';
import type { CaseView, ScoreView } from '../api/case.ts';
import { callScript } from './call-script.ts';
import {
  alertItem,
  contactOf,
  holdItems,
  moneyFlows,
  noteOf,
  readEntry,
  scoreView,
  staffItem,
  type Decision,
  type StaffEntry,
} from './journal-items.ts';
import { maskAccount } from './mask.ts';
import { moneyView, queueItem, workView } from './queue-view.ts';
import type { StaffNames } from './staff-names.ts';
import { evidenceItems } from './timeline.ts';

export interface CaseReads {
  readonly desk: CaseDesk;
  readonly policy: () => Policy;
  readonly care: Pick<CareStore, 'releaseRequestsOf'>;
}

/** Undefined where there is no such case. */
export async function readCase(
  { desk, policy, care }: CaseReads,
  caseId: string,
  names: StaffNames,
  now: Instant,
): Promise<CaseView | undefined> {
  const rows = await desk.holdsOfCase(caseId);
  const [first] = rows;
  if (first === undefined) return undefined;
  const { payerId, partition } = first.hold;
  const from = first.hold.placedAt - DAY_MS;
  const lastAt = Math.max(...rows.map(({ hold }) => hold.ended?.at ?? hold.placedAt));
  const payeeIds = [...new Set(rows.flatMap(({ hold }) => hold.payeeId ?? []))];
  const [entries, events, profile, others, former, releases] = await Promise.all([
    desk.entriesOfPayer(payerId, from),
    desk.evidence(partition, payerId, from, lastAt + DAY_MS),
    desk.profile(payerId),
    desk.otherPayers(payeeIds, payerId, from),
    desk.formerHolds(payerId, caseId),
    care.releaseRequestsOf(rows.map(({ hold }) => hold.holdId)),
  ]);
  const told = toldBy(entries, rows, events, names);
  const items = [...evidenceItems(events, policy(), now), ...told.items];
  return {
    work: workView(first.work, names, now),
    openedAt: formatInstant(first.hold.placedAt),
    payer: {
      account: maskAccount(payerId),
      locale: profile?.locale?.toLowerCase().startsWith('en') === true ? 'en' : 'zh-CN',
      ...(profile?.ageBand === undefined ? {} : { ageBand: profile.ageBand }),
      vulnerable: profile?.vulnerable === true,
      hasTrustedContact: profile?.trustedContactRef !== undefined,
      quietedPayees: 0,
    },
    holds: rows.map((row) => queueItem(row, names, now)),
    timeline: items.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)),
    flows: told.flows,
    scores: told.scores,
    notices: told.notices,
    answers: answersOf(events),
    otherPayers: others.map((other) => otherView(other, first.hold.currency)),
    formerCases: formerCases(former),
    notes: told.notes,
    contacts: told.contacts,
    releaseRequests: releases.map(({ requestId, holdId, by, at, reason, state }) => ({
      requestId,
      holdId,
      by: names.person(by),
      at: formatInstant(at),
      reason,
      state,
    })),
    script: callScript(rows.flatMap(({ hold }) => hold.reasonCodes)),
  };
}

type Told = Pick<CaseView, 'flows' | 'scores' | 'notices' | 'notes' | 'contacts'> & {
  items: CaseView['timeline'];
};

function toldBy(
  entries: readonly SealedEntry[],
  rows: readonly QueueRow[],
  events: readonly PlatformEvent[],
  names: StaffNames,
): Told {
  const of = <Body, Personal>(wanted: (type: string) => boolean) =>
    entries.filter(({ type }) => wanted(type)).map((entry) => readEntry<Body, Personal>(entry));
  const holdIds = new Set(rows.map(({ hold }) => hold.holdId));
  const alerts = of<AlertBody, AlertPersonal>((type) => type === 'alert.requested');
  const holds = of<HoldBody, object>(
    (type) => type.startsWith('hold.') && type !== 'hold.acknowledged',
  );
  const acts = of<StaffBody, StaffPersonal>((type) => type === 'staff.acted').filter(
    ({ body }) => body.caseId === rows[0]?.work.caseId,
  );
  const decisions = latest(entries, events);
  const byAct = (act: StaffBody['act']): StaffEntry[] =>
    acts.filter(({ body }) => body.act === act);
  return {
    items: [
      ...holdItems(holds.filter(({ body }) => holdIds.has(body.holdId))),
      ...alerts.map(alertItem),
      ...acts.flatMap((act) => staffItem(act, names) ?? []),
    ],
    flows: decisions.flatMap(moneyFlows),
    scores: decisions.map(scoreView).sort(strongestFirst),
    notices: alerts.flatMap(({ at, body, personal: { notice } }) =>
      notice === undefined
        ? []
        : [
            {
              at,
              audience: body.audience,
              channel: body.channel,
              locale: notice.locale,
              text: notice.text,
              ...(notice.question === undefined ? {} : { question: notice.question }),
            },
          ],
    ),
    notes: byAct('case_noted').map((entry) => noteOf(entry, names)),
    contacts: byAct('case_contacted').map((entry) => contactOf(entry, names)),
  };
}

/** The last decision about each subject; those about whose request nothing is known any more are left to the journal. */
function latest(entries: readonly SealedEntry[], events: readonly PlatformEvent[]): Decision[] {
  const requested = new Set<string>();
  for (const event of events) {
    if (event.kind === 'transfer.requested') requested.add(`transfer ${event.transferId}`);
    if (event.kind === 'credit.draw-requested') requested.add(`draw ${event.drawId}`);
  }
  const last = new Map<string, Decision>();
  for (const entry of entries) {
    if (entry.type !== 'decision.made') continue;
    const decision: Decision = readEntry(entry);
    const key = `${decision.body.subjectKind} ${decision.personal.subject?.id ?? ''}`;
    if (requested.has(key) || decision.body.outcome === 'hold') last.set(key, decision);
  }
  return [...last.values()];
}

function strongestFirst(a: ScoreView, b: ScoreView): number {
  return b.score - a.score;
}

function answersOf(events: readonly PlatformEvent[]): CaseView['answers'] {
  return events.flatMap((event) => {
    if (event.kind !== 'payer.responded') return [];
    const answer: PayerAnswer = event.answer;
    const at = formatInstant(event.time);
    return [{ at, answer, ...(event.text === undefined ? {} : { typed: event.text }) }];
  });
}

function otherView(other: OtherPayer, currency: string): CaseView['otherPayers'][number] {
  return {
    payer: maskAccount(other.payerId),
    payee: maskAccount(other.payeeId),
    lastAt: formatInstant(other.lastAt),
    amount: moneyView(currency, other.minor),
    openHolds: other.openHolds,
    ...(other.caseId === undefined ? {} : { caseId: other.caseId }),
  };
}

function formerCases(rows: readonly QueueRow[]): CaseView['formerCases'] {
  const cases = new Map<string, QueueRow[]>();
  for (const row of rows) {
    const { caseId } = row.work;
    cases.set(caseId, [...(cases.get(caseId) ?? []), row]);
  }
  return [...cases].map(([caseId, holds]) => {
    const [newest] = holds;
    const oldest = holds.at(-1);
    const label = newest?.work.label;
    return {
      caseId,
      openedAt: formatInstant(oldest?.hold.placedAt ?? 0),
      holds: holds.length,
      amount: moneyView(
        newest?.hold.currency ?? 'CNY',
        holds.reduce((sum, { hold }) => sum + hold.amountMinor, 0),
      ),
      tier:
        holds
          .map(({ hold }) => hold.tier)
          .sort()
          .at(-1) ?? 'T2',
      ...(label === undefined ? {} : { label }),
      ends: [...new Set(holds.map(({ hold }) => hold.status))],
    };
  });
}
