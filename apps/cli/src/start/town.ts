/** The two people's wallet, credit platform and banks in a start: the reference processor between the story and the engine. */
import { OUTPUT_TOPICS } from '#contracts';
import {
  Ledger,
  ReferenceProcessor,
  type Balances,
  type Decision,
  type HoldOrder,
  type WireEvent,
} from '#reference-processor';
import { CommandFailed } from '../usage.ts';
import type { LogToEngine } from './log-to-engine.ts';
import type { ToldDecision } from './sentences.ts';

const HEARD_MS_MAX = 30_000;

/** A hold as the wallet's own app knows it. */
export interface OpenHold {
  readonly holdId: string;
  readonly subjectId: string;
}

export class Town {
  readonly ledger = new Ledger();
  readonly processor: ReferenceProcessor;
  readonly #log: LogToEngine;
  readonly #decisions = new Awaited<ToldDecision>();
  readonly #acted = new Awaited<Decision>();
  readonly #orders = new Awaited<HoldOrder>();
  readonly #holds = new Map<string, OpenHold>();
  #sending: Promise<void> = Promise.resolve();

  constructor(log: LogToEngine) {
    this.#log = log;
    this.processor = new ReferenceProcessor({
      ledger: this.ledger,
      publish: (event) => this.send(event),
      now: () => Date.now(),
      schedule: (at, act) => {
        const timer = setTimeout(act, at - Date.now());
        return () => clearTimeout(timer);
      },
      // The story then waits for what never comes, and says so.
      onFailed: () => undefined,
    });
    log.onHeard(({ topic, value }) => {
      if (value !== null) this.#heard(topic, value);
    });
  }

  /** In the order of the calls. */
  send(event: WireEvent): Promise<void> {
    this.#sending = this.#sending.then(() => this.#log.send(event));
    return this.#sending;
  }

  /** The first decision on a request. */
  async decision(subjectId: string): Promise<ToldDecision> {
    const otherwise = `the engine has not decided ${subjectId}`;
    // Both topics are heard by then: the processor has acted on what is told.
    await this.#acted.of(subjectId, otherwise);
    return this.#decisions.of(`${subjectId} 1`, otherwise);
  }

  /** Resolves once the processor has obeyed this order for the subject. */
  async obeyed(subjectId: string, order: HoldOrder['order']): Promise<void> {
    await this.#orders.of(`${subjectId} ${order}`, `no order ${order} came for ${subjectId}`);
  }

  /** Of the payer, oldest first. */
  openHolds(): readonly OpenHold[] {
    return [...this.#holds.values()];
  }

  balances(accountId: string): Balances {
    return this.ledger.balances(accountId);
  }

  #heard(topic: string, value: string): void {
    if (topic === OUTPUT_TOPICS.decisions) {
      const decision = JSON.parse(value) as Decision;
      this.processor.decided(decision);
      this.#acted.tell(decision.subject.id, decision);
    } else if (topic === OUTPUT_TOPICS.assessments) {
      const decision = JSON.parse(value) as ToldDecision;
      this.#decisions.tell(`${decision.subject.id} ${decision.sequence}`, decision);
    } else if (topic === OUTPUT_TOPICS.holds) {
      const order = JSON.parse(value) as HoldOrder;
      this.processor.ordered(order);
      const subjectId = order.subject.id;
      if (order.order === 'hold') this.#holds.set(subjectId, { holdId: order.holdId, subjectId });
      else this.#holds.delete(subjectId);
      this.#orders.tell(`${subjectId} ${order.order}`, order);
    }
  }
}

/** What was told under a key, now or later. */
class Awaited<Value> {
  readonly #known = new Map<string, Value>();
  readonly #waiting = new Map<string, (value: Value) => void>();

  tell(key: string, value: Value): void {
    if (this.#known.has(key)) return;
    this.#known.set(key, value);
    this.#waiting.get(key)?.(value);
  }

  async of(key: string, otherwise: string): Promise<Value> {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const { promise, resolve, reject } = Promise.withResolvers<Value>();
    this.#waiting.set(key, resolve);
    const late = setTimeout(() => {
      const seconds = HEARD_MS_MAX / 1_000;
      reject(
        new CommandFailed(`${otherwise} within ${seconds} s: see .lengjing/logs/risk-engine.log`),
      );
    }, HEARD_MS_MAX);
    try {
      return await promise;
    } finally {
      clearTimeout(late);
    }
  }
}
