/** What must hold of every hold: one beginning, at most one end, orders in order, and nothing before its time or past its ceiling. */
import { NODE_HASHING } from '#config';
import { ORDER_OF_STATUS, formatInstant, holdIdOf, type HoldStatus } from '#domain';
import type { CheckOptions } from './checks.ts';
import type { JournalContent, JournaledHold, RunRecord } from './run-record.ts';

const ENDS: ReadonlySet<string> = new Set(['hold.released', 'hold.cancelled', 'hold.expired']);

export function checkHolds(
  { holds }: RunRecord,
  { holds: entries, decisions, alerts }: JournalContent,
  { allHoldsEnded = false }: CheckOptions,
): string[] {
  const found: string[] = [];
  const byHold = Map.groupBy(
    entries.filter(({ body }) => body.attempt === 1),
    ({ body }) => body.holdId,
  );
  found.push(...checkRepeats(entries));
  for (const [holdId, ofHold] of byHold) {
    found.push(...checkLife(ofHold).map((fault) => `hold ${holdId}: ${fault}`));
  }
  for (const row of holds) {
    const last = byHold.get(row.holdId)?.at(-1);
    if (last === undefined) {
      found.push(`hold ${row.holdId}: not in the journal`);
      continue;
    }
    if (
      last.body.orderSequence !== row.orderSequence ||
      last.body.order !== ORDER_OF_STATUS[row.status] ||
      last.body.dueAt !== formatInstant(row.dueAt) ||
      statusOf(last) !== row.status
    ) {
      found.push(`hold ${row.holdId}: the journal's last word is not how it stands`);
    }
    if (allHoldsEnded && row.ended === undefined) found.push(`hold ${row.holdId}: never ended`);
  }
  if (byHold.size !== holds.length) {
    found.push(`${byHold.size} holds in the journal, ${holds.length} kept`);
  }
  const holding = decisions.filter(({ body }) => body.hold !== undefined);
  for (const { subject, chain, body } of holding) {
    const holdId = holdIdOf(subject, NODE_HASHING.sha1);
    const placed = byHold.get(holdId)?.[0];
    if (body.hold?.holdId !== holdId || placed?.chain !== chain) {
      found.push(`hold ${holdId}: decided on and not placed`);
    }
  }
  // Where the money had moved already there was nothing to tell.
  const gone = new Set(
    entries
      .filter(({ type, body }) => ENDS.has(type) && body.actor === 'processor')
      .map(({ at, body }) => `${body.decisionId} ${formatInstant(at)}`),
  );
  const atOnce = holding.filter(({ body }) => gone.has(`${body.decisionId} ${body.decidedAt}`));
  if (alerts > holding.length || alerts < holding.length - atOnce.length) {
    found.push(`${holding.length} held decisions, ${alerts} alerts`);
  }
  return found;
}

/** An order that is given again is the order that was given last, under the same sequence. */
function checkRepeats(entries: readonly JournaledHold[]): string[] {
  const last = new Map<string, JournaledHold['body']>();
  return entries.flatMap(({ body }) => {
    const before = last.get(body.holdId);
    last.set(body.holdId, body);
    if (body.attempt === 1) return [];
    const same =
      before?.orderSequence === body.orderSequence &&
      before.order === body.order &&
      before.attempt === body.attempt - 1;
    return same ? [] : [`hold ${body.holdId}: attempt ${body.attempt} repeats another order`];
  });
}

function statusOf({ type }: JournaledHold): HoldStatus {
  if (type === 'hold.extended') return 'placed';
  return type.slice('hold.'.length) as HoldStatus;
}

function checkLife(entries: readonly JournaledHold[]): string[] {
  const found: string[] = [];
  const [placed] = entries;
  if (placed?.type !== 'hold.placed') return ['does not begin with being placed'];
  const { ceilingAt } = placed.body;
  entries.forEach(({ type, at, body }, index) => {
    const before = entries[index - 1];
    if (body.orderSequence !== index + 1) {
      found.push(`order ${index + 1} has the sequence ${body.orderSequence}`);
    }
    if (type === 'hold.placed' && index > 0) found.push('is placed twice');
    if (ENDS.has(type) && index < entries.length - 1) found.push('goes on after its end');
    if (body.ceilingAt !== ceilingAt) found.push('its ceiling moved');
    if (body.dueAt > ceilingAt) found.push('is due after its ceiling');
    if (before !== undefined && body.dueAt < before.body.dueAt) found.push('is due earlier');
    const byClock = body.actor === 'clock';
    const time = formatInstant(at);
    if (type === 'hold.matured' && time < body.dueAt) found.push('matured before it was due');
    if (type === 'hold.released' && byClock && time < body.dueAt) found.push('released too early');
    if (type === 'hold.expired' && time < (body.reason === 'ceiling' ? ceilingAt : body.dueAt)) {
      found.push('expired too early');
    }
    if (byClock && type !== 'hold.expired' && type !== 'hold.placed' && time >= ceilingAt) {
      found.push(`${type} by the clock after its ceiling`);
    }
  });
  return found;
}
