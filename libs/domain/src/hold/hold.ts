/** A hold is a payment waiting: its states, its exactly one end, and the orders that follow (DESIGN, Hold life). */
import type { Instant } from '../kernel/instant.ts';
import type { ProfileName } from '../policy/hold-profile.ts';
import type { HeldTier } from '../policy/policy.ts';
import type { OrderState } from './hold-order.ts';

export type HoldActor = 'clock' | 'payer' | 'analyst' | 'authority' | 'processor';

/** The states a hold can be in. The last three are ends; nothing leaves them. */
export type HoldStatus = 'placed' | 'matured' | 'released' | 'cancelled' | 'expired';

export type HoldEnd = 'released' | 'cancelled' | 'expired';

/** What the processor must do now. */
export type HoldOrder = 'hold' | 'release' | 'cancel';

/** What happens to a hold at `dueAt`: wait for the payer to reconfirm, send, or refuse. */
export type ExpiryAction = 'reconfirm' | 'release' | 'reject';

/** The part of a hold that its rules read and change. */
export interface HoldState extends OrderState {
  readonly tier: HeldTier;
  /** The legal profile it was placed under, and stays under. */
  readonly profile: ProfileName;
  readonly status: HoldStatus;
  /** When it was really placed. */
  readonly placedAt: Instant;
  /** What the payer was told. Only ever later. */
  readonly dueAt: Instant;
  /** Fixed at placing; no path passes it. */
  readonly ceilingAt: Instant;
  readonly expiryAction: ExpiryAction;
  /** Of the last order given, 1 for the placing one. */
  readonly orderSequence: number;
  readonly ended?: { readonly at: Instant; readonly actor: HoldActor; readonly reason: string };
}

export function isOpen(hold: Pick<HoldState, 'status'>): boolean {
  return hold.status === 'placed' || hold.status === 'matured';
}

export const ORDER_OF_STATUS: Readonly<Record<HoldStatus, HoldOrder>> = {
  placed: 'hold',
  matured: 'hold',
  released: 'release',
  cancelled: 'cancel',
  expired: 'cancel',
};

/**
 * The ISO 20022 status for the processor (CONTRACT, State table). `subjectKind` draw has none. A processor's own cancel names no
 * reason that we know: MS03.
 */
export function iso20022Of(
  subjectKind: 'transfer' | 'draw',
  status: HoldStatus,
  actor: HoldActor,
  profile: ProfileName,
): string | undefined {
  if (subjectKind === 'draw') return undefined;
  switch (status) {
    case 'placed':
    case 'matured':
      return 'PDNG';
    case 'released':
      return 'ACSP';
    case 'expired':
      return 'RJCT/DS24';
    case 'cancelled':
      return `RJCT/${cancelReason(actor, profile)}`;
  }
}

function cancelReason(actor: HoldActor, profile: ProfileName): string {
  switch (actor) {
    case 'payer':
      return 'DS02';
    case 'processor':
      return 'MS03';
    // The clock cancels nothing; were it to, it would be for the same reason as an analyst.
    case 'clock':
    case 'analyst':
    case 'authority':
      return profile === 'neutral' ? 'RR04' : 'FRAD';
  }
}
