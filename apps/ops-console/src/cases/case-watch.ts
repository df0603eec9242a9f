/** Everybody who watches the queue live: told of holds and cases as they change, by this console and, through the journal, by others. */
import type { HoldChanged } from '#application';
import { formatInstant } from '#domain';
import type { CaseWork, LiveEvent } from '../api/queue.ts';

type Listener = (event: LiveEvent) => void;

const CHANGES = [
  'placed',
  'extended',
  'matured',
  'released',
  'cancelled',
  'expired',
  'acknowledged',
] as const;

export class CaseWatch {
  readonly #listeners = new Set<Listener>();

  /** Returns how to stop listening. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  holdChanged({ holdId, change, at }: HoldChanged): void {
    const known = CHANGES.find((one) => one === change);
    if (known === undefined) return;
    this.#tell({ event: 'hold', data: { holdId, change: known, at: formatInstant(at) } });
  }

  changed(work: CaseWork): void {
    this.#tell({ event: 'case', data: { caseId: work.caseId, work } });
  }

  tell(event: LiveEvent): void {
    this.#tell(event);
  }

  get listening(): number {
    return this.#listeners.size;
  }

  #tell(event: LiveEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
