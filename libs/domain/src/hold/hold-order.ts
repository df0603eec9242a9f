/** An order is given until it is acknowledged: again with growing gaps, and then raised to people (DESIGN, Hold life). */
import { MINUTE_MS, SECOND_MS, type Instant } from '../kernel/instant.ts';
import type { HoldState } from './hold.ts';

/**
 * How long each attempt waits for its acknowledgement. Kafka keeps the order itself; a repeat is for a processor that read it and lost it, so the
 * first comes soon and there are few. After the last, nine minutes in all, a person has to look.
 */
export const ORDER_GAPS_MS: readonly number[] = [
  30 * SECOND_MS,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
];

/** What a hold keeps of its present order. */
export interface OrderState {
  /** How often it was given: 1 for the first time. */
  readonly attempt: number;
  /** When it is given again, or raised; absent once it is acknowledged or raised. */
  readonly resendAt?: Instant;
  /** Since when operations have to look: nobody acknowledged it, or the processor could not obey. */
  readonly raisedAt?: Instant;
}

/** The order that places a hold. */
export function firstOrder(
  now: Instant,
): Required<Pick<HoldState, 'orderSequence' | 'attempt' | 'resendAt'>> {
  return { orderSequence: 1, attempt: 1, resendAt: now + (ORDER_GAPS_MS[0] ?? 0) };
}

/** A new order takes the place of the one before, with everything that was open about that. */
export function newOrder<H extends HoldState>(hold: H, now: Instant): H {
  const { raisedAt: _raisedAt, ...rest } = hold;
  return {
    ...(rest as H),
    orderSequence: hold.orderSequence + 1,
    attempt: 1,
    resendAt: now + (ORDER_GAPS_MS[0] ?? 0),
  };
}

export type OrderStep<H> =
  /** To be given again, with the same `orderSequence`. */
  | { readonly step: 'resent'; readonly hold: H }
  | { readonly step: 'raised'; readonly hold: H }
  | { readonly step: 'none' };

/** What the clock does about an order that was not acknowledged by `resendAt`. */
export function decideResend<H extends HoldState>(hold: H, now: Instant): OrderStep<H> {
  const { resendAt } = hold;
  if (resendAt === undefined || now < resendAt) return { step: 'none' };
  const gap = ORDER_GAPS_MS[hold.attempt];
  if (gap === undefined) return { step: 'raised', hold: raised(hold, now) };
  return {
    step: 'resent',
    hold: { ...hold, attempt: hold.attempt + 1, resendAt: now + gap },
  };
}

/** No longer given again; a person looks. */
export function raised<H extends HoldState>(hold: H, now: Instant): H {
  return { ...withoutResend(hold), raisedAt: hold.raisedAt ?? now };
}

/** The processor has said what became of the present order. */
export function settledOrder<H extends HoldState>(hold: H): H {
  const { raisedAt: _raisedAt, ...rest } = withoutResend(hold);
  return rest as H;
}

function withoutResend<H extends HoldState>(hold: H): H {
  const { resendAt: _resendAt, ...rest } = hold;
  return rest as H;
}
