/**
 * Publishes the journal of the chains that this instance owns, in order, from one stored cursor per chain (DESIGN, one publisher per
 * chain). At least once: after a take-over some messages come twice, with the same ids.
 */
import type { Instant, SealedEntry } from '#domain';
import { PartitionsFenced, TransientFault } from '../ports/faults.ts';
import type { Clock } from '../ports/clock.ts';
import type { JournalStore } from '../ports/journal-store.ts';
import type { OutboundMessage, OutputLog } from '../ports/output-log.ts';
import type { EngineObserver } from './engine-events.ts';
import { Signal, backOffMs, pause } from './waiting.ts';

export interface PublisherDeps {
  readonly journal: Pick<JournalStore, 'cursors' | 'readAfter' | 'markPublished'>;
  readonly output: OutputLog;
  /** The messages of an entry; none where it says nothing to others. */
  readonly encode: (entry: SealedEntry) => readonly OutboundMessage[];
  readonly clock: Clock;
  readonly observer: Pick<EngineObserver, 'publishFailed' | 'decisionsPublished'>;
  readonly onFatal: (error: Error) => void;
}

export interface PublisherOptions {
  /** Entries per send at most. */
  readonly sendMax: number;
  /** How often the journal is looked at for what worker and console wrote. */
  readonly pollMs: number;
  /** How often the stored cursor follows. */
  readonly markMs: number;
  /** Entries kept in memory per chain; what is beyond is read from the journal again. */
  readonly bufferMax: number;
}

export const PUBLISHER_DEFAULTS: PublisherOptions = {
  sendMax: 500,
  pollMs: 100,
  markMs: 250,
  bufferMax: 5_000,
};

class ChainState {
  readonly chain: number;
  readonly epoch: number;
  /** Sequence of the last entry acknowledged by the broker. */
  sent: number;
  marked: number;
  /** The journal is known to reach at least so far. */
  head: number;
  buffer: SealedEntry[] = [];
  /** Requests whose decisions stand at or before a sequence, waiting to be acknowledged. */
  waiting: { readonly sequence: number; readonly appendedAt: readonly Instant[] }[] = [];

  constructor(chain: number, epoch: number, published: number, head: number) {
    this.chain = chain;
    this.epoch = epoch;
    this.sent = published;
    this.marked = published;
    this.head = head;
  }
}

export class Publisher {
  readonly #deps: PublisherDeps;
  readonly #options: PublisherOptions;
  readonly #chains = new Map<number, ChainState>();
  readonly #wake = new Signal();
  #stopping = false;
  #abandoned = false;
  #running: Promise<void> | undefined;
  #polledAt = 0;
  #markedAt = 0;

