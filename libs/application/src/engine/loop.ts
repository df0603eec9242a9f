/** What one of the engine's coroutines remembers between its steps. */
import type { Instant } from '#domain';
import { Signal } from './waiting.ts';

export class Loop {
  readonly index: number;
  readonly wake = new Signal();
  /** At whose lane the last batch began. */
  turn = 0;
  /** When it was last said how far answers are read, and whether that is under way. */
  toldReadAt = 0;
  tellingRead = false;
  /** When it is looked for payees that turned. */
  followAt: Instant = 0;

  constructor(index: number) {
    this.index = index;
  }
}
