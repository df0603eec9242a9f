/**
 * Asks before money moves, obeys decisions and orders, acknowledges, and acts on its own rule when it hears nothing in time (CONTRACT,
 * Obeying and Silence). It remembers in memory: a real one writes what it obeyed together with its ledger, before it commits its offsets.
 */
import {
  requestOf,
  type Decision,
  type HoldOrder,
  type Request,
  type SubjectKind,
  type WireEvent,
} from './events.ts';
import type { Ledger } from './ledger.ts';

export interface ProcessorDeps {
  readonly ledger: Ledger;
  /** Sends to the topic of the event's type, keyed by the payer. MUST keep the order of calls. */
  readonly publish: (event: WireEvent) => Promise<void>;
  readonly now: () => number;
  /** Runs `act` once at `at`. Returns what takes that back. */
  readonly schedule: (at: number, act: () => void) => () => void;
  /** A publish that failed for good. The money has moved as it was told to; only the report is missing. */
  readonly onFailed: (error: Error) => void;
}

/** How long a payer waits for an answer at most. */
export const DECIDE_WITHIN_MS = 3_000;
/** Without an answer, less than this goes to a payee who was paid before; everything else waits (CONTRACT, Silence). */
export const SILENCE_SEND_BELOW_MINOR = 50_000;

export type PaymentState =
  /** Asked; nothing has been decided. */
  | 'asked'
  /** `decideBy` has passed without a decision, and the own rule says wait. */
  | 'waiting'
  | 'held'
  | 'paid'
  | 'stopped';

type Result = 'done' | 'too_late' | 'unknown_subject';

interface Payment {
  readonly request: Request;
  readonly receivedAt: number;
  state: PaymentState;
  decisionSequence: number;
  /** Of the last order obeyed; 0 before the first. */
  orderSequence: number;
  result: Result;
  endSilence: () => void;
}

export class ReferenceProcessor {
  readonly #deps: ProcessorDeps;
  readonly #payments = new Map<string, Payment>();

  constructor(deps: ProcessorDeps) {
    this.#deps = deps;
  }

  stateOf(kind: SubjectKind, id: string): PaymentState | undefined {
    return this.#payments.get(keyOf(kind, id))?.state;
  }