  constructor(deps: PublisherDeps, options: PublisherOptions = PUBLISHER_DEFAULTS) {
    this.#deps = deps;
    this.#options = options;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Publishes what is committed, for at most `drainMs`, and stores the cursors. */
  async stop(drainMs: number): Promise<void> {
    this.#stopping = true;
    this.#wake.set();
    const late = setTimeout(() => {
      this.#abandoned = true;
    }, drainMs);
    await this.#running;
    clearTimeout(late);
  }

  /** These chains are ours under these epochs: goes on behind the stored cursors. Throws `TransientFault`. */
  async own(chains: readonly { readonly chain: number; readonly epoch: number }[]): Promise<void> {
    if (chains.length === 0) return;
    const cursors = await this.#deps.journal.cursors(chains.map(({ chain }) => chain));
    chains.forEach(({ chain, epoch }, index) => {
      const { published = 0, head = 0 } = cursors[index] ?? {};
      this.#chains.set(chain, new ChainState(chain, epoch, published, head));
    });
    this.#wake.set();
  }

  drop(chain: number): void {
    this.#chains.delete(chain);
  }

  /**
   * Entries just committed, in order; passed over where they cannot be kept, since the journal has them. `appendedAt`: when the
   * requests they decide were appended to the log, for the decision latency.
   */
  offer(chain: number, entries: readonly SealedEntry[], appendedAt: readonly Instant[] = []): void {
    const state = this.#chains.get(chain);
    const last = entries.at(-1);
    if (state === undefined || last === undefined) return;
    state.head = Math.max(state.head, last.sequence);
    if (state.buffer.length + entries.length <= this.#options.bufferMax) {
      state.buffer.push(...entries);
      if (appendedAt.length > 0) state.waiting.push({ sequence: last.sequence, appendedAt });
    }
    this.#wake.set();
  }

  /** Committed entries not yet acknowledged by the broker, as far as known. */
  get backlog(): number {
    let entries = 0;
    for (const state of this.#chains.values()) entries += state.head - state.sent;
    return entries;
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#abandoned;) {
      try {
        const sent = await this.#round();
        failures = 0;
        if (this.#stopping && sent === 0 && this.backlog === 0) {
          await this.#mark();
          return;
        }
        if (sent === 0) await this.#wake.wait(this.#options.pollMs);
      } catch (error) {
        if (error instanceof PartitionsFenced) {
          for (const chain of error.partitions) this.drop(chain);
        } else if (error instanceof TransientFault) {
          failures += 1;
          this.#deps.observer.publishFailed(error);
          await pause(backOffMs(failures));
        } else {
          this.#deps.onFatal(error as Error);
          return;
        }
      }
    }
  }

  async #round(): Promise<number> {
    await this.#poll();
    const messages: OutboundMessage[] = [];
    const reached: { readonly state: ChainState; readonly sequence: number }[] = [];
    let entries = 0;
    for (const state of this.#chains.values()) {
      const next = await this.#next(state, this.#options.sendMax - entries);
      const last = next.at(-1);
      if (last === undefined) continue;
      for (const entry of next) messages.push(...this.#deps.encode(entry));
      entries += next.length;
      reached.push({ state, sequence: last.sequence });
      if (entries >= this.#options.sendMax) break;
    }
    if (messages.length > 0) await this.#deps.output.send(messages);
    for (const { state, sequence } of reached) {
      state.sent = sequence;
      this.#tellLatency(state);
    }
    if (this.#deps.clock.now() - this.#markedAt >= this.#options.markMs) await this.#mark();
    return entries;
  }

  #tellLatency(state: ChainState): void {
    const now = this.#deps.clock.now();
    while (state.waiting[0] !== undefined && state.waiting[0].sequence <= state.sent) {
      const appendedAt = state.waiting.shift()?.appendedAt ?? [];
      this.#deps.observer.decisionsPublished(appendedAt.map((at) => Math.max(0, now - at)));
    }
  }

  /** Looks for entries that others wrote to our chains. */
  async #poll(): Promise<void> {
    const now = this.#deps.clock.now();
    if (now - this.#polledAt < this.#options.pollMs || this.#chains.size === 0) return;
    this.#polledAt = now;
    for (const { chain, head } of await this.#deps.journal.cursors([...this.#chains.keys()])) {
      const state = this.#chains.get(chain);
      if (state !== undefined) state.head = Math.max(state.head, head);
    }
  }

  /** The next entries of a chain without a gap: from memory where they are next, otherwise from the journal. */
  async #next(state: ChainState, limit: number): Promise<readonly SealedEntry[]> {
    const { buffer, sent } = state;
    while (buffer[0] !== undefined && buffer[0].sequence <= sent) buffer.shift();
    if (sent >= state.head) return [];
    if (buffer[0]?.sequence === sent + 1) {
      let count = 0;
      while (count < limit && buffer[count]?.sequence === sent + 1 + count) count += 1;
      return buffer.splice(0, count);
    }
    return this.#deps.journal.readAfter(state.chain, sent, limit);
  }

  async #mark(): Promise<void> {
    this.#markedAt = this.#deps.clock.now();
    const moved = [...this.#chains.values()].filter((state) => state.sent > state.marked);
    if (moved.length === 0) return;
    const marks = moved.map(({ chain, epoch, sent }) => ({ chain, epoch, sequence: sent }));
    await this.#deps.journal.markPublished(marks);
    for (const [index, state] of moved.entries()) state.marked = marks[index]?.sequence ?? 0;
  }
}
