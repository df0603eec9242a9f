/** What a payer does on the page: cancelling at once and in one transaction; every other answer through the journal to the engine. */
import {
  decideHold,
  isOpen,
  type AnsweredBody,
  type AnsweredPersonal,
  type EntryDraft,
  type Instant,
  type PayerAnswer,
} from '#domain';
import { holdDraft } from '../engine/drafts.ts';
import type { HoldDeps } from '../holds/end-due-holds.ts';
import type { HoldRow } from '../ports/engine-store.ts';
import type { GivenAnswer, PageSession, PayerStore } from '../ports/payer-store.ts';

export interface PayerPageDeps extends HoldDeps {
  readonly payers: PayerStore;
  /** Version of the texts on the page. */
  readonly pageVersion: string;
}

export interface HoldOnPage {
  readonly hold: HoldRow;
  /** What this session has answered. */
  readonly answers: readonly GivenAnswer[];
  readonly now: Instant;
}

/** The session's hold as it stands. Undefined where it was erased. */
export async function holdOnPage(
  { holds, payers, clock }: PayerPageDeps,
  session: PageSession,
): Promise<HoldOnPage | undefined> {
  const [hold, answers] = await Promise.all([
    holds.find(session.holdId),
    payers.answers(session.sessionHash),
  ]);
  if (hold === undefined || hold.payerId !== session.payerId) return undefined;
  return { hold, answers, now: clock.now() };
}

/** Of one session; a second tap says the same thing. */
const AGAIN_MS = 10_000;

export type AnswerResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: 'hold_unknown' | 'not_matured' | 'needs_session' };

/**
 * Takes an answer. `cancel` and `coached_yes` end an open hold by the time this resolves, and do nothing to an ended one; `reconfirm` is taken only
 * after `dueAt` and in a session that the platform vouched for, and the engine then decides it with the evidence of running calls.
 */
export function answerHold(
  deps: PayerPageDeps,
  session: PageSession,
  given: { readonly answer: PayerAnswer; readonly text?: string },
): Promise<AnswerResult> {
  const { answer } = given;
  return deps.unitOfWork.run(async (tx): Promise<AnswerResult> => {
    const hold = (await deps.holds.lock(tx, [session.holdId])).get(session.holdId);
    if (hold === undefined || hold.payerId !== session.payerId) {
      return { ok: false, code: 'hold_unknown' };
    }
    if (answer === 'reconfirm') {
      if (session.purpose !== 'reconfirm') return { ok: false, code: 'needs_session' };
      if (hold.status !== 'matured') return { ok: false, code: 'not_matured' };
    }
    const now = deps.clock.now();
    const noted = { answer, at: now, sessionHash: session.sessionHash, againMs: AGAIN_MS };
    const isNew = await deps.payers.noteAnswer(tx, noted);
    const drafts: EntryDraft[] = [];
    if (isNew && answer !== 'cancel') drafts.push(answeredDraft(deps, session, given, now));
    const cancelled = cancelling(hold, answer, now);
    if (cancelled !== undefined) drafts.push(cancelled.draft);
    await Promise.all([
      deps.holds.save(tx, cancelled === undefined ? [] : [cancelled.hold]),
      deps.journal.append(tx, new Map([[hold.partition, drafts]])),
    ]);
    return { ok: true };
  });
}

/** “Yes, stop this” is a cancel too. A hold that has ended stays as it ended. */
function cancelling(
  hold: HoldRow,
  answer: PayerAnswer,
  now: Instant,
): { readonly hold: HoldRow; readonly draft: EntryDraft } | undefined {
  if ((answer !== 'cancel' && answer !== 'coached_yes') || !isOpen(hold)) return undefined;
  const command = { type: 'cancel', actor: 'payer', reason: 'payer_cancelled' } as const;
  const verdict = decideHold(hold, command, now);
  if (!verdict.ok) return undefined;
  const { change, actor, reason } = verdict;
  return {
    hold: verdict.hold,
    draft: holdDraft({ hold: verdict.hold, change, actor, reason, by: 'payer-page' }, now),
  };
}

function answeredDraft(
  { pageVersion }: PayerPageDeps,
  session: PageSession,
  { answer, text }: { readonly answer: PayerAnswer; readonly text?: string },
  at: Instant,
): EntryDraft {
  const body: AnsweredBody = { holdId: session.holdId, answer, page: pageVersion };
  const personal: AnsweredPersonal = {
    payer: session.payerId,
    ...(session.platformSession === undefined ? {} : { session: session.platformSession }),
    ...(text === undefined || text === '' ? {} : { text }),
  };
  return { type: 'payer.answered', at, body, personal, payerId: session.payerId };
}
