/** How things stand: holds and outcomes over time, money protected, honest people who waited, and whether the machinery is well. */
import { Type, type Static } from 'typebox';
import { Instant, Money, Text, maybe, oneOf } from './shapes.ts';

export const OverviewBucket = Type.Object({
  at: Instant,
  placed: Type.Integer(),
  released: Type.Integer(),
  cancelled: Type.Integer(),
  expired: Type.Integer(),
});

export const FeedHealth = Type.Object({
  topic: Type.String(),
  state: oneOf(['ok', 'stopped', 'absent']),
  lastAt: maybe(Instant),
});

export const Overview = Type.Object({
  from: Instant,
  to: Instant,
  bucket: oneOf(['hour', 'day']),
  series: Type.Array(OverviewBucket),
  totals: Type.Object({
    holds: Type.Integer(),
    open: Type.Integer(),
    /** Sum of what was cancelled or expired and had not left: one entry for each currency. */
    protected: Type.Array(Money),
    confirmedScams: Type.Integer(),
    honestHolds: Type.Integer({
      description: 'labelled legitimate, or released by staff or payer',
    }),
    honestMinutesMedian: maybe(Type.Number()),
    honestMinutesP90: maybe(Type.Number()),
    firstContactMinutesMedian: maybe(Type.Number()),
    firstContactMinutesP90: maybe(Type.Number()),
    unacknowledgedOrders: Type.Integer(),
    tooLate: Type.Integer(),
  }),
  byTier: Type.Object({ T2: Type.Integer(), T3: Type.Integer(), T4: Type.Integer() }),
  reasons: Type.Array(Type.Object({ code: Type.String(), sees: Text, holds: Type.Integer() })),
  feeds: Type.Array(FeedHealth),
});
export type Overview = Static<typeof Overview>;

export const OverviewQuery = Type.Object({
  days: maybe(Type.String({ pattern: '^([1-9]|[1-8]\\d|90)$', description: '7 unless told' })),
});
