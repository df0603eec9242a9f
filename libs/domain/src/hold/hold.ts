/** A hold is a payment waiting: its states, its exactly one end, and who may bring it about (DESIGN, Hold life). */
import type { Instant } from '../kernel/instant.ts';
import type { Tier } from '../assessment/assessment.ts';
import type { SubjectRef } from '../subject/subject.ts';

export type HoldActor = 'clock' | 'payer' | 'analyst' | 'authority' | 'processor';

/** The states a hold can be in. The last three are ends; nothing leaves them. */
export type HoldStatus = 'placed' | 'matured' | 'released' | 'cancelled' | 'expired';

export type HoldEnd = 'released' | 'cancelled' | 'expired';

/** What the processor must do now. */
export type HoldOrder = 'hold' | 'release' | 'cancel';

export type ExpiryAction = 'reconfirm' | 'release' | 'reject';

export interface Hold {
  readonly holdId: string;
  readonly subject: SubjectRef;
  readonly payerId: string;
  readonly partition: number;
  readonly tier: Tier;
  readonly status: HoldStatus;
  readonly placedAt: Instant;
  readonly dueAt: Instant;
  readonly ceilingAt: Instant;
  readonly expiryAction: ExpiryAction;
  /** Of the last order given, 1 for the placing one. */
  readonly orderSequence: number;
  readonly ended?: { readonly at: Instant; readonly actor: HoldActor; readonly reason: string };
}
