/**
 * A stream decided under one policy, with a processor that obeys: what is held does not settle before its hold is due. Nobody in the
 * stream reacts to a hold in any other way: victims go on as their script says, honest people wait, confirm in a fresh session, and are
 * believed (CO6 does not count what was reconfirmed).
 */
import { InvariantBroken, Replay } from '#application';
import { defaultNotices, makeCodeBook, readLine } from '#contracts';
import {
  MINUTE_MS,
  type Instant,
  type PayerResponded,
  type PlatformEvent,
  type Policy,
  type TransferEnded,
} from '#domain';
import { NODE_HASHING } from '#config';
import { SIMULATION_CODE_KEY, SIMULATION_KEY_ID } from '../simulate/code-key.ts';
import type { DrawLabel, TransferLabel } from '../simulate/labels.ts';
import { TimeHeap } from '../simulate/schedule.ts';
import type { SimulatedBatch } from '../simulate/simulate.ts';
import { Verdicts, type MadeBy, type Verdict } from './verdicts.ts';

/** How long after a hold is due an honest payer confirms, and the money moves. */
const CONFIRMED_AFTER_MS = MINUTE_MS;
const MOVES_AFTER_MS = 2 * MINUTE_MS;

/** One transfer, with everything that is known about it. */
export interface TriedTransfer {
  readonly label: TransferLabel;
  readonly fen: number;
  /** It would have reached the payee: neither failed nor cancelled in the stream. */
  readonly settles: boolean;
  readonly verdict: Verdict | undefined;
}

export interface TriedDraw {
  readonly label: DrawLabel;
  readonly verdict: Verdict | undefined;
}

export interface TrialResult {
  readonly events: number;
  readonly transfers: readonly TriedTransfer[];
  readonly draws: readonly TriedDraw[];
  readonly madeBy: MadeBy | undefined;
}

interface Tracked {
  readonly label: TransferLabel;
  fen: number;
  settles: boolean;
}

export interface TrialListeners {
  /** How many events have passed since the last time. */
  readonly onEvents?: (count: number) => void;
  /** Each event as the engine gets it: settlements when the money moves. */
  readonly onOffered?: (event: PlatformEvent) => void;
}

/** Runs all batches. Throws `InvariantBroken` for an event that the contract refuses. */
export function runTrial(
  batches: Iterable<SimulatedBatch>,
  policy: Policy,
  listeners: TrialListeners = {},
): TrialResult {
  const trial = new Trial(policy, listeners.onOffered);
  for (const batch of batches) {
    trial.take(batch);
    listeners.onEvents?.(batch.lines.length);
  }
  return trial.result();
}

class Trial {
  readonly #replay: Replay;
  readonly #verdicts = new Verdicts();
  readonly #transfers = new Map<string, Tracked>();
  readonly #draws: DrawLabel[] = [];
  /** Settlements that wait for their hold. */
  readonly #waiting = new TimeHeap<PlatformEvent>();
  readonly #onOffered: TrialListeners['onOffered'];
  #events = 0;

  constructor(policy: Policy, onOffered: TrialListeners['onOffered']) {
    this.#onOffered = onOffered;
    const codeBook = makeCodeBook(new Map([[SIMULATION_KEY_ID, SIMULATION_CODE_KEY]]));
    this.#replay = new Replay({ policy, notices: defaultNotices(), codeBook }, NODE_HASHING);
  }

  take({ lines, transferLabels, drawLabels }: SimulatedBatch): void {
    for (const label of transferLabels) {
      this.#transfers.set(label.transferId, { label, fen: 0, settles: false });
    }
    this.#draws.push(...drawLabels);
    for (const line of lines) {
      this.#events += 1;
      const read = readLine(line, this.#events);
      if (read.kind !== 'event') {
        throw new InvariantBroken(`a simulated event is not taken: ${JSON.stringify(read)}`);
      }
      this.#settleDue(read.event.time);
      this.#take(read.event, read.contentHash);
    }
  }

  result(): TrialResult {
    return {
      events: this.#events,
      madeBy: this.#verdicts.madeBy,
      transfers: [...this.#transfers.values()].map(({ label, fen, settles }) => ({
        label,
        fen,
        settles,
        verdict: this.#verdicts.of('transfer', label.transferId),
      })),
      draws: this.#draws.map((label) => ({
        label,
        verdict: this.#verdicts.of('draw', label.drawId),
      })),
    };
  }

  #take(event: PlatformEvent, contentHash: string | undefined): void {
    if (event.kind === 'transfer.requested') {
      const tracked = this.#transfers.get(event.transferId);
      if (tracked !== undefined) tracked.fen = event.amount.minor;
    }
    if (event.kind === 'transfer.settled' && this.#waits(event)) return;
    this.#offer(event, contentHash);
  }

  #offer(event: PlatformEvent, contentHash?: string): void {
    this.#onOffered?.(event);
    const result = this.#replay.offer(event, contentHash);
    if (result.kind === 'taken') for (const entry of result.entries) this.#verdicts.take(entry);
  }

  /** True where the money does not move now: never for a scam whose hold asks again, later for all others. */
  #waits(event: TransferEnded): boolean {
    const tracked = this.#transfers.get(event.transferId);
    if (tracked !== undefined) tracked.settles = true;
    const verdict = this.#verdicts.of('transfer', event.transferId);
    if (verdict?.hold === undefined) return false;
    const { dueAt, expiryAction, holdId } = verdict.hold;
    const asks = expiryAction !== 'release';
    if (tracked?.label.label === 'scam' && asks) return true;
    if (asks) this.#later(confirmation(event, holdId, dueAt + CONFIRMED_AFTER_MS));
    this.#later({ ...event, time: dueAt + MOVES_AFTER_MS });
    return true;
  }

  #later(event: PlatformEvent): void {
    this.#waiting.push(event.time, event);
  }

  #settleDue(now: Instant): void {
    for (;;) {
      const next = this.#waiting.nextTime();
      if (next === undefined || next > now) return;
      const event = this.#waiting.pop();
      if (event !== undefined) this.#offer(event);
    }
  }
}

/** In a session of its own, as a reconfirmation must be. */
function confirmation(settled: TransferEnded, holdId: string, time: Instant): PayerResponded {
  const { source, id, payer } = settled;
  return {
    kind: 'payer.responded',
    source,
    id: `${id}-confirmed`,
    time,
    payer: { accountId: payer.accountId, sessionId: `${id}-confirms` },
    holdId,
    answer: 'reconfirm',
  };
}
