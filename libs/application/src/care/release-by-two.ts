/** Early release of a strongly suspected payment: one person asks, after a contact outside the payer's device, and another one agrees. */
import { isOpen, type HoldRefusal } from '#domain';
import { stepHold } from '../holds/step-hold.ts';
import type { ContactRecord, ReleaseRequest } from '../ports/care-store.ts';
import type { HoldRow } from '../ports/engine-store.ts';
import { careDraft, idOf, type AskedBy, type CareDeps } from './care-deps.ts';

export type ReleaseRequestRefusal =
  | HoldRefusal
  | 'hold_unknown'
  | 'request_unknown'
  | 'request_decided'
  | 'already_requested'
  /** The contact lies before the hold or in the future: it cannot have been about this payment. */
  | 'contact_not_since_hold'
  /** The hold is not any more what was asked about. */
  | 'hold_changed';

export type ReleaseRequestResult =
  | { readonly ok: true; readonly request: ReleaseRequest; readonly hold: HoldRow }
  | { readonly ok: false; readonly code: ReleaseRequestRefusal };

export interface RequestRelease extends AskedBy {
  readonly holdId: string;
  readonly reason: string;
  readonly contact: ContactRecord;
}

/** Asks; nothing is released yet. A hold has one open request at a time. */
export function requestRelease(
  deps: CareDeps,
  asked: RequestRelease,
): Promise<ReleaseRequestResult> {
  return deps.unitOfWork.run(async (tx): Promise<ReleaseRequestResult> => {
    const { holdId, reason, contact, by } = asked;
    const hold = (await deps.holds.lock(tx, [holdId])).get(holdId);
    if (hold === undefined) return { ok: false, code: 'hold_unknown' };
    const requestId = idOf('release', holdId, asked, deps.hashing);
    const known = await deps.care.releaseRequest(requestId);
    if (known !== undefined) return { ok: true, request: known, hold };
    const at = deps.clock.now();
    if (!isOpen(hold)) return { ok: false, code: 'hold_ended' };
    if (contact.at < hold.placedAt || contact.at > at) {
      return { ok: false, code: 'contact_not_since_hold' };
    }
    const { orderSequence } = hold;
    const request: ReleaseRequest = {
      requestId,
      holdId,
      orderSequence,
      by,
      at,
      reason,
      contact,
      state: 'open',
    };
    if (!(await deps.care.addReleaseRequest(tx, request))) {
      return { ok: false, code: 'already_requested' };
    }
    const draft = careDraft('release.requested', hold, at, {
      body: { requestId, reason, orderSequence, channel: contact.channel, contactAt: contact.at },
      personal: { by, contact: contact.reference },
    });
    await deps.journal.append(tx, new Map([[hold.partition, [draft]]]));
    return { ok: true, request, hold };
  });
}

export interface DecideRelease {
  readonly requestId: string;
  readonly verdict: 'approve' | 'decline';
  readonly by: string;
}

/**
 * Agrees, which releases the payment at once, or declines. Nobody agrees to what they asked for, whatever their role; whoever declines their own
 * request withdraws it. A request about a hold that changed meanwhile is void: somebody has to look again.
 */
export function decideRelease(
  deps: CareDeps,
  { requestId, verdict, by }: DecideRelease,
): Promise<ReleaseRequestResult> {
  return deps.unitOfWork.run(async (tx): Promise<ReleaseRequestResult> => {
    const named = await deps.care.releaseRequest(requestId);
    if (named === undefined) return { ok: false, code: 'request_unknown' };
    // Holds before everything else, as everywhere.
    const hold = (await deps.holds.lock(tx, [named.holdId])).get(named.holdId);
    const request = await deps.care.lockReleaseRequest(tx, requestId);
    if (hold === undefined || request === undefined) return { ok: false, code: 'request_unknown' };
    if (request.state !== 'open') return { ok: false, code: 'request_decided' };
    const at = deps.clock.now();
    if (verdict === 'decline') {
      const state = by === request.by ? 'withdrawn' : 'declined';
      const declined: ReleaseRequest = { ...request, state, decided: { by, at } };
      await Promise.all([
        deps.care.decideReleaseRequest(tx, declined),
        deps.journal.append(tx, new Map([[hold.partition, [decidedDraft(hold, declined)]]])),
      ]);
      return { ok: true, request: declined, hold };
    }
    if (by === request.by) return { ok: false, code: 'needs_second_person' };
    if (hold.orderSequence !== request.orderSequence) return { ok: false, code: 'hold_changed' };
    const command = {
      type: 'release',
      actor: 'analyst',
      reason: request.reason,
      secondPerson: true,
      contactRecorded: true,
    } as const;
    const step = stepHold({ hold, command, by }, at);
    if (step.step === 'refused') return { ok: false, code: step.code };
    const approved: ReleaseRequest = { ...request, state: 'approved', decided: { by, at } };
    const drafts = [decidedDraft(hold, approved), step.draft];
    await Promise.all([
      deps.holds.save(tx, [step.hold]),
      deps.care.decideReleaseRequest(tx, approved),
      deps.journal.append(tx, new Map([[hold.partition, drafts]])),
    ]);
    return { ok: true, request: approved, hold: step.hold };
  });
}

function decidedDraft(hold: HoldRow, { requestId, state, by, decided }: ReleaseRequest) {
  return careDraft('release.decided', hold, decided?.at ?? 0, {
    body: { requestId, state },
    personal: { requestedBy: by, by: decided?.by ?? '' },
  });
}
