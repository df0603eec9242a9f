/** The queue's filters as they come in an address. */
import type { QueueQuery as Query } from '#application';
import { parseMinor } from '#domain';
import type { QueueQuery } from '../api/queue.ts';
import { bad } from '../reading.ts';

const LIMIT = 50;

/** `me` is the caller. Amounts are yuan. */
export function queueQuery(given: QueueQuery, me: string): Query {
  const { assignee, label, escalated, kind, lender } = given;
  return {
    state: given.state ?? 'open',
    limit: Number(given.limit ?? LIMIT),
    ...optional('tiers', given.tier?.split(',')),
    ...optional('kind', kind),
    ...optional('reasons', given.reason?.split(',')),
    ...optional('lender', lender),
    ...optional('payeeId', given.payee),
    ...optional('payerId', given.payer),
    ...optional('samePayeeAs', given.samePayeeAs),
    ...optional('samePayerAs', given.samePayerAs),
    ...optional('minorMin', minor(given.amountMin)),
    ...optional('minorMax', minor(given.amountMax)),
    ...optional('assignee', assignee === 'nobody' ? null : assignee === 'me' ? me : assignee),
    ...optional('label', label),
    ...optional('escalated', escalated === undefined ? undefined : escalated === 'true'),
    ...optional('cursor', given.cursor),
  };
}

function minor(yuan: string | undefined): number | undefined {
  if (yuan === undefined) return undefined;
  const parsed = parseMinor('CNY', yuan);
  if (parsed === undefined) throw bad('an amount is too large');
  return parsed;
}

function optional<const Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): Partial<Record<Key, Value>> {
  return value === undefined ? {} : ({ [key]: value } as Record<Key, Value>);
}
