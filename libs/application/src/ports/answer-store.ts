/** What was answered to commands that came with an idempotency key, so that a repeat is answered and not done again. */
import type { Instant } from '#domain';

export interface KeptAnswer {
  readonly fingerprint: string;
  readonly begunAt: Instant;
  /** Absent while the first one is still being worked on. */
  readonly answer?: { readonly status: number; readonly body: string };
}

export interface AnswerStore {
  /** Begins under a key; gives what is there already where somebody has begun before. Of two at once one begins. */
  begin(
    caller: string,
    key: string,
    fingerprint: string,
    at: Instant,
  ): Promise<KeptAnswer | undefined>;
  /** Takes over what was begun before `before` and never answered: its worker is gone. False where somebody else did. */
  takeOver(caller: string, key: string, before: Instant, at: Instant): Promise<boolean>;
  keep(
    caller: string,
    key: string,
    answer: { readonly status: number; readonly body: string },
  ): Promise<void>;
  /** As if nothing had been asked. */
  forget(caller: string, key: string): Promise<void>;
  /** Deletes what is older; returns how many. */
  sweep(before: Instant): Promise<number>;
}
