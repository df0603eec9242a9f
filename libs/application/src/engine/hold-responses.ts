/** What the batch's events do to holds directly: acknowledgements, the payer's answers, an authority's lift, outcomes. */
import {
  decideHold,
  holdIdOf,
  type HoldAcknowledged,
  type HoldCommand,
  type HoldRefusal,
  type Instant,
  type InstructionReceived,
  type PayerResponded,
  type PlatformEvent,
  type Policy,
  type SubjectRef,
} from '#domain';
import type { Hashing } from '../ports/clock.ts';
import type { HoldRow } from '../ports/engine-store.ts';
import type { PlacedDraft } from './batch-types.ts';
import { acknowledgedDraft, holdDraft } from './drafts.ts';
import type { PayerInputs } from './payer-inputs.ts';

/** Holds of the batch: as locked, and as changed so far. */
export class BatchHolds {
  readonly #locked: ReadonlyMap<string, HoldRow>;
  readonly #rows: Map<string, HoldRow>;
  readonly #changed = new Set<string>();

  constructor(locked: ReadonlyMap<string, HoldRow>) {
    this.#locked = locked;
    this.#rows = new Map(locked);
  }

  get(holdId: string): HoldRow | undefined {
    return this.#rows.get(holdId);
  }

  set(row: HoldRow): void {
    this.#rows.set(row.holdId, row);
    this.#changed.add(row.holdId);
  }

  /** Holds that the batch placed. */
  placed(): HoldRow[] {
    return this.changed().filter((row) => !this.#locked.has(row.holdId));
  }

  changed(): HoldRow[] {
    return [...this.#changed].map((id) => this.#rows.get(id) as HoldRow);
  }
}

export interface ResponseContext {
  readonly holds: BatchHolds;
  readonly policy: Policy;
  readonly hashing: Hashing;
  readonly now: Instant;
  /** Whether an unsaved call runs or the screen is watched, for a payer who reconfirms. */
  readonly underPressure: (payer: PayerInputs, at: Instant) => boolean;
  /** Session in which the held subject was requested. */
  readonly sessionOf: (payer: PayerInputs, subject: SubjectRef) => string | undefined;
}

/** Applies a payer's events to holds in the order taken and returns the entries. What the rules refuse changes nothing. */
export function applyResponses(payer: PayerInputs, context: ResponseContext): PlacedDraft[] {
  const drafts: PlacedDraft[] = [];
  for (const { place, input } of payer.events) {
    const { event } = input;
    if (event.kind === 'hold.acknowledged') {
      if (acknowledge(event, context)) {
        const draft = acknowledgedDraft(event, context.now);
        drafts.push({ partition: payer.partition, place, draft });
      }
      continue;
    }
    const asked = commandOf(event, payer, context);
    const changed = asked === undefined ? undefined : change(asked.hold, asked.command, context);
    if (changed?.draft !== undefined) {
      drafts.push({ partition: payer.partition, place, draft: changed.draft });
    }
  }
  return drafts;
}

/** A later acknowledgement than the last one is kept; true where something was. */
function acknowledge(event: HoldAcknowledged, { holds }: ResponseContext): boolean {
  const hold = ownHold(event.holdId, event.payer.accountId, holds);
  if (hold === undefined || event.orderSequence > hold.orderSequence) return false;
  const { acknowledged } = hold;
  if (acknowledged !== undefined && acknowledged.orderSequence >= event.orderSequence) return false;
  const { orderSequence, result } = event;
  holds.set({ ...hold, acknowledged: { orderSequence, result, at: event.time } });
  return true;
}

/** Nobody answers for somebody else's hold. */
function ownHold(holdId: string, payerId: string, holds: BatchHolds): HoldRow | undefined {
  const hold = holds.get(holdId);
  return hold?.payerId === payerId ? hold : undefined;
}

interface AskedChange {
  readonly hold: HoldRow;
  readonly command: HoldCommand;
}

function commandOf(
  event: PlatformEvent,
  payer: PayerInputs,
  context: ResponseContext,
): AskedChange | undefined {
  switch (event.kind) {
    case 'payer.responded':
      return answerCommand(event, payer, context);
    case 'instruction.received':
      return instructionCommand(event, context);
    case 'transfer.settled':
    case 'transfer.failed':
    case 'transfer.cancelled':
      return outcomeCommand(event.source, 'transfer', event.transferId, event.kind, context);
    case 'credit.drawn':
    case 'credit.draw-cancelled':
      return outcomeCommand(event.source, 'draw', event.drawId, event.kind, context);
    default:
      return undefined;
  }
}

function answerCommand(
  event: PayerResponded,
  payer: PayerInputs,
  context: ResponseContext,
): AskedChange | undefined {
  const hold = ownHold(event.holdId, event.payer.accountId, context.holds);
  if (hold === undefined) return undefined;
  if (event.answer === 'cancel') {
    return { hold, command: { type: 'cancel', actor: 'payer', reason: 'payer_cancelled' } };
  }
  if (event.answer !== 'reconfirm') return undefined;
  const { sessionId } = event.payer;
  const freshSession =
    sessionId !== undefined && sessionId !== context.sessionOf(payer, hold.subject);
  return {
    hold,
    command: {
      type: 'release',
      actor: 'payer',
      freshSession,
      callRunning: context.underPressure(payer, event.time),
    },
  };
}

function instructionCommand(
  event: InstructionReceived,
  context: ResponseContext,
): AskedChange | undefined {
  if (event.instruction !== 'lift' || event.holdId === undefined) return undefined;
  const hold = ownHold(event.holdId, event.payer.accountId, context.holds);
  if (hold === undefined || event.validUntil < context.now) return undefined;
  return { hold, command: { type: 'release', actor: 'authority', reason: 'instruction_lift' } };
}

/** The processor says what became of the money: that ends the hold, whatever it was told. */
function outcomeCommand(
  source: string,
  kind: SubjectRef['kind'],
  id: string,
  outcome: PlatformEvent['kind'],
  { holds, hashing }: ResponseContext,
): AskedChange | undefined {
  const holdId = holdIdOf({ source, kind, id }, (bytes) => hashing.sha1(bytes));
  const hold = holds.get(holdId);
  if (hold === undefined) return undefined;
  return { hold, command: outcomeHoldCommand(outcome) };
}

/** What an outcome does to the hold of its subject. */
export function outcomeHoldCommand(outcome: PlatformEvent['kind']): HoldCommand {
  const paid = outcome === 'transfer.settled' || outcome === 'credit.drawn';
  return paid
    ? { type: 'release', actor: 'processor' }
    : { type: 'cancel', actor: 'processor', reason: outcome.replaceAll(/[.-]/g, '_') };
}

export type HoldChanged =
  | { readonly draft: PlacedDraft['draft']; readonly refusal?: undefined }
  | { readonly draft?: undefined; readonly refusal: HoldRefusal };

/** Decides the command, keeps the changed hold and returns its entry, or why it was refused. */
export function change(
  hold: HoldRow,
  command: HoldCommand,
  context: Pick<ResponseContext, 'holds' | 'policy' | 'now'>,
  decisionId: string = hold.decisionId,
): HoldChanged {
  const verdict = decideHold(hold, command, context.now);
  if (!verdict.ok) return { refusal: verdict.code };
  const row = { ...verdict.hold, decisionId };
  context.holds.set(row);
  const { change: kind, actor, reason } = verdict;
  const { profile } = context.policy;
  return { draft: holdDraft({ hold: row, change: kind, actor, reason, profile }, context.now) };
}
