/** What the batch's events do to holds directly: acknowledgements, the payer's answers, an authority's lift, outcomes. */
import {
  holdIdOf,
  inPrecedence,
  type HoldCommand,
  type HoldRefusal,
  type Instant,
  type InstructionReceived,
  type PayerResponded,
  type PlatformEvent,
  type SubjectRef,
} from '#domain';
import type { Hashing } from '../ports/clock.ts';
import type { HoldRow } from '../ports/engine-store.ts';
import { acknowledge } from '../holds/acknowledge.ts';
import { stepHold } from '../holds/step-hold.ts';
import type { PlacedDraft } from './batch-types.ts';
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
  readonly hashing: Hashing;
  readonly now: Instant;
  /** Whether an unsaved call runs or the screen is watched, for a payer who reconfirms. */
  readonly underPressure: (payer: PayerInputs, at: Instant) => boolean;
  /** Ids of the payer's holds that wait. */
  readonly openHoldsOf: (payer: PayerInputs) => readonly string[];
  /** Session in which the held subject was requested. */
  readonly sessionOf: (payer: PayerInputs, subject: SubjectRef) => string | undefined;
}

/**
 * Applies a payer's events to holds and returns the entries: acknowledgements as they came, then the acts in order of precedence, since none of
 * them was done when the others were known (DESIGN, Hold life). What the rules refuse changes nothing.
 */
export function applyResponses(payer: PayerInputs, context: ResponseContext): PlacedDraft[] {
  const drafts: PlacedDraft[] = [];
  const acts: (AskedChange & { readonly place: number })[] = [];
  const write = (place: number, draft: PlacedDraft['draft']): void => {
    drafts.push({ partition: payer.partition, place, draft });
  };
  for (const { place, input } of payer.events) {
    const { event } = input;
    if (event.kind === 'hold.acknowledged') {
      const hold = ownHold(event.holdId, event.payer.accountId, context.holds);
      const done = hold === undefined ? undefined : acknowledge(hold, event, context.now);
      if (done === undefined) continue;
      context.holds.set(done.hold);
      for (const draft of done.drafts) write(place, draft);
      continue;
    }
    for (const asked of commandsOf(event, payer, context)) acts.push({ ...asked, place });
  }
  for (const { holdId, command, place } of inPrecedence(acts)) {
    const hold = context.holds.get(holdId);
    const draft = hold === undefined ? undefined : change(hold, command, context).draft;
    if (draft !== undefined) write(place, draft);
  }
  return drafts;
}

/** Nobody answers for somebody else's hold. */
function ownHold(holdId: string, payerId: string, holds: BatchHolds): HoldRow | undefined {
  const hold = holds.get(holdId);
  return hold?.payerId === payerId ? hold : undefined;
}

interface AskedChange {
  readonly holdId: string;
  readonly command: HoldCommand;
}

function commandsOf(
  event: PlatformEvent,
  payer: PayerInputs,
  context: ResponseContext,
): readonly AskedChange[] {
  if (event.kind === 'instruction.received') return instructionCommands(event, payer, context);
  const asked = commandOf(event, payer, context);
  return asked === undefined ? [] : [asked];
}

function commandOf(
  event: PlatformEvent,
  payer: PayerInputs,
  context: ResponseContext,
): AskedChange | undefined {
  switch (event.kind) {
    case 'payer.responded':
      return answerCommand(event, payer, context);
    case 'transfer.settled':
    case 'transfer.failed':
    case 'transfer.cancelled':
      return outcomeCommand(event, { kind: 'transfer', id: event.transferId }, context);
    case 'credit.drawn':
    case 'credit.draw-cancelled':
      return outcomeCommand(event, { kind: 'draw', id: event.drawId }, context);
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
    const command = { type: 'cancel', actor: 'payer', reason: 'payer_cancelled' } as const;
    return { holdId: hold.holdId, command };
  }
  if (event.answer !== 'reconfirm') return undefined;
  const { sessionId } = event.payer;
  const freshSession =
    sessionId !== undefined && sessionId !== context.sessionOf(payer, hold.subject);
  return {
    holdId: hold.holdId,
    command: {
      type: 'release',
      actor: 'payer',
      freshSession,
      callRunning: context.underPressure(payer, event.time),
    },
  };
}

/** Of one hold, or where none is named of every open hold of the payer. An instruction whose term is over asks for nothing. */
function instructionCommands(
  event: InstructionReceived,
  payer: PayerInputs,
  { holds, openHoldsOf, now }: ResponseContext,
): readonly AskedChange[] {
  if (event.validUntil < now) return [];
  const { accountId } = event.payer;
  const named =
    event.holdId === undefined
      ? openHoldsOf(payer)
      : [ownHold(event.holdId, accountId, holds)?.holdId].filter((id) => id !== undefined);
  const command: HoldCommand =
    event.instruction === 'stop'
      ? { type: 'cancel', actor: 'authority', reason: 'instruction_stop' }
      : { type: 'release', actor: 'authority', reason: 'instruction_lift' };
  return named.map((holdId) => ({ holdId, command }));
}

/** The processor says what became of the money: that ends the payer's hold, whatever it was told. */
function outcomeCommand(
  { source, kind: outcome, payer }: PlatformEvent,
  subject: Pick<SubjectRef, 'kind' | 'id'>,
  { holds, hashing }: ResponseContext,
): AskedChange | undefined {
  const holdId = holdIdOf({ source, ...subject }, (bytes) => hashing.sha1(bytes));
  if (ownHold(holdId, payer.accountId, holds) === undefined) return undefined;
  return { holdId, command: outcomeHoldCommand(outcome) };
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
  context: Pick<ResponseContext, 'holds' | 'now'>,
  decisionId: string = hold.decisionId,
): HoldChanged {
  const step = stepHold({ hold: { ...hold, decisionId }, command }, context.now);
  if (step.step === 'refused') return { refusal: step.code };
  context.holds.set(step.hold);
  return { draft: step.draft };
}
