/** What people ask and agree about holds, as the API shows it. */
import type { Appeal, DelayCost, Instruction, ReleaseRequest } from '#application';
import { formatInstant, formatMinor } from '#domain';

export function releaseRequestView(request: ReleaseRequest): object {
  const { requestId, holdId, by, at, reason, contact, state, decided } = request;
  return {
    requestId,
    holdId,
    by,
    at: formatInstant(at),
    reason,
    contact: { ...contact, at: formatInstant(contact.at) },
    state,
    ...(decided === undefined
      ? {}
      : { decidedBy: decided.by, decidedAt: formatInstant(decided.at) }),
  };
}

export function appealView(appeal: Appeal): object {
  const { appealId, kind, holdId, payerId, origin, receivedAt, dueAt, typed, state } = appeal;
  const { decided } = appeal;
  return {
    appealId,
    kind,
    holdId,
    payer: { accountId: payerId },
    origin,
    receivedAt: formatInstant(receivedAt),
    dueAt: formatInstant(dueAt),
    ...(typed === undefined ? {} : { typed }),
    state,
    ...(decided === undefined
      ? {}
      : {
          explanation: decided.explanation,
          decidedBy: decided.by,
          decidedAt: formatInstant(decided.at),
        }),
  };
}

export function instructionView(one: Instruction): object {
  const { instructionId, holdId, payerId, authority, reference, instruction, count, by } = one;
  return {
    instructionId,
    holdId,
    payer: { accountId: payerId },
    authority,
    reference,
    instruction,
    receivedAt: formatInstant(one.receivedAt),
    validUntil: formatInstant(one.validUntil),
    count,
    by,
  };
}

export function costView({ costId, holdId, kind, currency, minor, at, by }: DelayCost): object {
  const amount = { currency, value: formatMinor({ currency, minor }) };
  return { costId, holdId, kind, amount, at: formatInstant(at), by };
}