  /**
   * Somebody wants to pay or to borrow: money is set aside, and the engine is asked. Returns `insufficient_funds` where there is
   * nothing to set aside; the attempt is reported all the same, because what was tried is evidence.
   */
  request(event: WireEvent): 'asked' | 'insufficient_funds' {
    const request = requestOf(event);
    if (request === undefined) throw new Error('only transfers and draws are requested');
    const receivedAt = this.#deps.now();
    const decideBy = receivedAt + DECIDE_WITHIN_MS;
    const payment: Payment = {
      request,
      receivedAt,
      state: 'asked',
      decisionSequence: 0,
      orderSequence: 0,
      result: 'done',
      endSilence: () => undefined,
    };
    this.#payments.set(keyOf(request.kind, request.id), payment);
    this.#publish({
      ...event,
      data: { ...event.data, decideBy: new Date(decideBy).toISOString() },
    });
    if (request.kind === 'transfer' && !this.#deps.ledger.reserve(request.id, request)) {
      payment.state = 'stopped';
      this.#report(payment, 'transfer.failed', { reason: 'insufficient_funds' });
      return 'insufficient_funds';
    }
    payment.endSilence = this.#deps.schedule(decideBy, () => this.#heardNothing(payment));
    return 'asked';
  }

  /** The payee's bank sends a paid transfer back. */
  returned(event: WireEvent): void {
    const payment = this.#payments.get(keyOf('transfer', String(event.data['transferId'])));
    if (payment?.state !== 'paid') return;
    if (!this.#deps.ledger.giveBack(payment.request)) return;
    payment.state = 'stopped';
    this.#publish(event);
  }

  /** `risk.decisions`. Once an order was obeyed the orders alone say what follows. */
  decided(decision: Decision): void {
    const payment = this.#payments.get(keyOf(decision.subject.kind, decision.subject.id));
    if (payment === undefined || payment.orderSequence > 0) return;
    if (decision.sequence <= payment.decisionSequence) return;
    payment.decisionSequence = decision.sequence;
    // In shadow mode the engine only says what it would have done.
    const holds = decision.outcome === 'hold' && decision.mode === 'live';
    if (payment.state !== 'asked' && payment.state !== 'waiting') return;
    payment.endSilence();
    if (holds) payment.state = 'held';
    else this.#pay(payment);
  }

  /** `risk.holds`. A lower order than the last is acknowledged and otherwise ignored, a repeat is acknowledged again. */
  ordered(order: HoldOrder): void {
    const payment = this.#payments.get(keyOf(order.subject.kind, order.subject.id));
    if (payment === undefined) {
      this.#acknowledge(order, 'unknown_subject', this.#deps.now());
      return;
    }
    if (order.orderSequence > payment.orderSequence) {
      payment.endSilence();
      payment.result = this.#obey(payment, order.order);
      payment.orderSequence = order.orderSequence;
    }
    this.#acknowledge(order, payment.result, this.#timeOf(payment));
  }

  #obey(payment: Payment, order: HoldOrder['order']): Result {
    if (payment.state === 'paid') return order === 'release' ? 'done' : 'too_late';
    if (payment.state === 'stopped') return order === 'release' ? 'too_late' : 'done';
    if (order === 'hold') payment.state = 'held';
    else if (order === 'release') this.#pay(payment);
    else this.#stop(payment);
    return 'done';
  }

  #heardNothing(payment: Payment): void {
    if (payment.state !== 'asked') return;
    const { kind, minor, knownPayee } = payment.request;
    const sends = kind === 'transfer' && minor < SILENCE_SEND_BELOW_MINOR && knownPayee;
    if (sends) this.#pay(payment);
    else payment.state = 'waiting';
  }

  #pay(payment: Payment): void {
    const { kind, id, payerId, minor } = payment.request;
    payment.state = 'paid';
    if (kind === 'transfer') {
      this.#deps.ledger.settle(id);
      this.#report(payment, 'transfer.settled', {});
    } else {
      this.#deps.ledger.lend(payerId, minor);
      this.#report(payment, 'credit.drawn', payment.request.event.data);
    }
  }

  #stop(payment: Payment): void {
    payment.state = 'stopped';
    if (payment.request.kind === 'transfer') {
      this.#deps.ledger.undo(payment.request.id);
      this.#report(payment, 'transfer.cancelled', {});
    } else {
      this.#report(payment, 'credit.draw-cancelled', payment.request.event.data);
    }
  }

  /** What became of the money, in the words of the contract. */
  #report(payment: Payment, kind: string, data: WireEvent['data']): void {
    const { request } = payment;
    const { event } = request;
    this.#publish({
      ...event,
      id: `${event.id}:${kind}`,
      type: `io.lengjing.${kind}.v1`,
      time: new Date(this.#timeOf(payment)).toISOString(),
      data: {
        payer: event.data['payer'],
        ...(request.kind === 'transfer' ? { transferId: request.id } : {}),
        ...data,
      },
    });
  }

  #acknowledge(order: HoldOrder, result: Result, at: number): void {
    const { holdId, payer, orderSequence, attempt } = order;
    this.#publish({
      specversion: '1.0',
      id: `${holdId}:${orderSequence}:${attempt}`,
      source: 'urn:example:reference-processor',
      type: 'io.lengjing.hold.acknowledged.v1',
      time: new Date(at).toISOString(),
      datacontenttype: 'application/json',
      data: { holdId, payer, orderSequence, order: order.order, result },
    });
  }

  /** On the clock of whoever asked: a replayed afternoon stays in its own time. */
  #timeOf({ request, receivedAt }: Payment): number {
    return Date.parse(request.event.time) + this.#deps.now() - receivedAt;
  }

  #publish(event: WireEvent): void {
    this.#deps.publish(event).catch((error: unknown) => {
      this.#deps.onFailed(error instanceof Error ? error : new Error('the log refused'));
    });
  }
}

function keyOf(kind: SubjectKind, id: string): string {
  return `${kind} ${id}`;
}
