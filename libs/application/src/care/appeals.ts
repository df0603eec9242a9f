/** A payer asks that people look at a hold. What is verified is lifted at once; what is not is explained in plain words. */
import {
  appealDueAt,
  isOpen,
  uuidV5,
  type AppealKind,
  type EntryDraft,
  type Instant,
  type PayerResponded,
  type Policy,
} from '#domain';
import { stepHold } from '../holds/step-hold.ts';
import type { Appeal } from '../ports/care-store.ts';
import type { Hashing } from '../ports/clock.ts';
import type { HoldRow } from '../ports/engine-store.ts';
import { careDraft, idOf, type AskedBy, type CareDeps } from './care-deps.ts';

export type AppealRefusal = 'hold_unknown' | 'appeal_unknown' | 'appeal_decided';

export type AppealResult =
  | { readonly ok: true; readonly appeal: Appeal; readonly hold: HoldRow }
  | { readonly ok: false; readonly code: AppealRefusal };

export interface OpenAppeal extends AskedBy {
  readonly holdId: string;
  readonly kind: AppealKind;
  readonly origin: 'payer' | 'staff';
  readonly typed?: string;
}

/** Every hold can be appealed against, also one that has ended. */
export function openAppeal(deps: CareDeps, asked: OpenAppeal): Promise<AppealResult> {
  return deps.unitOfWork.run(async (tx): Promise<AppealResult> => {
    const { holdId, kind, origin, typed } = asked;
    const hold = (await deps.holds.lock(tx, [holdId])).get(holdId);
    if (hold === undefined) return { ok: false, code: 'hold_unknown' };
    const at = deps.clock.now();
    const appeal = appealOn(hold, at, deps.policy(), {
      appealId: idOf('appeal', holdId, asked, deps.hashing),
      kind,
      origin,
      ...(typed === undefined ? {} : { typed }),
    });
    const added = await deps.care.addAppeals(tx, [appeal]);
    if (!added.has(appeal.appealId)) {
      const known = await deps.care.lockAppeal(tx, appeal.appealId);
      return { ok: true, appeal: known ?? appeal, hold };
    }
    await deps.journal.append(tx, new Map([[hold.partition, [openedDraft(appeal, at)]]]));
    return { ok: true, appeal, hold };
  });
}

/** What a payer answered on the phone or the page, where it asks for people: `appeal`, or `explain` for a review. */
export function appealOfAnswer(
  hold: HoldRow,
  event: PayerResponded,
  now: Instant,
  tools: { readonly policy: Policy; readonly hashing: Hashing },
): Appeal | undefined {
  if (event.answer !== 'appeal' && event.answer !== 'explain') return undefined;
  const kind = event.answer === 'appeal' ? 'appeal' : 'review';
  const name = ['appeal', hold.holdId, event.source, event.id].join('\n');
  return appealOn(hold, now, tools.policy, {
    appealId: uuidV5(name, (bytes) => tools.hashing.sha1(bytes)),
    kind,
    origin: 'payer',
    ...(event.text === undefined ? {} : { typed: event.text }),
  });
}

function appealOn(
  { holdId, payerId, partition }: HoldRow,
  receivedAt: Instant,
  policy: Policy,
  said: Pick<Appeal, 'appealId' | 'kind' | 'origin' | 'typed'>,
): Appeal {
  const dueAt = appealDueAt(said.kind, receivedAt, policy.appeals);
  return { ...said, holdId, payerId, partition, receivedAt, dueAt, state: 'open' };
}

export function openedDraft(appeal: Appeal, at: Instant): EntryDraft {
  const { appealId, kind, origin, dueAt, typed } = appeal;
  return careDraft('appeal.opened', appeal, at, {
    body: { appealId, kind, origin, answerDueAt: dueAt },
    personal: typed === undefined ? {} : { typed },
  });
}

export interface DecideAppeal {
  readonly appealId: string;
  readonly verdict: 'upheld' | 'rejected';
  /** For the payer, in plain words. */
  readonly explanation: string;
  readonly by: string;
}

/** Answers an appeal. What was verified lifts the hold in the same transaction (art. 32: 即时解除); a hold that has ended stays as it is. */
export function decideAppeal(
  deps: CareDeps,
  { appealId, verdict, explanation, by }: DecideAppeal,
): Promise<AppealResult> {
  return deps.unitOfWork.run(async (tx): Promise<AppealResult> => {
    const named = await deps.care.appeal(appealId);
    if (named === undefined) return { ok: false, code: 'appeal_unknown' };
    const hold = (await deps.holds.lock(tx, [named.holdId])).get(named.holdId);
    const appeal = await deps.care.lockAppeal(tx, appealId);
    if (hold === undefined || appeal === undefined) return { ok: false, code: 'appeal_unknown' };
    if (appeal.state !== 'open') return { ok: false, code: 'appeal_decided' };
    const at = deps.clock.now();
    const decided: Appeal = { ...appeal, state: verdict, decided: { by, at, explanation } };
    const drafts = [
      careDraft('appeal.decided', hold, at, {
        body: { appealId, kind: appeal.kind, verdict },
        personal: { by, explanation },
      }),
    ];
    let after = hold;
    if (verdict === 'upheld' && isOpen(hold)) {
      const command = {
        type: 'release',
        actor: 'analyst',
        appealVerified: true,
        reason: 'appeal_upheld',
      } as const;
      const step = stepHold({ hold, command, by }, at);
      if (step.step === 'changed') {
        after = step.hold;
        drafts.push(step.draft);
      }
    }
    await Promise.all([
      ...(after === hold ? [] : [deps.holds.save(tx, [after])]),
      deps.care.decideAppeal(tx, decided),
      deps.journal.append(tx, new Map([[hold.partition, drafts]])),
    ]);
    return { ok: true, appeal: decided, hold: after };
  });
}
