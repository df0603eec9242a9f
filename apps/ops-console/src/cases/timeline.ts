/** The episode as items on one time axis: spans for what lasts, points for what happens. */
import {
  evidenceRef,
  formatInstant,
  type Instant,
  type PlatformEvent,
  type Policy,
  type SessionObserved,
} from '#domain';
import type { TimelineItem } from '../api/case.ts';
import { maskAccount } from './mask.ts';
import { moneyView } from './queue-view.ts';
import { eventText } from './timeline-text.ts';

type Lane = TimelineItem['lane'];

/** A call or a share without an end is taken as ended after four hours (SCORING §5). */
const SPAN_MS_MAX = 4 * 3_600_000;

const SPAN_ENDS: Readonly<Record<string, string>> = {
  call_started: 'call_ended',
  screen_share_started: 'screen_share_ended',
};

/** Items of the payer's evidence, oldest first. What says nothing to a reader (profile updates, acknowledgements) is left out. */
export function evidenceItems(
  events: readonly PlatformEvent[],
  policy: Policy,
  now: Instant,
): TimelineItem[] {
  const items: TimelineItem[] = [];
  const open = new Map<string, { item: TimelineItem; at: Instant }>();
  for (const event of events) {
    if (event.kind === 'session.observed' && closeSpan(event, open)) continue;
    const lane = laneOf(event);
    if (lane === undefined) continue;
    const item = itemOf(event, lane, policy);
    items.push(item);
    if (event.kind === 'session.observed' && SPAN_ENDS[event.signal] !== undefined) {
      open.set(SPAN_ENDS[event.signal] ?? '', { item, at: event.time });
    }
  }
  for (const { item, at } of open.values()) {
    if (now < at + SPAN_MS_MAX) item.running = true;
    else item.endAt = formatInstant(at + SPAN_MS_MAX);
  }
  return items;
}

/** True when the event ends a span that began before: it is no item of its own. */
function closeSpan(
  event: SessionObserved,
  open: Map<string, { item: TimelineItem; at: Instant }>,
): boolean {
  const begun = open.get(event.signal);
  if (begun === undefined) return false;
  begun.item.endAt = formatInstant(Math.min(event.time, begun.at + SPAN_MS_MAX));
  open.delete(event.signal);
  return true;
}

function laneOf(event: PlatformEvent): Lane | undefined {
  switch (event.kind) {
    case 'session.observed':
      return sessionLane(event);
    case 'savings.redeemed':
      return 'savings';
    case 'credit.line-opened':
    case 'credit.limit-viewed':
    case 'credit.draw-requested':
    case 'credit.drawn':
    case 'credit.draw-cancelled':
    case 'credit.repaid':
      return 'credit';
    case 'code.observed':
    case 'code.matched':
      return 'code';
    case 'transfer.requested':
    case 'transfer.settled':
    case 'transfer.failed':
    case 'transfer.cancelled':
    case 'funds.received':
    case 'merchant.ordered':
      return 'transfer';
    case 'payer.responded':
      return 'answer';
    case 'instruction.received':
      return 'hold';
    case 'hold.acknowledged':
    case 'payer.updated':
      return undefined;
  }
}

function sessionLane({ signal }: SessionObserved): Lane {
  if (signal.startsWith('call_')) return 'call';
  return signal.startsWith('screen') || signal === 'remote_control' ? 'screen' : 'session';
}

function itemOf(event: PlatformEvent, lane: Lane, policy: Policy): TimelineItem {
  const item: TimelineItem = {
    id: evidenceRef(event),
    lane,
    kind: event.kind === 'session.observed' ? event.signal : event.kind,
    at: formatInstant(event.time),
    text: eventText(event, policy),
  };
  if ('amount' in event) item.amount = moneyView(event.amount.currency, event.amount.minor);
  const counterpart = counterpartOf(event);
  if (counterpart !== undefined) item.counterpart = counterpart;
  if ('transferId' in event) item.subject = { kind: 'transfer', id: event.transferId };
  if ('drawId' in event) item.subject = { kind: 'draw', id: event.drawId };
  const typed = typedOf(event);
  if (typed !== undefined) item.typed = typed;
  if ('holdId' in event && event.holdId !== undefined) item.holdId = event.holdId;
  return item;
}

function counterpartOf(event: PlatformEvent): string | undefined {
  if ('lender' in event) return `${event.lender}/${event.product}`;
  switch (event.kind) {
    case 'transfer.requested':
      return maskAccount(event.payee.accountId);
    case 'funds.received':
      return maskAccount(event.from.accountId);
    case 'merchant.ordered':
      return maskAccount(event.merchant.accountId);
    case 'savings.redeemed':
      return event.product;
    case 'session.observed':
      return (
        event.caller ?? (event.accountId === undefined ? undefined : maskAccount(event.accountId))
      );
    default:
      return undefined;
  }
}

function typedOf(event: PlatformEvent): string | undefined {
  if (event.kind === 'transfer.requested') return event.remark;
  return event.kind === 'payer.responded' ? event.text : undefined;
}
