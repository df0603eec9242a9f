/** Rows of the queue and the work on a case as the API shows them. */
import type { QueueRow } from '#application';
import { formatInstant, formatMinor, lockHolder, type CaseWork, type Instant } from '#domain';
import type { CaseWork as WorkView, QueueItem } from '../api/queue.ts';
import type { Money } from '../api/shapes.ts';
import { maskAccount } from './mask.ts';
import type { StaffNames } from './staff-names.ts';

export function moneyView(currency: string, minor: number): Money {
  return { currency, value: formatMinor({ currency, minor }) };
}

/** A lock that is over is not shown. */
export function workView(work: CaseWork, names: StaffNames, now: Instant): WorkView {
  const holder = lockHolder(work, now);
  return {
    caseId: work.caseId,
    ...(work.assignee === undefined ? {} : { assignee: names.person(work.assignee) }),
    ...(holder === undefined || work.lock === undefined
      ? {}
      : { lock: { by: names.person(holder), until: formatInstant(work.lock.until) } }),
    ...(work.label === undefined ? {} : { label: work.label }),
    escalated: work.escalatedAt !== undefined,
    ...(work.firstContactAt === undefined
      ? {}
      : { firstContactAt: formatInstant(work.firstContactAt) }),
    version: work.version,
  };
}

export function queueItem(row: QueueRow, names: StaffNames, now: Instant): QueueItem {
  const { hold, work, score, lenders } = row;
  const { ended, acknowledged } = hold;
  return {
    holdId: hold.holdId,
    case: workView(work, names, now),
    kind: hold.subject.kind,
    payer: maskAccount(hold.payerId),
    ...(hold.payeeId === undefined ? {} : { payee: maskAccount(hold.payeeId) }),
    amount: moneyView(hold.currency, hold.amountMinor),
    tier: hold.tier,
    state: hold.status,
    ...(score === undefined ? {} : { score: score / 10 }),
    reasonCodes: hold.reasonCodes.filter((code) => !/^(M\d|CAP_)/.test(code)),
    lenders: lenders.filter((one) => one.includes('/')),
    placedAt: formatInstant(hold.placedAt),
    dueAt: formatInstant(hold.dueAt),
    ceilingAt: formatInstant(hold.ceilingAt),
    orderSequence: hold.orderSequence,
    acknowledged: acknowledged?.orderSequence === hold.orderSequence,
    ...(ended === undefined
      ? {}
      : { ended: { at: formatInstant(ended.at), actor: ended.actor, reason: ended.reason } }),
  };
}
