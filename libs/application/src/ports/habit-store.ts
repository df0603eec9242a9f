/** Whom payers pay with borrowed money and repay, kept for a year (SCORING M8). */
import type { Habits } from '#domain';
import type { Tx } from './unit-of-work.ts';

export interface HabitRequest {
  readonly partition: number;
  readonly payerId: string;
}

export interface HabitWrite extends HabitRequest {
  readonly habits: Habits;
}

export interface HabitStore {
  /** In the order of the requests; undefined for a payer of whom none are kept. */
  habits(tx: Tx, requests: readonly HabitRequest[]): Promise<readonly (Habits | undefined)[]>;
  /** Whole values, one per payer. */
  saveHabits(tx: Tx, writes: readonly HabitWrite[]): Promise<void>;
}
