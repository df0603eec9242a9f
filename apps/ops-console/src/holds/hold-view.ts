/** A hold as the API shows it. */
import type { HoldRow } from '#application';
import { ORDER_OF_STATUS, formatInstant, formatMinor } from '#domain';

export function holdView(hold: HoldRow): object {
  const { subject, ended, acknowledged } = hold;
  return {
    holdId: hold.holdId,
    subject: { source: subject.source, kind: subject.kind, id: subject.id },
    payer: { accountId: hold.payerId },
    ...(hold.payeeId === undefined ? {} : { payee: { accountId: hold.payeeId } }),
    amount: {
      currency: hold.currency,
      value: formatMinor({ currency: hold.currency, minor: hold.amountMinor }),
    },
    tier: hold.tier,
    profile: hold.profile,
    state: hold.status,
    order: ORDER_OF_STATUS[hold.status],
    orderSequence: hold.orderSequence,
    attempt: hold.attempt,
    ...(hold.raisedAt === undefined ? {} : { raisedAt: formatInstant(hold.raisedAt) }),
    ...(hold.recall === undefined
      ? {}
      : { recall: { at: formatInstant(hold.recall.at), reason: hold.recall.reason } }),
    placedAt: formatInstant(hold.placedAt),
    dueAt: formatInstant(hold.dueAt),
    ceilingAt: formatInstant(hold.ceilingAt),
    expiryAction: hold.expiryAction,
    reasonCodes: hold.reasonCodes,
    decisionId: hold.decisionId,
    ...(ended === undefined
      ? {}
      : { ended: { at: formatInstant(ended.at), actor: ended.actor, reason: ended.reason } }),
    ...(acknowledged === undefined
      ? {}
      : {
          acknowledged: {
            orderSequence: acknowledged.orderSequence,
            result: acknowledged.result,
            at: formatInstant(acknowledged.at),
          },
        }),
  };
}
